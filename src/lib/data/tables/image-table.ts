/** Tables about images: the class, the group and the part of each. */
import { nearest } from '../../system/errors'
import { LabError } from '../../system/errors'
import type { Role } from '../dataset'
import { partOfWord, partWords } from '../part-words'
import { findColumns, type ColumnNames, type Columns } from './columns'
import { imageFinder } from './image-names'
import { parseTable, quoted, wrongLine } from './text-table'

/** What a table says about one image. */
export interface ImageRow {
  /** '' where the table has no such column. */
  label: string
  /** Null for an empty cell: not known. */
  group: string | null
  part?: Role
}

/** What a table says about a folder's images. */
export interface ImageTable {
  /** One row an image, by the image's name. */
  rows: Map<string, ImageRow>
  /** The positive class, where a column `positive` names it. */
  positive?: string
  /** Columns that tell nothing known here. */
  unused: string[]
}

/** How a table is read. */
export interface ImageTableOptions {
  /** Names of columns that have other names than those known here. */
  columns?: ColumnNames
  /** Whether the table has to name the classes. Default false. */
  needsLabels?: boolean
}

/** What the columns beside the images' names can tell where folders name the classes. */
const informative = ['group', 'split', 'positive'] as const
/** Names longer than this are compared to none: they are no names. */
const longestName = 300
/**
 * Words that programs write where a value is missing. A patient of that name would gather the images of all unknown
 * patients.
 */
const missingWords = /^(nan|n\/?a|null|nil|none|unknown|not known|missing|undefined|[?.–-]+)$/i
/** The same where a class may be called none, unknown or -. */
const missingLabels = /^(nan|n\/?a|null|nil|undefined|\?+)$/i
/** What spreadsheets leave of a cell: #REF!, or 1.2E+10, which stands for many numbers of eleven digits. */
const spreadsheetRemains = /^(#(\p{L}[\p{L}/0]*[!?]|N\/A|NV|#+)|\d([.,]\d+)?E\+\d+)$/iu
/** More columns than these are counted, not named. */
const mostColumns = 30

/**
 * Reads a table that has one row for every image.
 * @param file the table's file name, for errors
 * @param names the folder's images
 * @throws LabError 'bad-argument' naming the line: see `parseTable` and `findColumns`; no column of images, or none
 *   that tells anything; an unknown image or part; an image named twice; images without a row
 */
export function readImageTable(
  bytes: Uint8Array, file: string, names: readonly string[],
  { columns: columnNames, needsLabels }: ImageTableOptions = {},
): ImageTable {
  let columns!: Columns
  const table = parseTable(bytes, file, header => {
    columns = findColumns({ name: file, header }, columnNames)
    const tells = needsLabels ? columns.has('label') : informative.some(role => columns.has(role))
    if (columns.has('file') && tells) return
    const found = header.cells.length > mostColumns ? `${header.cells.length} columns` : header.cells.join(', ')
    throw wrongLine(file, header.line, needsLabels ? 'the columns file and label, and perhaps group and split'
      : 'the columns name, group, split', shortened(found),
    `Give the columns these names, or name them: --file-column, --label-column, --group-column, --split-column`)
  })
  const find = imageFinder(names)
  const rows = new Map<string, ImageRow>()
  const lineOf = new Map<string, number>()
  const positives = new Set<string>()
  const withoutImage: { line: number; text: string }[] = []
  for (const { line, cells } of table.rows) {
    const text = columns.cell(cells, 'file')
    const found = find(text)
    if (found === null) {
      withoutImage.push({ line, text })
      continue
    }
    if (Array.isArray(found))
      throw wrongLine(file, line, 'a name that only one image has',
        `${quoted(text)}, the name of ${found.slice(0, 3).join(' and ')}`, 'Write the folder in front of the name')
    if (lineOf.has(found))
      throw wrongLine(file, line, 'each image once', `${quoted(text)} again, after line ${lineOf.get(found)}`,
        'Remove one of its lines')
    lineOf.set(found, line)
    const label = columns.cell(cells, 'label'), word = columns.cell(cells, 'split'), group = columns.cell(cells, 'group')
    if (needsLabels && (label === '' || missingLabels.test(label)))
      throw wrongLine(file, line, 'a class', label ? quoted(label) : 'an empty cell', 'Write the class, or leave the image and its line out')
    const remains = [label, group].find(cell => spreadsheetRemains.test(cell))
    if (remains !== undefined)
      throw wrongLine(file, line, 'names as they were', `${quoted(remains)}, which a spreadsheet wrote in place of one`,
        'Format the column as text, and write the names again')
    if (missingWords.test(group))
      throw wrongLine(file, line, 'the name of a patient, or an empty cell where the patient is not known', quoted(group),
        'Empty this cell and those like it')
    const part = word === '' ? undefined : partOfWord(word)
    if (part === null)
      throw wrongLine(file, line, `${partWords.join(', ')}`, quoted(word), 'Correct the split')
    const positive = columns.cell(cells, 'positive')
    if (positive !== '') positives.add(positive)
    rows.set(found, { label, group: group || null, ...(part ? { part } : {}) })
  }
  refuseRowsWithoutImage(file, withoutImage, names)
  refuseImagesWithoutRow(file, names, rows)
  if (positives.size > 1)
    throw new LabError('bad-argument', {
      expected: `one class in the column positive of ${file}`, received: [...positives].slice(0, 5).map(quoted).join(' and '),
      remedy: 'Write the name of the positive class, the same in each row or in one row only',
    })
  const [positive] = positives
  return { rows, unused: columns.unused, ...(positive === undefined ? {} : { positive }) }
}

function shortened(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text
}

function refuseRowsWithoutImage(
  file: string, rows: readonly { line: number; text: string }[], names: readonly string[],
): void {
  if (rows.length === 0) return
  const [{ line, text }] = rows
  const hint = text.length <= longestName && text !== '' ? `Nearest: ${nearest(text, names.slice(0, 20_000), 1)[0]}` : 'Correct the name'
  const more = rows.length > 1 ? ` (and ${rows.length - 1} more such lines, the last is ${rows.at(-1)!.line})` : ''
  throw wrongLine(file, line, 'the name of an image in this folder', `${quoted(text)}${more}`, hint)
}

function refuseImagesWithoutRow(file: string, names: readonly string[], rows: ReadonlyMap<string, ImageRow>): void {
  const lacking = names.filter(name => !rows.has(name))
  if (lacking.length === 0) return
  throw new LabError('bad-argument', {
    expected: `a line in ${file} for each of the ${names.length} images`,
    received: `${lacking.length} of ${names.length} images in no row of ${file}, first ${lacking[0]}`,
    remedy: 'Add a line for each; an empty group says that an image’s group is not known',
  })
}
