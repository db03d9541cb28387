import { beforeAll, describe, expect, it, test, vi } from 'vitest'
import { baselineNames, predictBaseline, evaluateBaselines, histogramFeatures, pixelFeatures } from '../../src/lib/baselines/baselines'
import type { Dataset } from '../../src/lib/data/dataset'
import { relabelByGroup } from '../../src/lib/data/relabel'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { mostProbable } from '../../src/lib/evaluation/metrics'
import { splitByGroup, splitRandom } from '../../src/lib/data/split/split'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
beforeAll(() => void vi.stubEnv('LAB_DATA_FOLDER', path()))

const size = { patients: 40, slicesPerPatient: 8, size: 64 }
const [, logistic, , pixels] = baselineNames

/** Mean accuracy on the test part over four splits: one split of a few patients says little. */
async function accuracy(baseline: string, dataset: Dataset, make: typeof splitRandom): Promise<number> {
  let sum = 0
  for (const seed of [1, 2, 3, 4]) {
    const split = make(dataset, { validation: 0.1, test: 0.25, seed })
    const { probabilities, labels } = await predictBaseline(baseline, split)
    const said = mostProbable(probabilities, 2)
    sum += labels.filter((label, i) => label === said[i]).length / labels.length
  }
  return sum / 4
}

describe('on the phantom, as on the real set', () => {
  it('one nearest neighbor looks excellent on a random split, but is not on new patients', async () => {
    const phantom = await openPhantom(size)
    expect(await accuracy(pixels, phantom, splitRandom)).toBeGreaterThan(0.8)
    expect(await accuracy(pixels, phantom, splitByGroup)).toBeLessThan(0.72)
  })

  it('the histogram tells a good deal about new patients', async () => {
    let sum = 0
    for (const seed of [1, 2, 3]) sum += await accuracy(logistic, await openPhantom({ ...size, seed }), splitByGroup)
    expect(sum / 3).toBeGreaterThan(0.68)
  })

  it('made-up labels, one a patient, are “diagnosed” on a random split only', async () => {
    const madeUp = relabelByGroup(await openPhantom(size), 1)
    expect(await accuracy(pixels, madeUp, splitRandom)).toBeGreaterThan(0.75)
    expect(await accuracy(pixels, madeUp, splitByGroup)).toBeLessThan(0.65)
  })
})

test('in the hard phantom no baseline does well on new patients', async () => {
  const hard = await openPhantom({ ...size, hard: true })
  for (const baseline of baselineNames) expect(await accuracy(baseline, hard, splitByGroup)).toBeLessThan(0.68)
})

test('the table has one row for each baseline, with intervals around the accuracies', async () => {
  const phantom = await openPhantom({ patients: 12, slicesPerPatient: 4, size: 32 })
  const split = splitByGroup(phantom, { validation: 0.2, test: 0.3, seed: 3 })
  const rows = await evaluateBaselines(split)
  expect(rows.map(row => row.baseline)).toEqual([...baselineNames])
  for (const { accuracy, low, high } of rows) {
    expect(low).toBeLessThanOrEqual(accuracy)
    expect(high).toBeGreaterThanOrEqual(accuracy)
  }
  expect(rows[0].accuracy).toBeCloseTo(0.5, 1)
})

test('an unknown baseline is refused with the names of all baselines', async () => {
  const split = splitRandom(await openPhantom({ patients: 4, size: 32 }), { validation: 0.2, test: 0.2, seed: 0 })
  await expect(predictBaseline('coin', split)).rejects.toThrow('majority class')
})

test('a histogram counts every pixel once, in 32 ranges', () => {
  const data = Uint8Array.from({ length: 16 }, (_, i) => (i < 4 ? 0 : i < 8 ? 7 : i < 12 ? 8 : 255))
  const { values, dimensions } = histogramFeatures({ size: 4, channels: 1, count: 1, data }, [0])
  expect(dimensions).toBe(32)
  for (const [bin, share] of [[0, 0.5], [1, 0.25], [31, 0.25]]) expect(values[bin] ** 2).toBeCloseTo(share, 6)
  expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 6)
})

test.each([[8, 1], [6, 3]] as const)('pixel features hold every value once: size %i, channels %i', (size, channels) => {
  const length = size * size * channels
  const data = Uint8Array.from({ length: 2 * length }, (_, i) => i)
  const { values } = pixelFeatures({ size, channels, count: 2, data }, [1])
  expect([...values].sort((a, b) => a - b)).toEqual([...data.subarray(length)].sort((a, b) => a - b))
})

describe('made-up labels', () => {
  const items = Array.from({ length: 30 }, (_, i) =>
    ({ name: `${i + 10}`, label: i < 15 ? 0 : 1, group: `group ${i % 6}` }))

  it('are one a group, of both classes alike, and leave the given set as it was', () => {
    const set = datasetOf(items)
    const madeUp = relabelByGroup(set, 5)
    const labelOf = new Map(madeUp.items.map(item => [item.group, item.label]))
    for (const item of madeUp.items) expect(item.label).toBe(labelOf.get(item.group))
    expect([...labelOf.values()].sort()).toEqual([0, 0, 0, 1, 1, 1])
    expect(set.items).toBe(items)
    expect(madeUp.notice).toContain('made up')
  })

  it('differ by seed and repeat with it', () => {
    const labels = (seed: number) => relabelByGroup(datasetOf(items), seed).items.map(item => item.label)
    expect(labels(1)).toEqual(labels(1))
    expect([1, 2, 3, 4, 5].some(seed => labels(seed).join() !== labels(0).join())).toBe(true)
  })

  it('need groups', () => {
    const ungrouped = datasetOf(items.map(item => ({ ...item, group: null })), { grouping: 'none' })
    expect(() => relabelByGroup(ungrouped, 1)).toThrow('groups are known')
  })
})
