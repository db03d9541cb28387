/** Further questions about runs that were compared. */
import type { Probe } from '../training/linear-probe'
import { measurePredictions } from '../evaluation/evaluation'

/**
 * By how much each run lowered the loss that the run before it had reached.
 * @param rows with `run` and `loss`, in the order in which the runs continued each other
 * @param before the loss before the first run; of a coin toss it is the logarithm of the number of classes
 * @example measureGains([{ run: 'head', loss: 0.5 }, { run: 'all', loss: 0.3 }], Math.log(2))[1].gain   // 0.2
 */
export function measureGains(
  rows: readonly { run: string; loss: number }[], before: number,
): { run: string; gain: number }[] {
  return rows.map(({ run, loss }, i) => ({ run, gain: (i ? rows[i - 1].loss : before) - loss }))
}

/**
 * How many other rows have an interval that overlaps the interval of one row.
 * @param one a row of `rows`
 * @example countOverlapping([{ low: 0.7, high: 0.9 }, { low: 0.8, high: 1 }], { low: 0.95, high: 1 })   // 1
 */
export function countOverlapping(
  rows: readonly { low: number; high: number }[], one: { low: number; high: number },
): number {
  return rows.filter(row => row !== one && row.low <= one.high && row.high >= one.low).length
}

/**
 * A linear head as a row beside runs: its loss and accuracy on the validation part, with the 95 % interval.
 * @param run the name in the row
 * @example strategies.measureProbe('frozen features', strategies.fitProbe(features, ['conv3'])).accuracy
 */
export function measureProbe(run: string, probe: Probe) {
  const { loss, accuracy } = measurePredictions(probe.validation)
  return { run, loss, accuracy: accuracy.value, low: accuracy.low, high: accuracy.high }
}
