/** What was measured of pre-training: results/tables/pretraining.csv, one row a fine-tuned run. */
import { existsSync } from 'node:fs'
import { parseCsv } from '../datasets/groups-table'
import { readFileCapped, writeFileAtomic } from '../files'
import { inProject } from '../project-root'
import { table, toCsv, type Cell, type Column, type Table } from '../tables'

export interface TransferRow {
  /** 'none': from scratch; else how hard the fractals were to see, 'plain' or 'scene'. */
  task: string
  classes: number | null
  /** Images a class. */
  images: number | null
  /** Steps of pre-training. */
  steps: number | null
  width: string
  /** Of pre-training, wall clock. */
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
  { key: 'width', title: 'width' },
  { key: 'minutes', title: 'minutes', format: 'decimal' },
  { key: 'heldOutAccuracy', title: 'accuracy on held-out fractals', format: 'percent' },
  { key: 'split', title: 'split' },
  { key: 'validationAccuracy', title: 'validation accuracy', format: 'percent' },
  { key: 'validationLoss', title: 'validation loss', format: 'decimal' },
  { key: 'seed', title: 'seed' },
]

/** What sets a run apart from others: all that was chosen, nothing that was measured. */
const chosen = ['task', 'classes', 'images', 'steps', 'width', 'split', 'seed'] as const
export type TransferCase = Pick<TransferRow, (typeof chosen)[number]>

/** Where the rows lie. */
export function transferFile(): string {
  return inProject('results', 'tables', 'pretraining.csv')
}

/** The recorded rows; none where nothing has been recorded. */
export async function readTransferRows(path: string = transferFile()): Promise<TransferRow[]> {
  if (!existsSync(path)) return []
  const [header, ...lines] = parseCsv((await readFileCapped(path, 1024 * 1024)).toString('utf8'))
  return lines.map(line => Object.fromEntries(header.map((key, i) => [key, cell(key, line[i] ?? '')])) as unknown as TransferRow)
}

/** The recorded row of a run, if there is one. */
export function findTransferRow(rows: readonly TransferRow[], run: TransferCase): TransferRow | undefined {
  return rows.find(row => chosen.every(key => row[key] === run[key]))
}

/** Adds a row; one of the same run is replaced. */
export async function recordTransferRow(row: TransferRow, path: string = transferFile()): Promise<void> {
  const rows = await readTransferRows(path)
  const same = findTransferRow(rows, row)
  await writeFileAtomic(path, toCsv(transferTable([...rows.filter(other => other !== same), row])))
}

/** Rows as a table. */
export function transferTable(rows: readonly TransferRow[]): Table {
  return table('pretraining', 'What pre-training on fractals is worth', rows, columns,
    'Ten epochs of fine-tuning; judged on the validation part within the first fold’s training part.')
}

function cell(key: string, value: string): Cell {
  return ['task', 'width', 'split'].includes(key) ? value : value === '' ? null : Number(value)
}
