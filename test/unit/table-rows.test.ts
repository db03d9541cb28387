/** Rows of results on their way to tables, bars and curves. */
import { expect, test } from 'vitest'
import { findGreatest, findLeast, sumColumn } from '../../src/lib/display/column-summary'
import { toBars } from '../../src/lib/display/figures/bars-from-rows'
import * as tables from '../../src/lib/display/result-tables'
import type { EpochRecord, Trained } from '../../src/lib/training/config'
import { collectEpochTimes, collectHistories, joinHistories, listLastEpochs, traceLoss } from '../../src/lib/training/histories'
import { traceSchedule } from '../../src/lib/training/schedule-curve'
import { listLateLosses } from '../../src/lib/training/watched-run'
import { smallModel } from '../fixtures/small-model'

const rows = [{ run: 'a', loss: 0.5 }, { run: 'b', loss: 0.2 }, { run: 'c', loss: 0.5 }]

function made(losses: readonly number[]): Trained {
  const history = losses.map((loss, i): EpochRecord => ({
    epoch: i + 1, loss, accuracy: 0.5, validationLoss: 1, validationAccuracy: 0.5, rate: 0.001, seconds: 10 * (i + 1),
  }))
  const config = { epochs: losses.length, optimizer: { name: 'sgd', rate: 0.1 } } as const
  return { model: smallModel(), history, best: null, stopped: 'finished', seconds: 1, config }
}

const runs = { short: made([3]), long: made([3, 1]), none: made([]) }

test('greatest, least and sum of a column; of equal rows the first', () => {
  expect([findGreatest(rows, 'loss').run, findLeast(rows, 'loss').run]).toEqual(['a', 'b'])
  expect(sumColumn(rows, 'loss')).toBeCloseTo(1.2, 12)
  expect(() => findLeast([] as { loss: number }[], 'loss')).toThrow(/loss/)
})

test('bars take the name, the value and the interval of each row', () => {
  expect(toBars([{ baseline: 'majority', accuracy: 0.5, low: 0.4, high: 0.6 }]))
    .toEqual([{ label: 'majority', value: 0.5, low: 0.4, high: 0.6 }])
  expect(toBars([{ baseline: 'b', split: 'random', mean: 0.7, worst: 0.6, best: 0.8 }]))
    .toEqual([{ label: 'b', group: 'random', value: 0.7, low: 0.6, high: 0.8 }])
  expect(toBars([{ run: 'a', accuracy: 0.9, seconds: 12 }], 'seconds')).toEqual([{ label: 'a', value: 12 }])
})

test('bars of two lists stand beside each other, one color a list', () => {
  const bars = toBars({ x: [{ run: 'a', accuracy: 1 }, { run: 'b', accuracy: 0 }], y: [{ run: 'a', accuracy: 0.5 }] })
  expect(bars.map(({ label, group }) => `${label} ${group}`)).toEqual(['a x', 'a y', 'b x'])
})

test('histories by name, one after the other, and their last epochs', () => {
  expect(collectHistories(runs).long.map(({ loss }) => loss)).toEqual([3, 1])
  const joined = joinHistories([runs.long, runs.short])
  expect(joined.map(({ epoch, loss }) => [epoch, loss])).toEqual([[1, 3], [2, 1], [3, 3]])
  expect(listLastEpochs(runs).map(({ run, loss }) => [run, loss])).toEqual([['short', 3], ['long', 1]])
})

test('losses above the limit are drawn at the limit; each epoch has a bar of its seconds', () => {
  expect(traceLoss(runs, 2)[1]).toEqual({ label: 'long', points: [{ x: 1, y: 2 }, { x: 2, y: 1 }] })
  expect(collectEpochTimes(runs)[2]).toEqual({ label: 'epoch 2', group: 'long', value: 20 })
})

test('a schedule as a curve: constant stays, cosine ends near zero', () => {
  expect(traceSchedule({ name: 'constant' }, 0.01, { steps: 3 }).points.map(({ y }) => y)).toEqual([0.01, 0.01, 0.01])
  const { label, points } = traceSchedule({ name: 'one-cycle' }, 0.01, { label: 'one' })
  expect([label, points.length, points[99].y < 0.001]).toEqual(['one', 100, true])
})

test('late losses are means over the last sixth; a run that broke down has none', () => {
  const gradients = { first: [], last: [] }
  const losses = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 3]
  expect(listLateLosses({ a: { losses, gradients, brokeAt: null }, b: { losses, gradients, brokeAt: 12 } }))
    .toEqual([{ network: 'a', loss: 2 }, { network: 'b', loss: NaN }])
})

test('tables of results: a column for the loss only where a row has one; the part only where decisions name it', () => {
  const keys = ({ columns }: { columns: { key: string }[] }) => columns.map(({ key }) => key)
  const row = { run: 'a', accuracy: 0.9, low: 0.8, high: 1 }
  expect(keys(tables.results('x', 'X', [row]))).not.toContain('loss')
  expect(keys(tables.results('x', 'X', [row, { ...row, loss: 0.3 }]))).toContain('loss')
  expect(keys(tables.losses('x', 'X', [{ network: 'a', loss: 1, cost: 2 } as never]))).toEqual(['network', 'cost', 'loss'])
  const [even] = tables.prevalences({ sensitivity: 0.9, specificity: 0.9 }, [0.5]).rows
  expect(even.positivePredictiveValue).toBeCloseTo(0.9)
  expect(tables.depthProbes({ a: [] }).rows[0]).toEqual({ network: 'a', signal: NaN, gradient: NaN })
})
