/** Everything that one notebook shows, folded. */
import { formatNumber } from '../display/format'
import { html, trustedHtml, type Html } from '../display/html'
import type { Collected, CollectedTable } from './collect'
import { figureElement } from './figure-element'
import type { NotebookRecord } from './run-record'

/** A notebook of a run. */
export interface NotebookSection {
  /** The run's folder under results/. */
  folder: string
  notebook: NotebookRecord
  /** What the notebook shows; undefined where its executed copy is missing. */
  shown: Collected | undefined
  /** The section's anchor. */
  id: string
  title: string
}

/** The section; open where the notebook failed. */
export function notebookSection({ folder, notebook, shown, id, title }: NotebookSection): Html {
  const { name, seconds, cells, peakBytes, failure } = notebook
  const path = `${encodeURIComponent(folder)}/notebooks/${encodeURIComponent(name)}`
  const memory = peakBytes === null ? '' : `, at most ${formatNumber(peakBytes / 1e6, 'integer')} MB of memory`
  return html`<details id="${id}"${failure ? html` open` : ''}><summary><h4>${title}</h4>
<span>${cells} cells, ${formatNumber(seconds, 'seconds')}${memory}${failure ? html` · <strong>failed</strong>` : ''}</span></summary>
<p><a href="${path}.html">Executed notebook, as a page</a> · <a href="${path}.ipynb">as a file for Jupyter</a></p>
${failure && html`<pre class="note failure" tabindex="0">Cell ${failure.cell} failed: ${failure.title}\n${failure.text}</pre>`}
${!shown && html`<p class="note missing">The executed notebook is missing: its figures and tables cannot be shown.</p>`}
<div class="shown">${shown?.figures.map(figure => figureElement(folder, figure)) ?? []}</div>
${shown?.galleries.map(gallery => html`<div class="gallery" id="${folder}-${gallery.name}">${trustedHtml(gallery.html)}</div>`) ?? []}
${shown?.tables.map(one => tableElement(folder, one)) ?? []}</details>`
}

function tableElement(folder: string, { table, cells, numeric }: CollectedTable): Html {
  const path = `${encodeURIComponent(folder)}/tables/${encodeURIComponent(table.name)}.csv`
  const align = (column: number, words: string) =>
    (numeric[column] ? html` class="number"` : /\S{25}/.test(words) ? html` class="long"` : '')
  return html`<div class="table" role="region" tabindex="0" aria-label="${table.title || table.name}"><table>
<caption>${table.title}</caption>
<thead><tr>${table.columns.map(({ title }, i) => html`<th scope="col"${align(i, title)}>${title}</th>`)}</tr></thead>
<tbody>${cells.map(line => html`<tr>${line.map((cell, i) => html`<td${align(i, cell)}>${cell}</td>`)}</tr>`)}</tbody></table></div>
<p class="below">${rowsBelow(table.rows.length, cells.length)}${table.note ? `${table.note} · ` : ''}<a href="${path}" aria-label="${table.title || table.name} as CSV">CSV</a></p>`
}

/** What the page does not show of a table: there are no rows, or the CSV has more. */
function rowsBelow(rows: number, shown: number): string {
  if (rows === 0) return 'No rows · '
  return rows === shown ? '' : `${shown} of ${rows.toLocaleString('en-US')} rows; all are in the CSV · `
}
