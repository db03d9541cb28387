import { describe, expect, test } from 'vitest'
import { measurePredictions } from '../../src/lib/evaluation/evaluation'
import { ladderFigure } from '../../src/lib/experiments/plans/four-strategies/ladder'
import { runName, type StrategyResult, type StrategyRun } from '../../src/lib/experiments/plans/four-strategies/strategy-run'
import { comparePaired, comparePrimary, summarizeRuns } from '../../src/lib/experiments/plans/four-strategies/summary'
import { summaryTable } from '../../src/lib/experiments/plans/four-strategies/table'
import { madePredictions } from '../fixtures/figures'

const head: StrategyRun = {
  strategy: 'fine-tuning', weights: 'fractal', width: 'half', depth: 'head', split: 'blocks', fold: 1, seed: 1,
}

/** A run that got so many of each group's ten images right; classes in turn. */
function made(run: StrategyRun, correct: readonly number[]): StrategyResult {
  const groups = correct.map((right, i) =>
    ({ run: runName(run), group: `fold ${run.fold} group ${i}`, label: i % 2, images: 10, correct: right }))
  const accuracy = correct.reduce((sum, right) => sum + right, 0) / (10 * correct.length)
  return { row: { ...run, accuracy, loss: 0.4, auc: 0.9, seconds: 60, trainedParameters: 10 }, groups }
}

test('the table has a line for each kind, by strategy and depth, its splits side by side', () => {
  const random = { split: 'random', fold: null } as const
  const scratch = { ...head, strategy: 'scratch', weights: 'none', depth: 'all' } as const
  const { rows } = summaryTable(summarizeRuns([
    made({ ...head, depth: 'all' }, [9, 9]), made(head, [5, 5]), made({ ...head, fold: 2 }, [7, 7]),
    made({ ...head, ...random }, [10, 10]), made({ ...scratch, ...random }, [8, 8]),
  ]))
  expect(rows.map(({ strategy, depth, runs, blocks, random: other }) =>
    [strategy, depth, runs, blocks, other])).toEqual([
    ['scratch', 'all', '0 + 1', '–', expect.stringMatching(/^80\.0 %/)],
    ['fine-tuning', 'head', '2 + 1', expect.stringMatching(/^60\.0 % \(.*\)$/), expect.stringMatching(/^100\.0 %/)],
    ['fine-tuning', 'all', '1 + 0', expect.stringMatching(/^90\.0 %/), '–'],
  ])
  expect(rows[0]).toMatchObject({ blocksLoss: null, randomLoss: 0.4, seconds: 60, trainedParameters: 10 })
})

test('one run’s interval is the one that its evaluation gives', () => {
  const predictions = madePredictions(['COVID', 'non-COVID'], 1.4)
  const { accuracy } = measurePredictions(predictions)
  const groups = [...new Set(predictions.groups)].map(group => {
    const own = predictions.groups.flatMap((name, i) => (name === group ? [i] : []))
    const label = predictions.labels[own[0]]
    const correct = own.filter(i => predictions.probabilities[2 * i + label] > 0.5).length
    return { run: runName(head), group: group!, label, images: own.length, correct }
  })
  const row = { ...head, accuracy: accuracy.value, loss: 0.4, auc: 0.9, seconds: 60, trainedParameters: 10 }
  const [{ low, high }] = summarizeRuns([{ row, groups }])
  expect([low, high]).toEqual([expect.closeTo(accuracy.low, 12), expect.closeTo(accuracy.high, 12)])
})

test('runs of one kind become one line: means, and an interval around the mean accuracy', () => {
  const runs = [made(head, [5, 7, 9, 8]), made({ ...head, fold: 2 }, [10, 6, 8, 9])]
  const [line, ...others] = summarizeRuns([...runs, made({ ...head, split: 'random', fold: null }, [10, 10, 10, 10])])
  expect(line).toMatchObject({ depth: 'head', split: 'blocks', runs: 2, seconds: 60, accuracy: expect.closeTo(0.775, 12) })
  expect(line.low).toBeLessThan(0.775)
  expect(line.high).toBeGreaterThan(0.775)
  expect(others.map(({ split, runs: count }) => [split, count])).toEqual([['random', 1]])
})

describe('a paired comparison', () => {
  const better = (correct: readonly number[], by: number) => correct.map(right => right + by)
  const firsts = [[5, 7, 9, 8], [4, 6, 8, 9]].map((correct, i) => made({ ...head, fold: i + 1 }, correct))
  const seconds = [[5, 7, 9, 8], [4, 6, 8, 9]].map((correct, i) =>
    made({ ...head, depth: 'all', fold: i + 1 }, better(correct, 1)))

  test('finds a constant gain exactly, however much the groups differ', () => {
    const { pairs, mean } = comparePaired(firsts, seconds)
    const gained = expect.closeTo(0.1, 12) as number
    expect(pairs).toEqual([1, 2].map(fold => ({ fold, seed: 1, difference: gained })))
    expect(mean).toEqual({ value: gained, low: gained, high: gained })
  })

  test('leaves out a fold of which one run is missing', () => {
    expect(comparePaired(firsts, [seconds[1]]).pairs).toHaveLength(1)
    expect(comparePaired([], seconds)).toEqual({ pairs: [], mean: { value: NaN, low: NaN, high: NaN } })
  })

  test('the primary one is all layers minus the head, on number blocks, at one width', () => {
    const elsewhere = [
      made({ ...head, depth: 'all', width: 'full' }, [10, 10, 10, 10]), made({ ...head, width: 'full' }, [1, 1, 1, 1]),
      made({ ...head, depth: 'all', split: 'random', fold: null }, [9, 9, 9, 9]),
      made({ ...head, depth: 'conv4' }, [9, 9, 9, 9]),
    ]
    expect(comparePrimary([...elsewhere, ...firsts, ...seconds]).mean.value).toBeCloseTo(0.1, 12)
    expect(comparePrimary([...elsewhere, ...firsts, ...seconds], 'full').mean.value).toBeCloseTo(0.9, 12)
  })
})

test('the ladder names every rung, and what it is compared with', () => {
  const scratch: StrategyRun = { ...head, strategy: 'scratch', weights: 'none', depth: 'all' }
  const { alt } = ladderFigure(summarizeRuns([
    made(head, [5, 7, 9, 8]), made({ ...head, depth: 'all' }, [9, 9, 9, 9]), made(scratch, [6, 6, 6, 6]),
    made({ ...head, width: 'full' }, [1, 1, 1, 1]),
  ]), 'half')
  for (const words of ['blocks, head: 72.5 %', 'blocks, all: 90.0 %', 'blocks, from scratch: 60.0 %']) expect(alt).toContain(words)
  expect(alt).not.toContain('10.0 %')
})
