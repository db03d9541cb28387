/** Figures, galleries and tables of executed notebooks, found by the marks that `show` puts on them. */
import { parseHTML } from 'linkedom'
import { z } from 'zod'
import type { Figure } from '../display/figures/figure'
import type { Gallery } from '../display/gallery'
import type { Table } from '../display/tables'
import { damagedFile } from '../system/errors'
import { listOf, recordOf } from '../system/json-parts'

/** The part of an executed notebook (nbformat 4) that the report reads. */
export const executedNotebook = z.object({
  cells: listOf(z.object({
    cell_type: z.string().optional(),
    source: z.union([z.string(), listOf(z.string())]).optional(),
    outputs: listOf(z.object({ data: recordOf(z.unknown()).optional() })).optional(),
  })),
})

export type ExecutedNotebook = z.infer<typeof executedNotebook>

/** A figure, with the numbers that it carries. */
export interface CollectedFigure extends Figure {
  /** The figure's numbers with the subtitle that says what they are; null where the figure carries none. */
  numbers: FigureNumbers | null
}

/** The numbers of a figure, as `frame` writes them into the SVG's metadata. */
export type FigureNumbers = z.infer<typeof figureNumbers>

/** A table: its values in full precision, and the words that the notebook shows for them. */
export interface CollectedTable {
  table: Table
  /** Text by row and column, headings not included; of a long table the rows that the notebook shows. */
  cells: string[][]
  /** Which columns hold numbers, and are set flush right. */
  numeric: boolean[]
}

/** A gallery: markup that a notebook of this project shows, in which every text is escaped. */
export type CollectedGallery = Pick<Gallery, 'name' | 'title' | 'html'>

/** Everything that one notebook shows, in its order. */
export interface Collected {
  /** The notebook's first heading; null where it has none. */
  title: string | null
  figures: CollectedFigure[]
  galleries: CollectedGallery[]
  tables: CollectedTable[]
}

const figureNumbers = z.object({
  subtitle: z.string(),
  rows: listOf(z.object({
    label: z.string(),
    group: z.string().optional(),
    value: z.number().nullable(),
    low: z.number().nullish(),
    high: z.number().nullish(),
  })),
})

const moreRows = listOf(listOf(z.string()))

/**
 * Figures, galleries and tables of a notebook, named `PREFIX-NAME`; the second one of a name is `PREFIX-NAME-2`.
 * @param prefix the notebook's number, as '05'; see {@link notebookNumber}
 */
export function collect(notebook: ExecutedNotebook, prefix: string): Collected {
  const outputs = notebook.cells.flatMap(cell => cell.outputs ?? []).map(output => htmlOf(output.data))
  const figureName = namer(prefix), galleryName = namer(prefix), tableName = namer(prefix)
  return {
    title: titleOf(notebook),
    figures: outputs.flatMap(figuresIn).map(figure => ({ ...figure, name: figureName(figure.name) })),
    galleries: outputs.flatMap(galleriesIn).map(one => ({ ...one, name: galleryName(one.name) })),
    tables: outputs.flatMap(tablesIn)
      .map(one => ({ ...one, table: { ...one.table, name: tableName(one.table.name) } })),
  }
}

/**
 * The number at the start of a notebook's name.
 * @example notebookNumber('03b-why-depth-needs-help')   // '03b'
 */
export function notebookNumber(name: string): string {
  return name.split('-')[0]
}

function titleOf({ cells }: ExecutedNotebook): string | null {
  const texts = cells.filter(cell => cell.cell_type === 'markdown').map(cell => joined(cell.source))
  return texts.map(text => /^#\s+(.+)$/m.exec(text)?.[1].trim()).find(Boolean) ?? null
}

function htmlOf(data: Readonly<Record<string, unknown>> | undefined): string {
  return joined(data?.['text/html'])
}

/** Jupyter stores text as one string or as a list of lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.map(String).join('') : typeof text === 'string' ? text : ''
}

/** The SVG is cut out as text: an HTML parser would write its mixed-case names in lower case. */
function figuresIn(html: string): CollectedFigure[] {
  return [...html.matchAll(/<figure\b[^>]*\bdata-figure="[^"]+"[\s\S]*?<\/figure>/g)].flatMap(([block]) => {
    const svg = /<svg\b[\s\S]*<\/svg>/.exec(block)?.[0]
    const element = parseHTML(block).document.querySelector('figure')
    const name = element?.getAttribute('data-figure')
    if (!svg || !element || !name) return []
    const textOf = (selector: string) => element.querySelector(selector)?.textContent?.trim()
    const firstText = (...selectors: string[]) => selectors.map(textOf).find(Boolean) ?? name
    return [{
      name, svg, title: firstText('figcaption', 'svg > title'), alt: firstText('svg > desc', 'figcaption', 'svg > title'),
      numbers: numbersIn(textOf('svg > metadata')),
    }]
  })
}

/** A gallery has no other section in it, and an escaped text ends none. */
function galleriesIn(markup: string): CollectedGallery[] {
  return [...markup.matchAll(/<section data-gallery="[^"]+"[\s\S]*?<\/section>/g)].map(([block]) => {
    const section = parseHTML(block).document.querySelector('section')
    const name = section?.getAttribute('data-gallery') ?? 'gallery'
    return { name, title: section?.getAttribute('data-title') ?? name, html: block }
  })
}

/** Metadata that another program wrote does not hold a figure's numbers. */
function numbersIn(metadata: string | undefined): FigureNumbers | null {
  if (!metadata) return null
  try {
    return figureNumbers.safeParse(JSON.parse(metadata)).data ?? null
  } catch {
    return null
  }
}

function tablesIn(html: string): CollectedTable[] {
  if (!html.includes('data-table=')) return []
  const { document } = parseHTML(`<html><body>${html}</body></html>`)
  return [...document.querySelectorAll('table[data-table]')].map(element => {
    const name = element.getAttribute('data-table') ?? 'table'
    const headings = [...element.querySelectorAll('th[data-key]')]
    const columns = headings.map(cell =>
      ({ key: cell.getAttribute('data-key') ?? '', title: cell.textContent ?? '' }))
    const lines = [...element.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('td')])
    const values = lines.map(line => line.map(cell => cell.getAttribute('data-value') ?? cell.textContent))
    const rows = [...values, ...moreIn(element.getAttribute('data-more'), name)]
      .map(line => Object.fromEntries(columns.map(({ key }, i) => [key, line[i] ?? null])))
    const title = element.querySelector('caption')?.textContent ?? name
    const below = element.nextElementSibling
    const note = below?.hasAttribute('data-note') ? below.textContent ?? undefined : undefined
    const cells = lines.map(line => line.map(cell => cell.textContent ?? ''))
    const numeric = headings.map(cell => /text-align:\s*right/.test(cell.getAttribute('style') ?? ''))
    return { table: { name, title, columns, rows, note }, cells, numeric }
  })
}

/**
 * The rows of a long table that a notebook does not show.
 * @throws LabError 'damaged-file' where they cannot be read: a CSV without them would be wrong
 */
function moreIn(json: string | null, table: string): string[][] {
  if (json === null) return []
  try {
    return moreRows.parse(JSON.parse(json))
  } catch {
    throw damagedFile(`the executed notebook’s table ${table}`, 'further rows that are no list', 'Run the notebook again')
  }
}

function namer(prefix: string): (name: string) => string {
  const counts = new Map<string, number>()
  return name => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const safe = name.replace(/[^\w.-]+/g, '-')
    return count === 1 ? `${prefix}-${safe}` : `${prefix}-${safe}-${count}`
  }
}
