/** notebooks/answers.md answers every exercise, and the checkers take each answer. */
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { beforeAll, expect, it, test } from 'vitest'
import { augmentations } from '../../src/lib/images/augment'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { listLayers } from '../../src/lib/model/layer-list'
import { verdict } from '../../src/lib/notebook/check'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { inProject } from '../../src/lib/system/project-root'
import { resnet50 } from '../../src/lib/weights/resnet50'

const page = readFileSync(inProject('notebooks', 'answers.md'), 'utf8')
const sections = page.split(/^### /m).slice(1).map(section => ({
  name: section.split('\n')[0],
  reason: section.split('\n').slice(1).join('\n').split('```')[0].trim(),
  code: /```ts\n([^]*?)```/.exec(section)?.[1] ?? '',
}))

/** Whatever an answer's code gives: an expression in TypeScript. */
function evaluated(code: string, scope: Record<string, unknown>): unknown {
  const script = ts.transpile(`result = ${code}`, { target: ts.ScriptTarget.ES2022 })
  return new Function(...Object.keys(scope), `let result; ${script}; return result`)(...Object.values(scope)) as unknown
}

let start: Model
beforeAll(async () => {
  start = await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'half', size: 64 })
})

it.each(sections)('$name', ({ name, reason, code }) => {
  const answer = evaluated(code, { anatomy: { listLayers }, augmentations, freeze, start })
  expect(verdict(allExercises, name, answer)).toEqual({ state: 'right', message: 'Right.' })
  expect(reason).toMatch(/\.$/)
})

test('every exercise has an answer, in the order of the notebooks', () => {
  const notebooks = readdirSync(inProject('notebooks')).filter(name => name.endsWith('.ipynb')).sort()
  const asked = notebooks.flatMap(name => {
    const { cells } = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8')) as { cells: { source: string[] }[] }
    const text = cells.map(cell => cell.source.join('')).join('\n')
    return [...text.matchAll(/\bcheckAnswer\('([^']+)'/g)].map(([, exercise]) => exercise)
  })
  expect(sections.map(({ name }) => name)).toEqual(asked)
})
