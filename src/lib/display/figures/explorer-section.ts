/**
 * The markup of a confusion matrix whose cells open. Styles stand in the elements, since JupyterLab takes style sheets
 * out of notebooks that it does not trust; there, too, the cells open.
 */
import type { Grouping } from '../../data/dataset'
import type { CalledImage } from '../../evaluation/called-images'
import { counted } from '../../system/summary'
import { formatNumber } from '../format'
import { html, type Html } from '../html'
import { calledCaption } from './called-caption'
import type { ConfusionCell } from './confusion-cells'
import { fontFamily, ink, paleInk, palette, round } from './figure'

/** One image behind a cell, with its picture as a data address. */
export interface Thumbnail extends CalledImage {
  picture: string
}

/** Pixels that a picture is wide. */
export const thumbnailWidth = 96

/** What the section shows. */
export interface ExplorerSection {
  name: string
  title: string
  subtitle: string
  /** `[truth][predicted]` */
  cells: readonly (readonly ConfusionCell[])[]
  /** The images that each cell opens, `[truth][predicted]`. */
  thumbnails: readonly (readonly (readonly Thumbnail[])[])[]
  grouping: Grouping
  notice: string
  /** Of the cells with one id and in one row only one stays open. */
  id: string
}

/** Read by screen readers, and seen by nobody. */
const unseen = 'position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;white-space:nowrap;clip:rect(0,0,0,0)'
const bare = 'border:0;padding:0;background:none;vertical-align:top;max-width:none'
const face = 'display:block;position:relative;margin:2px;padding:10px 4px;text-align:center;border:1px solid #999999;'
  + 'line-height:1.35;-webkit-print-color-adjust:exact;print-color-adjust:exact'
/** Pixels that a cell and the labels of rows take. */
const cellWidth = 72, labelWidth = 130, narrowest = 640

/** A section of `data-gallery`, by which the report finds it. */
export function explorerSection(explorer: ExplorerSection): Html {
  const { name, title, subtitle, cells, thumbnails, grouping, notice, id } = explorer
  const classes = cells.map(([{ truth }]) => truth)
  const width = Math.max(narrowest, labelWidth + cellWidth * classes.length)
  const labels = labelWidth / width
  // In percent of a cell's width: what a cell opens begins at the row's label, and is as wide as the row.
  const row = 100 * classes.length / (1 - labels)
  const cell = (r: number, c: number) => {
    const found = thumbnails[r][c]
    if (found.length === 0) return closedCell(cells[r][c])
    const opened = panel(cells[r][c], found, grouping, { before: labels * row + 100 * c, row })
    return openingCell(cells[r][c], opened, `${id}-${r}`)
  }
  return html`<section data-gallery="${name}" data-title="${title}" style="max-width:${width}px;padding:8px;background:#ffffff;color:${ink};font:14px/1.45 ${fontFamily};text-align:left">
<p style="margin:0;font-size:15px;font-weight:bold">${title}</p>
<p style="margin:0 0 8px;font-size:12px;color:${paleInk}">${subtitle} ${notice} A cell opens its images: click it, or press Tab and Enter.</p>
${classes.length > 0 && html`<table style="table-layout:fixed;width:100%;border-collapse:collapse;border:0;margin:0;font-size:13px;color:${ink}">
<colgroup><col style="width:${percent(100 * labels)}">${classes.map(() => html`<col>`)}</colgroup>
<thead style="border:0"><tr style="${bare}"><td style="${bare}"></td>${classes.map(label => html`<th scope="col" style="${bare};padding:2px;text-align:center;vertical-align:bottom;overflow-wrap:anywhere;font-weight:normal">called <b>${label}</b></th>`)}</tr></thead>
<tbody>${cells.map(([{ truth }], r) => html`<tr style="${bare}"><th scope="row" style="${bare};padding:12px 6px 0 0;text-align:right;overflow-wrap:anywhere;font-weight:normal">truth <b>${truth}</b></th>${classes.map((_, c) => html`<td style="${bare};text-align:left">${cell(r, c)}</td>`)}</tr>
`)}</tbody></table>`}</section>`
}

/** A cell that counts nothing opens nothing. */
function closedCell(cell: ConfusionCell): Html {
  return html`<div style="${face};background:${cell.fill};color:${cell.ink}">${faceWords(cell)}</div>`
}

function openingCell(cell: ConfusionCell, opened: Html, id: string): Html {
  return html`<details name="${id}" style="margin:0;padding:0;border:0"><summary style="${face};background:${cell.fill};color:${cell.ink};cursor:pointer;list-style:none;outline-offset:1px">${faceWords(cell, ': open the images')}</summary>
${opened}</details>`
}

/** '12' above '8.0 %'; screen readers read '12 of COVID called non-COVID (8.0 %): open the images'. */
function faceWords({ truth, predicted, count, share }: ConfusionCell, more = ''): Html {
  return html`<b style="display:block;font-size:18px">${formatNumber(count, 'integer')}</b><span style="${unseen}"> of ${truth} called ${predicted} (</span>${formatNumber(share, 'percent')}<span style="${unseen}">)${more}</span>`
}

/** How far to the left the row begins, and how wide it is, in percent of a cell's width. */
interface Place {
  before: number
  row: number
}

/**
 * What a cell opens: as wide as the row, below it. The other cells of the row have nothing below them, so
 * that it covers nothing; the row grows with it.
 */
function panel(cell: ConfusionCell, shown: readonly Thumbnail[], grouping: Grouping, { before, row }: Place): Html {
  return html`<div style="position:relative;box-sizing:border-box;width:${percent(row)};margin:0 0 8px -${percent(before)};padding:8px;border:2px solid ${palette[0]};background:#ffffff">
<p style="margin:0 0 6px;font-size:13px">${panelWords(cell, shown.length)}</p>
${shown.map(one => picture(one, grouping))}</div>`
}

function panelWords({ truth, predicted, count }: ConfusionCell, shown: number): string {
  const order = truth === predicted ? 'the least confident first' : 'the most confident first'
  const more = count > shown ? ` ${counted(count - shown, 'image')} more ${count - shown === 1 ? 'is' : 'are'} not shown.` : ''
  return `${counted(count, 'image')} of ${truth} called ${predicted}${count > 1 ? `, ${order}` : ''}.${more}`
}

function picture(called: Thumbnail, grouping: Grouping): Html {
  const lines = calledCaption(called, grouping)
  return html`<figure style="display:inline-block;vertical-align:top;width:${thumbnailWidth + 16}px;margin:0 8px 8px 0"><img src="${called.picture}" alt="" style="display:block;width:${thumbnailWidth}px;max-width:none;margin:0;image-rendering:auto"><figcaption style="font-size:11px;line-height:1.35;overflow-wrap:anywhere;color:${ink}">${lines.map(line => html`<span style="display:block">${line}</span>`)}</figcaption></figure>
`
}

function percent(value: number): string {
  return `${round(value)}%`
}
