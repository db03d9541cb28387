/** The top of a run's report: warnings, what was found in sentences and figures, what is missing. */
import type { Figure } from '../display/figures/figure'
import { html, type Html } from '../display/html'
import { figureElement } from './figure-element'
import type { Findings, Shown } from './findings'
import type { RunRecord } from './run-record'
import { foundSentences, missingSentences, warnings } from './sentences'

/** The figures at the top, each with what it shows; of several names the first that a notebook shows. */
export const topFigures = [
  { heading: 'The data', names: ['01-examples-first-class', '01-images-by-class', '10-nine-images'] },
  { heading: 'The split, and what it does to the same methods', names: ['02-baselines'] },
  { heading: 'The network beside classifiers without a network', names: ['06-beside-baselines', '10-beside-baselines', '05-test'] },
  { heading: 'Which mistakes the network makes', names: ['06-confusion-matrix', '10-confusion-matrix'] },
  { heading: 'Sensitivity against false alarms', names: ['06-roc-curve', '10-roc-curve'] },
  { heading: 'Where the network fails', names: ['06-worst-mistakes', '10-worst-mistakes'] },
] as const

/** The section, with the anchor FOLDER-found. */
export function foundSection(record: RunRecord, findings: Findings, shown: Shown): Html {
  const { folder, evidence } = record.data
  const [first, ...others] = warnings(record)
  const found = foundSentences(findings), missing = missingSentences(record)
  const figures = topFigures.flatMap(({ heading, names }) => {
    const figure = names.map(name => shown.figure(name)).find(one => one !== null)
    return figure ? [html`<section class="finding"><h4>${heading}</h4>${figureElement(folder, figure)}${linkToImages(folder, figure, shown)}</section>`] : []
  })
  return html`<p class="note ${evidence}"><strong>${first}</strong> ${others.join(' ')}</p>
<h3 id="${folder}-found">What was found</h3>
${found.length ? html`<ul class="found">${found.map(sentence => html`<li>${sentence}</li>`)}</ul>`
    : html`<p>The notebooks of this run show none of the figures that this summary is made of.</p>`}
${missing.length > 0 && html`<div class="note missing"><strong>What is missing</strong>
<ul>${missing.map(sentence => html`<li>${sentence}</li>`)}</ul></div>`}
<div class="findings">${figures}</div>`
}

/** Beneath a confusion matrix a link to the one whose cells open, where the notebook shows one. */
function linkToImages(folder: string, { name }: Figure, shown: Shown): Html | null {
  const gallery = name.endsWith('-confusion-matrix') ? shown.gallery(name.replace(/matrix$/, 'explorer')) : null
  return gallery && html`<p class="below"><a href="#${folder}-${gallery.name}">The images behind its cells</a></p>`
}
