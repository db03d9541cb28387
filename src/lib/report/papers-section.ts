/** Published accuracies beside the recorded runs of this project: the ladder of each data set, and the full table. */
import { formatNumber, type ColumnFormat } from '../display/format'
import { html, trustedHtml, type Html } from '../display/html'
import type { Estimate } from '../evaluation/intervals'
import { armNames, type ArmName } from '../experiments/plans/papers/arms'
import { reproductionLadder } from '../experiments/plans/papers/ladder'
import type { Reproduction } from '../experiments/plans/papers/reproduction'
import { armTitles, note } from '../experiments/plans/papers/table'
import { sortableTable, type SortableColumn } from './sortable-table'

export const papersId = 'published-against-measured'
export const papersTitle = 'Published against measured'

/** The section; null where nothing was measured. */
export function papersSection(list: readonly Reproduction[]): Html | null {
  const sets = [...new Set(list.filter(({ split }) => split !== null).map(({ data }) => data))]
  if (sets.length === 0) return null
  return html`<section id="${papersId}"><h2>${papersTitle}</h2>
<p>Published accuracies beside the same protocols on the splits that the data allow. The rows are those recorded in
results/tables, whatever was run for this page. <strong>exact</strong>: the paper’s own test images.
<strong>published</strong>: the paper’s kind of split, on other test images. <strong>leak-aware</strong>: no patient or number
block in training and test.</p>
<p class="note"><strong>The rule of the verdict, stated before any run.</strong> ${note} The difference is the accuracy with all
layers trained minus the published one.</p>
<div class="shown">${sets.map(data => figureOf(list, data))}</div>
${sortableTable(`${papersId}-table`, papersTitle, list, columns)}
<p class="below">All digits: <a href="tables/papers.csv">papers.csv</a></p></section>`
}

function figureOf(list: readonly Reproduction[], data: string): Html {
  const { title, svg } = reproductionLadder(list, { data })
  return html`<figure class="wide inline">${trustedHtml(svg)}<figcaption>${title} · ${data}</figcaption></figure>`
}

const columns: readonly SortableColumn<Reproduction>[] = [
  { title: 'paper', text: one => one.citation },
  { title: 'method', text: one => one.method, long: true },
  { title: 'split', text: one => one.split, filter: true },
  { title: 'start, width', text: one => one.start && `${one.start}, ${one.width}` },
  { title: 'published', text: one => one.printed, value: one => one.published },
  estimateColumn(`${armTitles.fineTuned} (%)`, one => one.fineTuned),
  estimateColumn('difference (points)', one => one.difference, 'points'),
  { title: 'verdict', text: one => one.verdict, filter: true },
  ...armNames.filter(arm => arm !== 'fineTuned').map((arm: ArmName) => estimateColumn(`${armTitles[arm]} (%)`, one => one[arm])),
  { title: 'runs', text: one => (one.runs ? String(one.runs) : null), value: one => one.runs || null },
  { title: 'data', text: one => one.data, filter: true, long: true },
  { title: 'status', text: one => one.status },
  { title: 'can it be true?', text: one => one.check, long: true },
  { title: 'what differs', text: one => one.reasons.join('; ') || null, long: true },
]

/** An accuracy or a difference without its unit, its interval beneath. */
function estimateColumn(
  title: string, estimateIn: (one: Reproduction) => Estimate | null, format: ColumnFormat = 'percent',
): SortableColumn<Reproduction> {
  const number = (value: number | undefined) => formatNumber(value, format).split(' ')[0]
  return {
    title, text: one => number(estimateIn(one)?.value), value: one => estimateIn(one)?.value ?? null,
    detail: one => {
      const { low, high } = estimateIn(one) ?? { low: NaN, high: NaN }
      return low <= high ? `${number(low)} to ${number(high)}` : null
    },
  }
}
