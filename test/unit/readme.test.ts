/** The README's figures are those that commands have left. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readReferenceRows } from '../../src/lib/experiments/plans/reference-notebook/recorded'
import { inProject } from '../../src/lib/system/project-root'

const readme = readFileSync(inProject('README.md'), 'utf8')

describe('the README', async () => {
  const rows = await readReferenceRows()
  const quoted = readme.split('\n').filter(line => /^\| .* \| (full|half) \|/.test(line))

  test('quotes every recorded row of the reference protocol, and no other', () => {
    const number = (value: number | null) => (value === null ? '–' : value.toFixed(4).replace(/^0/, ''))
    expect(quoted).toEqual(rows.map(({ start, width, accuracy, loss, auc, minutes }) =>
      `| ${start} | ${width} | ${number(accuracy)} | ${number(loss)} | ${number(auc)} | ${Math.round(minutes)} |`))
  })

  test('quotes the nearest neighbour of the same split', () => {
    const neighbours = new Set(rows.map(row => row.nearestNeighbour).filter(value => value !== null))
    expect([...neighbours].map(value => value!.toFixed(4).slice(1)).every(figure => readme.includes(figure))).toBe(true)
    expect(neighbours.size).toBe(1)
  })

  test.each([...readme.matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name))('npm run %s exists', name => {
    const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts)).toContain(name)
  })
})
