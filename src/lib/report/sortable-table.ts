/** A long table that a reader sorts by each column and filters: readable without a script, and on paper. */
import { html, type Html } from '../display/html'

/** One column. */
export interface SortableColumn<Row> {
  title: string
  /** What a cell shows; null where there is nothing. */
  text(row: Row): string | null
  /** Numbers are sorted by this value and set flush right; a column without it is sorted as text. */
  value?(row: Row): number | null
  /** Smaller, beneath: an interval. */
  detail?(row: Row): string | null
  /** A menu chooses among the column's texts. */
  filter?: boolean
  /** Cells may break into lines. */
  long?: boolean
}

/**
 * The table in a box of its own, its first column naming the row. `sortableScript` puts buttons into the headings and
 * shows the form.
 * @param id of the box; ids of what is in it begin with it
 */
export function sortableTable<Row>(
  id: string, caption: string, rows: readonly Row[], columns: readonly SortableColumn<Row>[],
): Html {
  const menus = columns.flatMap((column, i) => (column.filter ? [menu(`${id}-${i}`, i, column, rows)] : []))
  return html`<div id="${id}" data-sortable>
<form hidden role="search" aria-label="${caption}"><div><label for="${id}-words">words in any column</label>
<input type="search" id="${id}-words" autocomplete="off"></div>${menus}<button type="reset">Show all</button></form>
<p class="below" role="status">${countOf(rows.length)}</p>
<div class="table sortable" role="region" tabindex="0" aria-label="${caption}, table"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, value }) => html`<th scope="col"${classOf({ number: value })}>${title}</th>`)}</tr></thead>
<tbody>${rows.map(row => html`<tr>${columns.map((column, i) => cell(row, column, i === 0))}</tr>
`)}</tbody></table></div></div>`
}

function cell<Row>(row: Row, { text, value, detail, long }: SortableColumn<Row>, heading: boolean): Html {
  const number = value?.(row), below = detail?.(row)
  const data = value ? html` data-value="${Number.isFinite(number) ? number : ''}"` : ''
  const content = html`${text(row) ?? '–'}${below ? html` <small>${below}</small>` : ''}`
  const attributes = html`${classOf({ number: value, long })}${data}`
  return heading ? html`<th scope="row"${attributes}>${content}</th>` : html`<td${attributes}>${content}</td>`
}

function classOf(classes: Readonly<Record<string, unknown>>): Html | '' {
  const names = Object.keys(classes).filter(name => classes[name])
  return names.length > 0 ? html` class="${names.join(' ')}"` : ''
}

function menu<Row>(id: string, index: number, { title, text }: SortableColumn<Row>, rows: readonly Row[]): Html {
  const texts = [...new Set(rows.map(row => text(row) ?? '–'))].sort((a, b) => a.localeCompare(b, 'en'))
  return html`<div><label for="${id}">${title}</label>
<select id="${id}" data-column="${index}"><option value="">all</option>${texts.map(words =>
    html`<option value="${words}">${words === '–' ? '– (none)' : words}</option>`)}</select></div>`
}

function countOf(rows: number): string {
  return rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`
}

export const sortableStyle = `
[data-sortable] form { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0 }
[data-sortable] form[hidden] { display: none } [data-sortable] label { display: block; font-size: 90%; color: var(--pale) }
[data-sortable] :is(input, select, form button) { font: inherit; color: inherit; background: var(--raised); max-width: 17rem;
  border: 1px solid var(--pale); border-radius: 4px; padding: .25rem .5rem; min-height: 2.2rem }
[data-sortable] :is(input, select, button):focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.sortable { max-height: 85vh; overflow: auto; margin: 0; border: 1px solid var(--line); scroll-padding: 4rem 0 0 11rem; font-size: 85% }
.sortable table { border-collapse: separate; border-spacing: 0 } .sortable tr[hidden] { display: none }
.sortable :is(th, td) { vertical-align: top; background: var(--ground) } .sortable tbody th { font-weight: normal; min-width: 9rem }
.sortable thead th { position: sticky; top: 0; z-index: 1; background: var(--raised); vertical-align: bottom; min-width: 4.5rem }
.sortable tr > :first-child { position: sticky; left: 0; border-right: 1px solid var(--line) }
.sortable thead tr > :first-child { z-index: 2 } .sortable caption { position: sticky; left: 0 }
.sortable small { display: block; white-space: nowrap; color: var(--pale); font-size: 90% }
.sortable td:not(.long) { white-space: nowrap } .sortable td.long { min-width: 9rem } .sortable td.long:last-child { min-width: 32rem }
.sortable th button { font: inherit; color: inherit; text-align: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  text-decoration: underline dotted; text-underline-offset: .2em }
.sortable th[aria-sort=ascending] button::after { content: " ▲" / "" } .sortable th[aria-sort=descending] button::after { content: " ▼" / "" }
@media (max-width: 30rem) { .sortable tbody th { min-width: 6rem; max-width: 6rem } }
@page wide { size: landscape; margin: 1cm }
@media print {
  [data-sortable] { page: wide } [data-sortable] form { display: none }
  .sortable { max-height: none; border: 0; font-size: 5.5pt } .sortable :is(th, td) { position: static !important; padding: .1rem .15rem;
    min-width: 0 !important; overflow-wrap: break-word } .sortable td.long:last-child { min-width: 7rem !important }
  .sortable thead { display: table-header-group }
}
`

/** Sorting keeps rows that tie in the table's own order, and rows without a value last. */
export const sortableScript = `
for (const box of document.querySelectorAll('[data-sortable]')) {
  const body = box.querySelector('tbody'), headings = [...box.querySelectorAll('thead th')]
  const rows = [...body.children], form = box.querySelector('form'), status = box.querySelector('[role=status]')
  const words = form.querySelector('input'), menus = [...form.querySelectorAll('select')]
  const textOf = cell => cell.textContent.trim()
  const texts = new Map(rows.map(row => [row, [...row.children].map(textOf).join(' ').toLowerCase()]))
  const keyOf = (cell, number) => number ? (cell.dataset.value === '' ? null : Number(cell.dataset.value))
    : (textOf(cell) === '–' ? null : textOf(cell))
  const compare = (a, b) => typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true })
  const sort = column => {
    const heading = headings[column], down = heading.getAttribute('aria-sort') === 'ascending'
    headings.forEach(one => one.removeAttribute('aria-sort'))
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const number = heading.classList.contains('number'), keys = new Map(rows.map(row => [row, keyOf(row.children[column], number)]))
    const ordered = [...rows].sort((one, other) => {
      const a = keys.get(one), b = keys.get(other)
      return a === null || b === null ? (a === null) - (b === null) : down ? compare(b, a) : compare(a, b)
    })
    body.append(...ordered)
  }
  const filter = () => {
    const sought = words.value.toLowerCase().split(/\\s+/).filter(Boolean), chosen = menus.filter(menu => menu.value !== '')
    rows.forEach(row => {
      row.hidden = !sought.every(word => texts.get(row).includes(word))
        || !chosen.every(menu => textOf(row.children[menu.dataset.column]) === menu.value)
    })
    const shown = rows.filter(row => !row.hidden).length
    status.textContent = shown + ' of ' + rows.length + ' rows shown'
  }
  headings.forEach((heading, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...heading.childNodes)
    button.addEventListener('click', () => sort(column))
    heading.append(button)
  })
  form.addEventListener('input', filter)
  form.addEventListener('reset', () => setTimeout(filter))
  form.addEventListener('submit', event => event.preventDefault())
  form.hidden = false
  filter()
}
`
