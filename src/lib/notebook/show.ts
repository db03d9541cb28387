/** One way to look at everything: figures, galleries, tables, data sets, models, evaluations, audits, rows, words. */
import type { Audit } from '../audit/audit'
import type { Dataset } from '../data/dataset'
import { LabError } from '../system/errors'
import type { Evaluation } from '../evaluation/evaluation'
import type { Figure } from '../display/figures/figure'
import type { Gallery } from '../display/gallery'
import type { Model } from '../model/model'
import type { Split } from '../data/split/split'
import { findings } from '../display/findings-table'
import { stageTable } from '../display/model-overviews'
import { html, trustedHtml } from '../display/html'
import { inertMarkdown } from '../display/inert-markdown'
import { dataTable, toHtml, toText, type Table } from '../display/tables'
import type { Prose } from './explain'
import { put, type Shown } from './output'
import { datasetOverview, evaluationOverview, splitOverview } from '../display/overviews'

/** Whatever {@link show} can show. Rows are plain objects with the same properties. */
export type Showable =
  string | Prose | Figure | Gallery | Table | Dataset | Split | Model | Evaluation | Audit | readonly object[]

/**
 * Shows a thing beneath the cell; outside a notebook, as text.
 *
 * Figures become `<figure data-figure="name">`, galleries `<section data-gallery="name">`, and tables
 * `<table data-table="name">` with full values in `data-value`: so the report finds them in executed notebooks.
 * Nothing is written to disk.
 * @throws LabError 'bad-argument' for anything else
 * @example show(figures.rocCurve(evaluation))
 */
export function show(thing: Showable): void {
  put(shownOf(thing))
}

/** How a thing looks, as HTML and as text. */
export function shownOf(thing: Showable): Shown {
  if (typeof thing === 'string') return { html: String(html`<p>${thing}</p>`), text: thing }
  if (has(thing, 'markdown')) return proseShown(thing as Prose)
  if (has(thing, 'svg', 'alt')) return figureShown(thing as Figure)
  if (has(thing, 'html', 'alt')) return galleryShown(thing as Gallery)
  const shown = tableOf(thing as Exclude<Showable, string | Prose | Figure | Gallery>)
  return { html: toHtml(shown), text: toText(shown) }
}

function tableOf(thing: Exclude<Showable, string | Prose | Figure | Gallery>): Table {
  if (Array.isArray(thing)) return dataTable('rows', '', thing)
  if (has(thing, 'columns', 'rows')) return thing as Table
  if (has(thing, 'confusion', 'predictions')) return evaluationOverview(thing as Evaluation)
  if (has(thing, 'findings', 'verdict')) return findings(thing as Audit)
  if (has(thing, 'protocol', 'train')) return splitOverview(thing as Split)
  if (has(thing, 'items', 'contentHash')) return datasetOverview(thing as Dataset)
  if (has(thing, 'architecture', 'frozen')) return stageTable(thing as Model)
  throw new LabError('bad-argument', {
    expected: 'a figure, gallery, table, data set, split, model, evaluation, audit, list of rows or text',
    received: thing instanceof Promise ? 'a promise' : typeof thing,
    remedy: thing instanceof Promise ? 'Write `await` before it' : 'Use console.log for anything else',
  })
}

/** Markdown in a notebook; elsewhere the same letters, which read well as they are. */
function proseShown({ markdown }: Prose): Shown {
  return { html: String(html`<p>${markdown}</p>`), text: markdown, markdown: inertMarkdown(markdown) }
}

function figureShown({ name, title, svg, alt }: Figure): Shown {
  const fitted = svg.replace('<svg ', '<svg style="max-width:100%;height:auto" ')
  return {
    html: String(html`<figure data-figure="${name}" data-title="${title}" style="margin:0">${trustedHtml(fitted)}</figure>`),
    text: `[figure ${name}] ${alt}`,
  }
}

function galleryShown({ name, html: markup, alt }: Gallery): Shown {
  return { html: markup, text: `[gallery ${name}] ${alt}` }
}

function has(thing: unknown, ...properties: string[]): boolean {
  return typeof thing === 'object' && thing !== null && properties.every(property => property in thing)
}
