/** Under which conditions a run was made, and how to run it again. */
import { formatNumber } from '../display/format'
import { html, type Html } from '../display/html'
import { engineName } from '../engine/engine'
import { notebookNumber } from './collect'
import type { RunRecord } from './run-record'

/** The section, with the anchor FOLDER-conditions. */
export function factsSection(record: RunRecord): Html {
  const { data, engine, engineMissing, profile, started, seconds } = record
  const facts: [string, string][] = [
    ['Data', `${data.title}, ${formatNumber(data.images, 'integer')} images, classes ${data.labels.join(', ')}`],
    ['Licence', data.licence],
    ['Source', data.source],
    ['Engine', engine ? `${engineName(engine)}, TensorFlow.js ${engine.tensorflowJs}, Node ${engine.node}, `
      + `${engine.threads} threads` : `none: ${engineMissing}`],
    ['Run', `${started.slice(0, 16).replace('T', ' ')} UTC, profile ${profile}, ${formatNumber(seconds, 'seconds')}`],
  ]
  return html`<h3 id="${data.folder}-conditions">Conditions of the run</h3>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p>To run the same again:</p><pre tabindex="0">${commandOf(record)}</pre>`
}

/** The command that repeats a run. */
function commandOf({ data, profile, notebooks }: RunRecord): string {
  const numbers = notebooks.map(({ name }) => notebookNumber(name))
  return `LAB_DATA=${quoted(data.open)} LAB_PROFILE=${quoted(profile)} npm start -- ${numbers.join(' ')}`
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
