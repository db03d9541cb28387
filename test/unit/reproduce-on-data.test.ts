/** A paper's protocol on other data than the paper's: which runs, what the table says, and what is refused. */
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProtocolResult } from '../../src/lib/experiments/plans/papers/on-data'
import { comparePredictions, openDataset, papers, relabelByGroup, type Dataset } from '../../src/lib/index'

const runs = mkdtempSync(join(tmpdir(), 'reproduce-'))

beforeAll(() => {
  vi.stubEnv('LAB_PROFILE', 'tiny')
  vi.stubEnv('LAB_RUNS_FOLDER', runs)
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a paper’s protocol on a phantom', () => {
  let phantom: Dataset, result: ProtocolResult
  beforeAll(async () => {
    phantom = await openDataset('phantom', { phantom: { patients: 12, slicesPerPatient: 2, size: 64 } })
    result = await papers.reproduce(phantom, 'loey-2020')
  }, 120_000)

  test('has the published kind of split and an honest one, each network beside classifiers without one', () => {
    expect(result.reproductions.map(({ split, fineTuned, headOnly, features, nearestNeighbor, histogram }) =>
      [split, ...[fineTuned, headOnly, features, nearestNeighbor, histogram].map(one => one !== null)]))
      .toEqual([['published', true, true, true, true, true], ['leak-aware', true, true, true, true, true]])
  })

  test('says that the data are others, and gives no verdict', () => {
    for (const one of result.reproductions) {
      expect(one).toMatchObject({ verdict: 'approximation', published: 0.8291 })
      expect(one.reasons).toContain('another data set')
    }
  })

  test('gives predictions of both networks for the same images', () => {
    for (const split of ['published', 'leak-aware']) {
      const [tuned, head] = ['fineTuned', 'headOnly'].map(arm =>
        result.runs.find(run => run.split === split && run.arm === arm)!.evaluation)
      const { both, onlyFirst, onlySecond, neither } = comparePredictions(head.predictions, tuned.predictions)
      expect(both + onlyFirst + onlySecond + neither).toBe(tuned.predictions.labels.length)
      expect(tuned.accuracy.value).toBeCloseTo((both + onlySecond) / tuned.predictions.labels.length, 6)
    }
  })

  test('never takes made-up labels, or chosen images, for the whole set', async () => {
    const options = { splits: ['published'], weights: 'none', width: 'quarter', epochs: 1 } as const
    const before = readdirSync(runs).length
    const relabelled = relabelByGroup(phantom, 1)
    const made = await papers.reproduce(relabelled, 'loey-2020', options)
    expect(readdirSync(runs)).toHaveLength(before + 6)
    const labels = new Map(relabelled.items.map(({ name, label }) => [name, label]))
    for (const { evaluation: { predictions } } of made.runs)
      expect([...predictions.labels]).toEqual(predictions.names.map(name => labels.get(name)))
  })

  test('computes nothing twice', async () => {
    const written = () => readdirSync(runs).map(name => statSync(join(runs, name, 'metrics.json')).mtimeMs)
    const before = written(), again = await papers.reproduce(phantom, 'loey-2020')
    expect(again.reproductions).toEqual(result.reproductions)
    expect(before.length).toBeGreaterThanOrEqual(12)
    expect(written()).toEqual(before)
  })

  test.each([
    ['a paper that nobody wrote', 'loey-2021', {}, /loey-2020/],
    ['an unknown split', 'loey-2020', { splits: ['honest'] as never }, /splits/],
    ['the paper’s own images', 'soares-2020', { splits: ['exact'] as const }, /a split that Phantom/],
    ['a paper without an accuracy', 'teodoro-2021', {}, /a paper that prints an accuracy/],
    ['no seeds', 'loey-2020', { seeds: 0 }, /seeds/],
    ['a misspelt option', 'loey-2020', { seed: 1 } as never, /seeds/],
  ])('refuses %s', async (_, id, options, message) =>
    expect(papers.reproduce(phantom, id, options)).rejects.toThrow(message))
})
