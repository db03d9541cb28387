/** Takes figures and tables out of executed notebooks: they carry marks that `show` puts on them. */
import { parseHTML } from 'linkedom'
import type { Figure } from '../display/figures/figure'
import type { Table } from '../display/tables'

/** As much of an executed notebook (nbformat 4) as is read here. */
export interface ExecutedNotebook {
  cells: readonly {
    outputs?: readonly { data?: Readonly<Record<string, string | readonly string[]>> }[]
  }[]
}

/** A table as rows, for CSV, and as it was shown. */
export interface CollectedTable {
  table: Table
  html: string
}

/** All that one notebook shows, in its order. */
export interface Collected {
  figures: Figure[]
  tables: CollectedTable[]
}

/**
 * Figures and tables of a notebook, named `PREFIX-NAME`; where a name comes again, `PREFIX-NAME-2`.
 * @param notebook parsed from its JSON
 * @param prefix usually the notebook's number, as '05'
 */
export function collect(notebook: ExecutedNotebook, prefix: string): Collected {
  const shown = notebook.cells.flatMap(cell => cell.outputs ?? []).map(output => htmlOf(output.data))
  const figureName = namer(prefix), tableName = namer(prefix)
  return {
    figures: shown.flatMap(figuresIn).map(figure => ({ ...figure, name: figureName(figure.name) })),
    tables: shown.flatMap(tablesIn).map(one => ({ ...one, table: { ...one.table, name: tableName(one.table.name) } })),
  }
}

function htmlOf(data: Readonly<Record<string, string | readonly string[]>> | undefined): string {
  const html = data?.['text/html'] ?? ''
  return typeof html === 'string' ? html : html.join('')
}

/** The SVG is cut out as text: an HTML parser would write its mixed-case names in lower case. */
function figuresIn(html: string): Figure[] {
  return [...html.matchAll(/<figure\b[^>]*\bdata-figure="[^"]+"[\s\S]*?<\/figure>/g)].flatMap(([block]) => {
    const svg = /<svg\b[\s\S]*<\/svg>/.exec(block)?.[0]
    const element = parseHTML(block).document.querySelector('figure')
    const name = element?.getAttribute('data-figure')
    if (!svg || !element || !name) return []
    const words = (...selectors: string[]) =>
      selectors.map(selector => element.querySelector(selector)?.textContent?.trim()).find(Boolean) ?? name
    return [{ name, svg, title: words('figcaption', 'svg > title'), alt: words('svg > desc', 'figcaption', 'svg > title') }]
  })
}

function tablesIn(html: string): CollectedTable[] {
  if (!html.includes('data-table=')) return []
  const { document } = parseHTML(`<html><body>${html}</body></html>`)
  return [...document.querySelectorAll('table[data-table]')].map(element => {
    const columns = [...element.querySelectorAll('th[data-key]')].map(cell =>
      ({ key: cell.getAttribute('data-key') ?? '', title: cell.textContent ?? '' }))
    const rows = [...element.querySelectorAll('tbody tr')].map(row => {
      const values = [...row.querySelectorAll('td')].map(cell => cell.getAttribute('data-value') ?? cell.textContent)
      return Object.fromEntries(columns.map(({ key }, i) => [key, values[i] ?? null]))
    })
    const name = element.getAttribute('data-table') ?? 'table'
    const title = element.querySelector('caption')?.textContent ?? name
    return { table: { name, title, columns, rows }, html: String(element.outerHTML) }
  })
}

function namer(prefix: string): (name: string) => string {
  const seen = new Map<string, number>()
  return name => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    const safe = name.replace(/[^\w.-]+/g, '-')
    return count === 1 ? `${prefix}-${safe}` : `${prefix}-${safe}-${count}`
  }
}
