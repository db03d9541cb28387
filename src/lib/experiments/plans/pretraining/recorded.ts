/** What was measured of pre-training: results/tables/pretraining.csv, one row a fine-tuned run. */
import { writeFileAtomic } from '../../../system/files'
import { mergedByName, readRows, resultsFile } from '../../results-file'
import { dataTable, toCsv, type Column, type Table } from '../../../display/tables'

/** How the images are dealt out: one by one, or in blocks of consecutive numbers (or other groups). */
export const transferSplits = ['random', 'blocks'] as const
export type TransferSplit = (typeof transferSplits)[number]

export interface TransferRow {
  /** 'none': from scratch; else how hard the fractals were to see, 'plain' or 'scene'. */
  task: string
  classes: number | null
  /** Images a class. */
  images: number | null
  /** Steps of pre-training. */
  steps: number | null
  /** How many a number of a kernel was stored in before it was fine-tuned. */
  bits: number | null
  width: string
  /** Of pre-training: wall clock of two threads on a machine that other work shared. */
  minutes: number | null
  /** On fractals kept apart, at the end of pre-training. */
  heldOutAccuracy: number | null
  /** 'random' or 'blocks': see `transferSplit`. */
  split: string
  /** After fine-tuning, last epoch. */
  validationAccuracy: number
  /** Cross-entropy in nats, not smoothed. */
  validationLoss: number
  /** Of the fine-tuning. */
  seed: number
}

const columns: readonly (Column & { key: keyof TransferRow })[] = [
  { key: 'task', title: 'pre-training' },
  { key: 'classes', title: 'classes' },
  { key: 'images', title: 'images a class' },
  { key: 'steps', title: 'steps' },
  { key: 'bits', title: 'bits' },
  { key: 'width', title: 'width' },
  { key: 'minutes', title: 'minutes', format: 'decimal' },
  { key: 'heldOutAccuracy', title: 'accuracy on held-out fractals', format: 'percent' },
  { key: 'split', title: 'split' },
  { key: 'validationAccuracy', title: 'validation accuracy', format: 'percent' },
  { key: 'validationLoss', title: 'validation loss', format: 'decimal' },
  { key: 'seed', title: 'seed' },
]

/** What sets a run apart from others: all that was chosen, nothing that was measured. */
const chosen = ['task', 'classes', 'images', 'steps', 'bits', 'width', 'split', 'seed'] as const
export type TransferCase = Pick<TransferRow, (typeof chosen)[number]>

/** Where the rows lie. */
export function transferFile(): string {
  return resultsFile('pretraining')
}

/** The recorded rows; none where nothing has been recorded. */
export function readTransferRows(path: string = transferFile()): Promise<TransferRow[]> {
  return readRows<TransferRow>(path, ['task', 'width', 'split'])
}

/** The recorded row of a run, if there is one. */
export function findTransferRow(rows: readonly TransferRow[], run: TransferCase): TransferRow | undefined {
  return rows.find(row => caseName(row) === caseName(run))
}

/** Adds a row; one of the same run is replaced. */
export async function recordTransferRow(row: TransferRow, path: string = transferFile()): Promise<void> {
  const rows = mergedByName([...await readTransferRows(path), row], caseName)
  await writeFileAtomic(path, toCsv(transferTable(rows)))
}

/** Rows as a table. */
export function transferTable(rows: readonly TransferRow[]): Table {
  return dataTable('pretraining', 'What pre-training on fractals is worth', rows, columns,
    'Ten epochs of fine-tuning; judged on the validation part within the first fold’s training part.')
}

/** What tells the run apart from all others. */
export function caseName(run: TransferCase): string {
  return chosen.map(key => run[key]).join(' ')
}
