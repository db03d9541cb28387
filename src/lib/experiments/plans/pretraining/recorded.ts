/** The recorded rows of the comparison of pre-training: results/tables/pretraining.csv, one row a fine-tuned run. */
import { z } from 'zod'
import { writeFileAtomic } from '../../../system/files'
import { count, mergedByName, readRecorded, recordAlone, resultsFile, share } from '../../results-file'
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
  /** Bits in which each number of a kernel was stored before fine-tuning. */
  bits: number | null
  width: string
  /** Minutes of pre-training: wall clock of two threads on a machine that ran other programs, too. */
  minutes: number | null
  /** Accuracy at the end of pre-training, on fractals that did not train. */
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

/** The columns that tell one run from another: all settings, and no measurement. */
const chosen = ['task', 'classes', 'images', 'steps', 'bits', 'width', 'split', 'seed'] as const
export type TransferCase = Pick<TransferRow, (typeof chosen)[number]>

/** The path of the recorded rows. */
export function transferFile(): string {
  return resultsFile('pretraining')
}

const optional = count.nullable()
const rowSchema = z.object({
  task: z.string().min(1), classes: optional, images: optional, steps: optional, bits: optional,
  width: z.string().min(1), minutes: z.number().min(0).nullable(), heldOutAccuracy: share.nullable(),
  split: z.enum(transferSplits), validationAccuracy: share, validationLoss: z.number().min(0), seed: count,
}) satisfies z.ZodType<TransferRow>

/** The recorded rows; none where nothing has been recorded. */
export function readTransferRows(path: string = transferFile()): Promise<TransferRow[]> {
  return readRecorded(path, rowSchema, ['task', 'width', 'split'], caseName)
}

/** Adds a row, which replaces the row of the same run. */
export async function recordTransferRow(row: TransferRow, path: string = transferFile()): Promise<void> {
  await recordAlone(path, async () => {
    const rows = mergedByName([...await readTransferRows(path), row], caseName)
    await writeFileAtomic(path, toCsv(transferTable(rows)))
  })
}

/** Rows as a table. */
export function transferTable(rows: readonly TransferRow[]): Table {
  return dataTable('pretraining', 'What pre-training on fractals is worth', rows, columns,
    'Ten epochs of fine-tuning; judged on the validation part within the first fold’s training part.')
}

/** A text that is equal for rows of the same run only. */
export function caseName(run: TransferCase): string {
  return chosen.map(key => run[key]).join(' ')
}
