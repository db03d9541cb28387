/** Runs notebooks headless, one after the other, with live progress, and records what came of each. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SetUpFault } from './set-up/fault.mjs'
import { environment, inProject, venvPython } from './set-up/project.mjs'
import { activity, say, size } from './set-up/terminal.mjs'

/** The names of the project's notebooks, in order. @param {string[]} wanted beginnings of names; none: all */
export function notebookNames(wanted = []) {
  const names = readdirSync(inProject('notebooks')).filter(name => /^\d.*\.ipynb$/.test(name)).sort()
    .map(name => name.replace('.ipynb', ''))
  const unknown = wanted.find(start => !names.some(name => name.startsWith(start)))
  if (unknown)
    throw new SetUpFault('unknown-notebook', {
      expected: `the beginning of one of: ${names.join(', ')}`, received: unknown, remedy: 'name one of them, or none for all',
    })
  return wanted.length ? names.filter(name => wanted.some(start => name.startsWith(start))) : names
}

/**
 * @typedef {object} NotebookRecord
 * @property {string} name
 * @property {number} seconds
 * @property {number} cells
 * @property {number | null} peakBytes the most memory that the kernel held
 * @property {{ cell: number, title: string, text: string } | null} failure the first cell that failed
 */

/**
 * Runs notebooks and writes them, executed and as pages, to `folder`/notebooks. A failing one does not stop the others.
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
  let at = 'starting the kernel'
  let progress = ''
  let end = null
  const shown = activity(name, () => [at, progress].filter(Boolean).join(' · '))
  const receive = {
    start: event => { cells = event.cells },
    cell: event => { at = `cell ${event.number} of ${cells}: ${event.title}`; progress = '' },
    progress: event => { progress = event.text },
    end: event => { end = event },
  }
  const words = []
  await new Promise((resolve, reject) => {
    const args = [inProject('scripts', 'run-notebook.py'), inProject('notebooks', `${name}.ipynb`),
      join(target, `${name}.ipynb`), join(target, `${name}.html`)]
    const child = spawn(venvPython, args, { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface({ input: child.stdout }).on('line', line => {
      const event = JSON.parse(line)
      receive[event.event](event)
    })
    createInterface({ input: child.stderr }).on('line', line => words.push(line))
    child.on('error', reject)
    child.on('close', resolve)
  })
  const { seconds = 0, peakBytes = null, failure = crash(at, words) } = end ?? {}
  shown.end(failure ? `failed at cell ${failure.cell}` : `${cells} cells${peakBytes ? `, ${size(peakBytes)} of memory` : ''}`)
  if (failure) say(`    ${failure.title}\n    ${failure.text.replaceAll('\n', '\n    ')}`)
  return { name, seconds, cells, peakBytes, failure }
}

/** A notebook whose runner itself came to an end: the memory ran out, or somebody stopped it. */
function crash(at, words) {
  return { cell: 0, title: at, text: `the notebook's runner stopped. ${words.slice(-3).join(' ')}` }
}

/** Writes text whole or not at all. @param {string} path @param {string} text */
export function writeWhole(path, text) {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}
