/** Training runs beside each other: what each may change, what it costs, and what the same images make of it. */
import { evaluate } from '../inference/evaluate'
import type { Part } from '../data/split/split'
import { countParameters } from '../model/parameter-count'
import { dataTable, type Table } from '../display/tables'
import type { Trained } from '../training/config'

/** One run. */
export interface RunRow {
  run: string
  /** Numbers that training could change. */
  trains: number
  epochs: number
  /** Training and validation together. */
  secondsAnEpoch: number
  /** Mean cross-entropy over the part, in nats. */
  loss: number
  /** Over the part, with its 95 % interval (by group where groups are known). */
  accuracy: number
  low: number
  high: number
}

/**
 * Judges the models of several runs on the same part. Take the validation part as long as anything is still to be
 * chosen: the test part is looked at once.
 * @example show(runTable(await compareRuns(runs, parts.validation), 'depth', 'How much to freeze'))
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
 * Runs as a table.
 * @param name the table's, in kebab-case
 * @example show(runTable(await compareRuns(runs, parts.validation), 'depth', 'How much to freeze'))
 */
export function runTable(rows: readonly RunRow[], name: string, title: string, note?: string): Table {
  return dataTable(name, title, rows, [
    'run', { key: 'trains', title: 'numbers that train' }, 'epochs',
    { key: 'secondsAnEpoch', title: 'time an epoch', format: 'seconds' },
    { key: 'loss', title: 'loss', format: 'decimal' }, { key: 'accuracy', title: 'accuracy', format: 'percent' },
    { key: 'low', title: 'from', format: 'percent' }, { key: 'high', title: 'to', format: 'percent' },
  ], note)
}
