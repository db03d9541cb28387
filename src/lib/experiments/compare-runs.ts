/** Training runs beside each other: what each may change, what it costs, and what the same images make of it. */
import { evaluate } from '../inference/evaluate'
import type { Part } from '../data/split/split'
import { countParameters } from '../model/parameter-count'
import type { RunRow } from '../display/result-tables'
import type { Trained } from '../training/config'

/**
 * Judges the models of several runs on the same part. Take the validation part as long as anything is still to be
 * chosen: the test part is looked at once.
 * @example (await compareRuns(runs, parts.validation))[0].accuracy
 */
export async function compareRuns(runs: Readonly<Record<string, Trained>>, part: Part): Promise<RunRow[]> {
  const rows: RunRow[] = []
  for (const [run, { model, history, seconds }] of Object.entries(runs)) {
    const { loss, accuracy } = await evaluate(model, part)
    rows.push({
      run, trains: countParameters(model).trainable, epochs: history.length,
      secondsAnEpoch: history.length ? seconds / history.length : NaN,
      loss, accuracy: accuracy.value, low: accuracy.low, high: accuracy.high,
    })
  }
  return rows
}

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
