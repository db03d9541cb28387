/** Baselines on many splits: folds, seeds, relabelled data sets. */
import { sum } from 'd3-array'
import { predictBaseline } from './baselines'
import { mean } from '../evaluation/metrics'
import { accuracyOf } from '../evaluation/predictions'
import type { Split } from '../data/split/split'

/** One baseline on all splits of one kind: accuracies on the test parts. */
export interface RepeatedRow {
  baseline: string
  /** Which kind of split. */
  split: string
  mean: number
  worst: number
  best: number
  /** One for each split, in order. */
  accuracies: number[]
}

/**
 * Baselines on several splits of several kinds.
 * @param names some of `baselineNames`
 * @param kinds the splits of each kind, by the kind's name
 * @param onProgress called after each split
 * @throws LabError 'bad-argument' for an unknown baseline
 * @example await repeatBaselines(baselineNames, { random: foldRandom(ct, folds), group: foldByGroup(ct, folds) })
 */
export async function repeatBaselines(
  names: readonly string[], kinds: Readonly<Record<string, readonly Split[]>>,
  onProgress?: (done: number, count: number) => void,
): Promise<RepeatedRow[]> {
  const runs = names.flatMap(baseline => Object.entries(kinds).map(([split, splits]) => ({ baseline, split, splits })))
  const count = sum(runs, ({ splits }) => splits.length)
  const rows: RepeatedRow[] = []
  let done = 0
  for (const { baseline, split, splits } of runs) {
    const accuracies: number[] = []
    for (const one of splits) {
      accuracies.push(accuracyOf(await predictBaseline(baseline, one)))
      onProgress?.(++done, count)
      // The search blocks the event loop; progress is drawn in this pause.
      await new Promise(resolve => setImmediate(resolve))
    }
    const [worst, best] = [Math.min(...accuracies), Math.max(...accuracies)]
    rows.push({ baseline, split, mean: mean(accuracies), worst, best, accuracies })
  }
  return rows
}
