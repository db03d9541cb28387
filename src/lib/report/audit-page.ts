/** The page of an audit: verdict, findings, and what lies behind each. It needs no other page and no network. */
import type { Audit } from '../audit/audit'
import type { Finding } from '../audit/finding'
import type { Figure } from '../display/figures/figure'
import { verdictWords } from '../display/findings-table'
import { formatNumber } from '../display/format'
import { html, trustedHtml, type Html } from '../display/html'
import { toHtml, type Table } from '../display/tables'
import { openings } from './sentences'
import { contentPolicy } from './policy'
import { auditStyle, script, style } from './style'

/** What lies behind some findings: figures and tables under a heading. */
export interface AuditSection {
  /** The section's anchor. */
  id: string
  title: string
  /** How to read it, and its limits. */
  words: string
  figures: readonly Figure[]
  tables: readonly Table[]
  /** All figures, folded; null where there are none. */
  numbers: Table | null
}

/** What the page says of the run. */
export interface AuditConditions {
  /** The command that repeats the audit. */
  command: string
  seconds: number
  /** ISO 8601, in UTC. */
  started: string
}

/** The whole page. Pictures are in it; tables are linked as CSV in the folder `tables` beside it. */
export function auditPage(audit: Audit, sections: readonly AuditSection[], conditions: AuditConditions): string {
  const { set, findings, verdict } = audit
  const title = `Audit: ${set.title}`
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">${contentPolicy(script)}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title><style>${trustedHtml(style + auditStyle)}</style></head><body>
<a class="skip" href="#content">Skip to the findings</a>
<header><h1>${title}</h1>
<p class="limits">Does an accuracy on this set mean what it says? For learning and for checking published figures. Not a medical
device.</p></header>
${contents(sections)}
<main id="content">
<p class="note ${set.evidence}"><strong>${openings[set.evidence]}</strong>
 ${set.notice}</p>
<section id="verdict"><h2>Verdict</h2><p class="verdict">${verdict}</p></section>
<section id="findings"><h2>Findings</h2>
<p>The heaviest first. <em>Unknown</em>: the question cannot be asked of this set, or its figures do not
decide. <em>No fault seen</em> is no proof that there is none.</p>
<ul class="answers">${findings.map(answer)}</ul></section>
${sections.map(sectionOf)}
${facts(audit, conditions)}
</main><script>${trustedHtml(script)}</script></body></html>
`.toString()
}

function contents(sections: readonly AuditSection[]): Html {
  const links = [['verdict', 'Verdict'], ['findings', 'Findings'], ...sections.map(({ id, title }) => [id, title]), ['conditions', 'Conditions']]
  return html`<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>${
    links.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`
}

function answer({ question, verdict, sentence }: Finding): Html {
  return html`<li class="${verdict}"><strong>${question}: ${verdictWords[verdict]}</strong> ${sentence}</li>`
}

function sectionOf({ id, title, words, figures, tables, numbers }: AuditSection): Html {
  return html`<section id="${id}"><h2>${title}</h2><p>${words}</p>
<div class="shown">${figures.map(figureOf)}</div>
${tables.map(tableOf)}
${numbers && html`<details><summary>All figures</summary>${tableOf(numbers)}</details>`}</section>`
}

/** The figure carries its title, its words for screen readers and its images. */
function figureOf({ svg }: Figure): Html {
  return html`<figure class="wide inline">${trustedHtml(svg)}</figure>`
}

function tableOf(table: Table): Html {
  const name = table.title || table.name
  return html`<div class="table" role="region" tabindex="0" aria-label="${name}">${trustedHtml(toHtml(table))}</div>
<p class="below"><a href="tables/${encodeURIComponent(table.name)}.csv" aria-label="${name} as CSV">CSV</a></p>`
}

function facts({ set, external, seed }: Audit, { command, seconds, started }: AuditConditions): Html {
  const classes = set.labels.map((label, k) => `${label} ${formatNumber(set.counts[k], 'integer')}`).join(', ')
  const rows: [string, string][] = [
    ['Data', `${set.name}, ${formatNumber(set.images, 'integer')} images: ${classes}`],
    ['Groups', set.grouping === 'none' ? 'none are known' : `${formatNumber(set.groups, 'integer')}, each a ${set.grouping}`],
    ['Images', set.modality === 'unknown' ? 'nobody has said what took them' : set.modality],
    ['Content', `SHA-256 ${set.contentHash}`],
    ...(external ? [['Other set',
      `${external.title}, ${formatNumber(external.images, 'integer')} images. ${external.notice} SHA-256 ${external.contentHash}`,
    ] as [string, string]] : []),
    ['Seed', String(seed)],
    ['Run', `${started.slice(0, 16).replace('T', ' ')} UTC, ${formatNumber(seconds, 'seconds')}`],
  ]
  return html`<section id="conditions"><h2>Conditions</h2>
<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p>To run the same again:</p><pre tabindex="0">${command}</pre></section>`
}
