/** The page that opens after `npm start`: for every run what was found, and what each notebook shows. */
import { html, trustedHtml, type Html } from '../display/html'
import type { Reproduction } from '../experiments/plans/papers/reproduction'
import { notebookNumber, type Collected } from './collect'
import { findingsOf, shownIn } from './findings'
import { factsSection } from './facts-section'
import { foundSection } from './found-section'
import { notebookSection } from './notebook-section'
import { contentPolicy } from './policy'
import { papersId, papersSection, papersTitle } from './papers-section'
import type { NotebookRecord, RunRecord } from './run-record'
import { sortableScript, sortableStyle } from './sortable-table'
import { script, style } from './style'

/** A run with what its notebooks showed, by notebook name. */
export interface CollectedRun {
  record: RunRecord
  shown: ReadonlyMap<string, Collected>
  /** Where the page of the set's audit lies, seen from the report; absent where the set was not audited. */
  audit?: string
}

/**
 * The whole page, for results/index.html. It needs no other page and no network; pictures, tables and notebooks are
 * linked relative to it. The newest run comes first.
 * @param reproductions published accuracies beside recorded runs: a section after the runs
 */
export function indexPage(runs: readonly CollectedRun[], reproductions: readonly Reproduction[] = []): string {
  const papers = papersSection(reproductions), scripts = papers ? script + sortableScript : script
  const ordered = [...runs].sort((a, b) => b.record.started.localeCompare(a.record.started))
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">${contentPolicy(scripts)}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ResNet50 laboratory: results</title><style>${trustedHtml(papers ? style + sortableStyle : style)}</style></head><body>
<a class="skip" href="#content">Skip to the results</a>
<header><h1>ResNet50 laboratory: results</h1>
<p class="limits">For learning and for checking published figures. Not a medical device.</p></header>
${contents(ordered, papers !== null)}
<main id="content">
${ordered.length ? ordered.map(runSection) : html`<p>No notebook has been run yet: <code>npm start</code> runs them.</p>`}
${papers}
</main>
<script>${trustedHtml(scripts)}</script></body></html>
`.toString()
}

function contents(runs: readonly CollectedRun[], papers: boolean): Html {
  return html`<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ul>${runs.map(({ record, shown }) => {
    const { data: { folder, title }, notebooks } = record
    return html`<li><a href="#${folder}">${title}</a><ul>
<li><a href="#${folder}-found">What was found</a></li><li><a href="#${folder}-conditions">Conditions of the run</a></li>
${notebooks.map(({ name }) => html`<li><a href="#${notebookId(folder, name)}">${titleOf(name, shown)}</a></li>`)}</ul></li>`
  })}${papers && html`<li><a href="#${papersId}">${papersTitle}</a></li>`}</ul></nav>`
}

function runSection({ record, shown, audit }: CollectedRun): Html {
  const { data: { folder, title }, notebooks } = record
  const section = (notebook: NotebookRecord) => notebookSection({
    folder, notebook, shown: shown.get(notebook.name), id: notebookId(folder, notebook.name),
    title: titleOf(notebook.name, shown),
  })
  const found = shownIn(shown.values())
  return html`<section id="${folder}"><h2>${title}</h2>
${foundSection(record, findingsOf(found), found)}
${audit !== undefined && html`<p>Does an accuracy on this set mean what it says? <a href="${audit}">Audit of ${title}</a></p>`}
${factsSection(record)}
<h3>Notebook by notebook</h3>
${notebooks.map(section)}
</section>`
}

function notebookId(folder: string, notebook: string): string {
  return `${folder}-${notebook}`
}

/** The notebook's number and its heading; words of the file's name where the notebook shows no heading. */
function titleOf(name: string, shown: CollectedRun['shown']): string {
  const number = notebookNumber(name), words = name.slice(number.length + 1).replaceAll('-', ' ')
  const heading = shown.get(name)?.title?.replace(/^\d+[a-z]?\s*[·.:–-]?\s+/, '')
  return `${number} ${heading ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`}`
}
