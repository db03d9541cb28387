/** One row of results of the reference notebook's protocol: published, or measured here. */
import { z } from 'zod'
import { dataTable, type Column, type Table } from '../../../display/tables'
import { referenceRecipe } from '../../../papers/reference-notebook'
import { count, share } from '../../results-file'

/** One row of the results. Figures are the last epoch's unless their name says otherwise; null is unknown. */
export interface ReferenceRow {
  start: string
  width: string
  epochs: number
  accuracy: number
  /** Cross-entropy in nats. */
  loss: number
  /** The best of any epoch: chosen by the images that it reports, so too good. */
  highestAccuracy: number | null
  lowestLoss: number | null
  /** Area under the receiver operating characteristic, the set's positive class (COVID) being positive. */
  auc: number | null
  minutes: number
  engine: string
  threads: number | null
  seed: number
  /** Accuracy of one nearest neighbor on raw pixels, on the same split. */
  nearestNeighbour: number | null
}

/** Headings for {@link ReferenceRow}. */
const columns: readonly (Column & { key: keyof ReferenceRow })[] = [
  { key: 'start', title: 'start weights' },
  { key: 'width', title: 'width' },
  { key: 'epochs', title: 'epochs' },
  { key: 'accuracy', title: 'accuracy', format: 'decimal' },
  { key: 'loss', title: 'loss', format: 'decimal' },
  { key: 'highestAccuracy', title: 'highest accuracy of any epoch', format: 'decimal' },
  { key: 'lowestLoss', title: 'lowest loss of any epoch', format: 'decimal' },
  { key: 'auc', title: 'AUC', format: 'decimal' },
  { key: 'minutes', title: 'minutes', format: 'integer' },
  { key: 'engine', title: 'engine' },
  { key: 'threads', title: 'threads' },
  { key: 'seed', title: 'seed' },
  { key: 'nearestNeighbour', title: 'one nearest neighbor', format: 'decimal' },
]

/** What the notebook itself reports. */
export const publishedRow: ReferenceRow = { ...referenceRecipe.reported, threads: null, nearestNeighbour: null }

const amount = z.number().min(0)

/** A row as a file holds it. */
export const rowSchema = z.object({
  start: z.string().min(1), width: z.string().min(1), epochs: count, accuracy: share, loss: amount,
  highestAccuracy: share.nullable(), lowestLoss: amount.nullable(), auc: share.nullable(), minutes: amount,
  engine: z.string().min(1), threads: count.nullable(), seed: count, nearestNeighbour: share.nullable(),
}) satisfies z.ZodType<ReferenceRow>

/** The columns that hold text; all others hold numbers. */
export const wordColumns: readonly (keyof ReferenceRow)[] = ['start', 'width', 'engine']

/** Rows as a table. */
export function referenceTable(rows: readonly ReferenceRow[]): Table {
  const note = 'Validation and test are the same images, as published, so every figure is too good. The last column '
    + 'is the accuracy of one nearest neighbor on raw pixels, on the same split.'
  return dataTable('reference-notebook', 'The reference notebook’s protocol on its own images: published and recorded', rows, columns, note)
}
