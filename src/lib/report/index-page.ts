/** The page that a student opens after `npm start`: every run's data, engine, times, figures and tables. */
import { engineName } from '../engine/engine'
import { formatNumber } from '../display/format'
import { escapeHtml } from '../display/html'
import type { Collected } from './collect'
import type { NotebookRecord, RunRecord } from './run-record'

/** A run with what its notebooks showed, by notebook name. */
export interface CollectedRun {
  record: RunRecord
  shown: ReadonlyMap<string, Collected>
}

/** The whole page, for results/index.html: pictures and notebooks are linked relative to it. Newest run first. */
export function indexPage(runs: readonly CollectedRun[]): string {
  const ordered = [...runs].sort((a, b) => b.record.started.localeCompare(a.record.started))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>ResNet50 laboratory: results</title><style>${style}</style></head><body>
<h1>ResNet50 laboratory: results</h1>
<p class="limits">For learning and for checking published figures. Not a medical device.</p>
${ordered.map(runSection).join('\n')}
</body></html>
`
}

function runSection({ record, shown }: CollectedRun): string {
  const { data, engine, profile, started, seconds, notebooks } = record
  const facts: [string, string][] = [
    ['data', `${data.title}, ${formatNumber(data.images, 'integer')} images, classes ${data.labels.join(', ')}`],
    ['licence, source', `${data.licence} · ${data.source}`],
    ['engine', engine ? `${engineName(engine)}, TensorFlow.js ${engine.tensorflowJs}, `
      + `Node ${engine.node}, ${engine.threads} threads` : `none: ${record.engineMissing}`],
    ['run', `${started.slice(0, 16).replace('T', ' ')} UTC, profile ${profile}, ${formatNumber(seconds, 'seconds')}`],
  ]
  const banner = data.evidence === 'phantom' ? 'Drawn by code: never evidence about disease.' : 'Real images.'
  return `<section><h2>${escapeHtml(data.title)}</h2>
<p class="${data.evidence}"><strong>${banner}</strong> ${escapeHtml(data.notice)}</p>
<table class="facts">${facts.map(([key, value]) => `<tr><th>${key}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</table>
${notebooks.map(notebook => notebookPart(data.folder, notebook, shown.get(notebook.name))).join('\n')}
</section>`
}

function notebookPart(folder: string, notebook: NotebookRecord, shown: Collected | undefined): string {
  const { name, seconds, cells, peakBytes, failure } = notebook
  const at = `${encodeURIComponent(folder)}/notebooks/${encodeURIComponent(name)}`
  const memory = peakBytes === null ? '' : `, ${formatNumber(peakBytes / 1e6, 'integer')} MB of memory at most`
  const failed = failure
    ? `<pre class="failure">Cell ${failure.cell} failed: ${escapeHtml(failure.title)}\n${escapeHtml(failure.text)}</pre>` : ''
  const figures = (shown?.figures ?? []).map(({ name, title, alt }) => {
    const picture = `${encodeURIComponent(folder)}/figures/${encodeURIComponent(name)}`
    return `<figure><img loading="lazy" src="${picture}.svg" alt="${escapeHtml(alt)}"><figcaption>${escapeHtml(title)} · `
      + `<a href="${picture}.svg">SVG</a> · <a href="${picture}.png">PNG</a></figcaption></figure>`
  })
  const tables = (shown?.tables ?? []).map(({ table, html }) =>
    `<div class="table">${html}<p><a href="${encodeURIComponent(folder)}/tables/${encodeURIComponent(table.name)}.csv">CSV</a></p></div>`)
  return `<h3><a href="${at}.html">${escapeHtml(name)}</a></h3>
<p>${cells} cells, ${formatNumber(seconds, 'seconds')}${memory} · <a href="${at}.ipynb">notebook</a></p>
${failed}<div class="shown">${figures.join('\n')}</div>${tables.join('\n')}`
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; color: #222 }
h2 { border-top: 1px solid #ccc; padding-top: 1rem } h3 { margin-bottom: 0 }
.phantom { background: #fff3cd; padding: .6rem 1rem; border-left: 4px solid #e69f00 }
.real { background: #e6f2ea; padding: .6rem 1rem; border-left: 4px solid #009e73 }
.failure { background: #fbe9e7; padding: .6rem 1rem; white-space: pre-wrap }
.facts th { text-align: left; padding-right: 1rem; vertical-align: top; font-weight: normal; color: #666 }
.shown { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0; max-width: 100% } img { max-width: 100% }
figcaption, .limits, .table p { font-size: 90%; color: #555 }
.table { overflow-x: auto; margin: 1rem 0 } .table table { border-collapse: collapse } .table td, .table th { padding: .15rem .6rem }
`
