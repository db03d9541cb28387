/** Runs notebooks without a browser, one after the other, with live progress, and records the outcome of each. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { activity } from '../command/progress.mjs'
import { say, size } from '../command/text.mjs'
import { startProgram } from '../set-up/children.mjs'
import { environment, inProject, venvPython } from '../set-up/project.mjs'
import { SetUpError } from '../set-up/set-up-error.mjs'

/** The names of the project's notebooks, in order. @param {string[]} starts beginnings of names; none: all */
export function notebookNames(starts = []) {
  const names = readdirSync(inProject('notebooks')).filter(name => /^\d.*\.ipynb$/.test(name)).sort()
    .map(name => name.replace('.ipynb', ''))
  const unknown = starts.find(start => !names.some(name => name.startsWith(start)))
  if (unknown)
    throw new SetUpError('unknown-notebook', {
      expected: `the beginning of one of: ${names.join(', ')}`, received: unknown, remedy: 'name one of them, or none for all',
    })
  return starts.length ? names.filter(name => starts.some(start => name.startsWith(start))) : names
}

/**
 * @typedef {object} NotebookRecord
 * @property {string} name
 * @property {number} seconds
 * @property {number} cells
 * @property {number | null} peakBytes the kernel's peak memory in bytes; null if the system does not report it
 * @property {{ cell: number, title: string, text: string } | null} failure the first cell that failed
 */

/**
 * Runs notebooks and writes them to `folder`/notebooks: executed, and as pages. If one fails, the others still run.
 * @param {string[]} names
 * @param {string} folder
 * @param {object} env adds to the environment
 * @returns {Promise<NotebookRecord[]>}
 */
export async function runNotebooks(names, folder, env) {
  const target = join(folder, 'notebooks')
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const records = []
  for (const name of names) records.push(await runNotebook(name, target, env))
  return records
}

async function runNotebook(name, target, env) {
  let cells = 0
  let state = 'starting the kernel'
  let progress = ''
  let end = null
  const shown = activity(name, () => [state, progress].filter(Boolean).join(' · '))
  const receive = {
    start: event => { cells = event.cells },
    cell: event => { state = `cell ${event.number} of ${cells}: ${event.title}`; progress = '' },
    progress: event => { progress = event.text },
    end: event => { end = event },
  }
  const lastLines = []
  await new Promise((resolve, reject) => {
    const args = [inProject('scripts', 'notebooks', 'run-notebook.py'), inProject('notebooks', `${name}.ipynb`),
      join(target, `${name}.ipynb`), join(target, `${name}.html`)]
    const child = startProgram(venvPython, args, { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface({ input: child.stdout }).on('line', line => {
      const event = JSON.parse(line)
      receive[event.event](event)
    })
    createInterface({ input: child.stderr }).on('line', line => lastLines.push(line))
    child.on('error', reject)
    child.on('close', resolve)
  })
  const { seconds = 0, peakBytes = null, failure = crash(state, lastLines) } = end ?? {}
  shown.end(failure ? `failed at cell ${failure.cell}` : `${cells} cells${peakBytes ? `, ${size(peakBytes)} of memory` : ''}`)
  if (failure) say(`    ${failure.title}\n    ${failure.text.replaceAll('\n', '\n    ')}`)
  return { name, seconds, cells, peakBytes, failure }
}

/** The failure of a notebook whose runner itself stopped: memory ran out, or somebody ended the process. */
function crash(title, lines) {
  return { cell: 0, title, text: `the notebook's runner stopped. ${lines.slice(-3).join(' ')}` }
}

/** Writes a text file. If writing fails, the old file is kept. @param {string} path @param {string} text */
export function writeWhole(path, text) {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}
