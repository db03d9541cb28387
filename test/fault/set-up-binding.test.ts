/** The binding is compiled separately from TensorFlow's libraries. A shell script plays the compiler. */
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bindingSource, buildBinding, leftOut } from '../../scripts/set-up/binding.mjs'
import { compiledBinding } from '../../scripts/set-up/engine.mjs'
import { libraries } from '../../scripts/set-up/libraries.mjs'
import { isDone, perform } from '../../scripts/set-up/step.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const inFolder = temporaryFolder()
const source = inProject('node_modules', '@tensorflow', 'tfjs-node-gpu', 'binding')
const calls = inFolder('calls.txt')
let trial = 0
let folder: string

beforeEach(() => {
  folder = inFolder(String(++trial))
  mkdirSync(folder)
})
afterEach(() => vi.unstubAllEnvs())

/** Puts a compiler first on the path. It writes its output file, unless one of its arguments contains `refused`. */
function compiler(refused = 'none'): void {
  mkdirSync(inFolder('programs'), { recursive: true })
  writeFileSync(inFolder('programs', 'c++'), `#!/bin/sh
echo "$@" >> ${calls}
case "$*" in *${refused}*) echo '${refused}: fatal error: no such vector' >&2; exit 1; esac
while [ "$1" != -o ]; do shift; done
echo binding > "$2"
`)
  chmodSync(inFolder('programs', 'c++'), 0o755)
  writeFileSync(calls, '')
  vi.stubEnv('PATH', `${inFolder('programs')}:${process.env.PATH}`)
}

const build = (from = source) => buildBinding({ source: from, engine: inFolder('engine'), folder, scratch: `${folder}/scratch` })
const called = () => readFileSync(calls, 'utf8').trim().split('\n')

test('with the patch and the project’s operations, nothing is left out', async () => {
  compiler()
  await build()
  expect(called().at(-1)).toContain('-DLAB_OPERATIONS')
  expect(existsSync(leftOut(folder))).toBe(false)
})

test('project operations that do not compile are left out, and the compiler’s message is kept', async () => {
  compiler('pointwise-convolution.cc')
  await build()
  expect(existsSync(`${folder}/tfjs_binding.node`)).toBe(true)
  expect(called().at(-1)).not.toContain('-DLAB_OPERATIONS')
  expect(readFileSync(leftOut(folder), 'utf8')).toMatch(/^“pointwise-convolution\.cc: fatal error: no such vector” .*pointwise-convolution\.log\)$/)
})

test('a patch that does not fit is left out together with the project’s operations', async () => {
  compiler()
  cpSync(source, inFolder('changed'), { recursive: true })
  writeFileSync(inFolder('changed', 'tfjs_backend.cc'), '// Another version.\n')
  await build(inFolder('changed'))
  expect(called()).toHaveLength(1)
  expect(readFileSync(leftOut(folder), 'utf8')).toBe('binding.patch does not fit tfjs_backend.cc')
})

test('it is made from its sources, the patch, the project’s operations and the compiler’s arguments', () => {
  const texts = bindingSource(source)
  for (const path of ['native/binding.patch', 'native/operations/thread-pool.h', 'scripts/set-up/binding.mjs'])
    expect(texts).toContain(readFileSync(inProject(path), 'utf8'))
  expect(texts).toContain(readFileSync(`${source}/tfjs_backend.cc`, 'utf8'))
})

test('TensorFlow’s libraries depend on none of these', () => {
  const texts = new Set(libraries('cpu').inputs())
  expect(bindingSource(source).filter(text => texts.has(text))).toEqual([])
})

test('a changed source is compiled again without a network', async () => {
  compiler()
  vi.stubEnv('PIP_INDEX_URL', 'http://127.0.0.1:9/simple')
  const step = compiledBinding('cpu', `${folder}/binding`)
  await perform(step)
  expect(isDone(step)).toBe(true)
  expect(readFileSync(`${folder}/binding/tfjs_binding.node`, 'utf8')).toBe('binding\n')
  expect(existsSync(`${folder}/binding/scratch`)).toBe(false)
  const changed = { ...step, inputs: () => [...step.inputs(), 'a comment'] }
  expect(isDone(changed)).toBe(false)
  appendFileSync(`${folder}/binding/tfjs_binding.node`, 'of before')
  await perform(changed)
  expect(readFileSync(`${folder}/binding/tfjs_binding.node`, 'utf8')).toBe('binding\n')
})
