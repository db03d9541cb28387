/**
 * The memory of a notebook's kernel: runs all cells, then its training cells again and again, as a student does.
 * `node --import tsx test/simulation/kernel-memory.ts [ROUNDS] [NOTEBOOK…]`; 10 rounds and all notebooks without them.
 * Prints the kernel's resident memory in MiB after all cells and after each round, and the part of it that JavaScript
 * holds after a collection of garbage.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from '../../src/lib/system/project-root'
import { runNotebook } from '../notebooks/run-notebook'

interface Cell {
  cell_type: string
  id?: string
  source: string | string[]
  outputs?: { text?: string | string[] }[]
}
interface Notebook { cells: Cell[] }

const trains = /\b(?:train|trainRuns|fineTune|watchRuns|findLearningRate|recommend|trainContrastively)\(/
const textOf = (text: string | string[] = '') => (typeof text === 'string' ? text : text.join(''))
const reading = [
  "require('node:v8').setFlagsFromString('--expose-gc'); require('node:vm').runInNewContext('gc')()",
  'const memory = process.memoryUsage()',
  'console.log(`memory ${memory.rss} ${memory.heapUsed + memory.external}`)',
].join('\n')

async function main([rounds = '10', ...names]: readonly string[]): Promise<void> {
  const all = readdirSync(inProject('notebooks')).filter(name => name.endsWith('.ipynb')).map(name => name.slice(0, -6))
  for (const name of all.filter(one => names.length === 0 || names.some(start => one.startsWith(start)))) {
    const notebook = JSON.parse(readFileSync(inProject('notebooks', `${name}.ipynb`), 'utf8')) as Notebook
    const training = notebook.cells.filter(({ cell_type, source }) => cell_type === 'code' && trains.test(textOf(source)))
    if (training.length) console.log(name, `${training.length} cells`, (await memoryOf(notebook, training, Number(rounds))).join(' '))
  }
}

/** @returns MiB after all cells, and after each round of the training cells */
async function memoryOf(notebook: Notebook, training: readonly Cell[], rounds: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-kernel-'))
  // The cells import '../src/lib', which the kernel finds from the folder of the notebooks.
  const source = inProject('notebooks', `.memory-${process.pid}.ipynb`)
  try {
    const readingCell: Cell & object = { ...training[0], source: reading, outputs: [] }
    const cells = [...notebook.cells, readingCell]
    for (let round = 0; round < rounds; round++) cells.push(...training, readingCell)
    const numbered = cells.map((cell, i) => ({ ...cell, id: `cell-${i}` }))
    writeFileSync(source, JSON.stringify({ ...notebook, cells: numbered }))
    const { status, executed, events } = await runNotebook(source, folder, { LAB_PROFILE: 'tiny', LAB_DATA: 'phantom' })
    if (status !== 0) return [JSON.stringify(events.at(-1))]
    const ran = JSON.parse(readFileSync(executed, 'utf8')) as Notebook
    return ran.cells.filter(cell => textOf(cell.source) === reading).map(cell =>
      [.../memory (\d+) (\d+)/.exec(textOf(cell.outputs?.[0]?.text)) ?? []].slice(1)
        .map(bytes => Math.round(Number(bytes) / 2 ** 20)).join(' (') + ')')
  } finally {
    rmSync(source, { force: true })
    rmSync(folder, { recursive: true, force: true })
  }
}

void main(process.argv.slice(2))
