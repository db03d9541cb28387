/** What docs/results.md says about published rows is what has been recorded. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readReproductions } from '../../src/lib/experiments/plans/papers/all'
import { armNames, type ArmName } from '../../src/lib/experiments/plans/papers/arms'
import type { Reproduction } from '../../src/lib/experiments/plans/papers/reproduction'
import { reproductionRows } from '../../src/lib/experiments/plans/papers/table'
import { formatEstimate } from '../../src/lib/display/format'
import { toCsv } from '../../src/lib/display/tables'
import { papers } from '../../src/lib/index'
import { inProject } from '../../src/lib/system/project-root'

const page = readFileSync(inProject('docs', 'results.md'), 'utf8').replace(/\s+/g, ' ')
let all: Reproduction[]
beforeAll(async () => { all = await readReproductions() })

test('papers.csv is the table of the recorded runs', () =>
  expect(readFileSync(inProject('results', 'tables', 'papers.csv'), 'utf8')).toBe(toCsv(reproductionRows(all))))

/** The lines of the table, by arm. */
const lines: Readonly<Record<ArmName, string>> = {
  fineTuned: 'ResNet50, half width, all layers', headOnly: 'the same, head only',
  features: 'the same, linear head on frozen features', nearestNeighbor: 'one nearest neighbor on pixels',
  histogram: 'logistic regression on histograms', histogramNeighbors: 'five nearest neighbors on histograms',
}

test.each(armNames)('the accuracy of %s on each split', arm => {
  const soares = all.filter(one => one.paper === 'soares-2020' && one.start === 'fractal' && one.width === 'half')
  const cells = ['exact', 'published', 'leak-aware'].map(split => formatEstimate(soares.find(one => one.split === split)![arm]!))
  expect(page).toContain(`| ${lines[arm]} | ${cells.join(' | ')} |`)
})

describe('what the page concludes', () => {
  const at = (split: string, start = 'fractal', width = 'half') =>
    all.find(one => one.paper === 'soares-2020' && one.split === split && one.start === start && one.width === width)!
  const published = (paper: string, method: string) =>
    all.find(one => one.paper === paper && one.method === method)!.published

  test('how many published accuracies there are, and how many of them were run', async () => {
    const rows = (await papers.rows()).filter(({ figures }) => figures.accuracy !== undefined)
    const run = rows.filter(({ study }) => study.data.open === 'sars-cov-2-ct')
    expect(page).toContain(`${rows.length} published accuracies. ${run.length} of them are on the SARS-CoV-2 CT set and were run`)
    expect(all.filter(({ verdict }) => verdict === 'not run')).toHaveLength(rows.length - run.length)
  })

  test('the network’s interval holds Soares’s ResNet and xDNN on their own test images', () => {
    const { low, high } = at('exact').fineTuned!
    for (const method of ['ResNet', 'xDNN']) {
      expect(published('soares-2020', method)).toBeGreaterThan(low)
      expect(published('soares-2020', method)).toBeLessThan(high)
    }
  })

  test('full width, and the reference notebook’s own settings', () => {
    const full = at('exact', 'fractal', 'full')
    const own = all.find(one => one.paper === 'reference-notebook' && one.start === 'fractal' && one.width === 'half')!
    for (const estimate of [full.fineTuned, full.headOnly, own.headOnly, own.fineTuned])
      expect(page).toContain(formatEstimate(estimate!))
  })

  test('histograms have as many right as AlexNet on the same images', () => {
    const histograms = at('exact').histogramNeighbors!.value
    expect(histograms).toBe(published('soares-2020', 'AlexNet'))
    expect(histograms).toBeLessThan(published('soares-2020', 'ResNet'))
  })

  test('on number blocks the network is where the one paper that kept patients apart is', () => {
    const silva = all.find(one => one.paper === 'silva-2020' && one.start === 'fractal' && one.width === 'half')!
    expect(page).toContain(formatEstimate(silva.difference!, 'points'))
    expect(Math.abs(silva.difference!.value)).toBeLessThan(0.01)
  })
})
