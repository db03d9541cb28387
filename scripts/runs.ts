/** `npm run runs`: lists, compares and removes the runs of experiments, and writes their curves for TensorBoard. */
import { join, relative } from 'node:path'
import { toText } from '../src/lib/display/tables'
import { compareFinished } from '../src/lib/experiments/run-comparison'
import { isFinished, readRun, removeRun, requireRun, runFolder, runNames, runsFolder } from '../src/lib/experiments/run-folder'
import { listRuns } from '../src/lib/experiments/run-list'
import { writeTensorboard } from '../src/lib/experiments/tensorboard'
import { writeFileAtomic } from '../src/lib/system/files'
import { sha256 } from '../src/lib/system/hash'
import { projectRoot } from '../src/lib/system/project-root'
import { runCommand } from './command/main.mjs'
import { readOptions, UsageError } from './command/options.mjs'

const usage = 'npm run runs -- [list | compare RUN RUN … | remove RUN … | tensorboard [RUN …]]'

const tasks: Readonly<Record<string, (runs: readonly string[]) => Promise<void>>> =
  { list, compare, remove, tensorboard }

void runCommand(async words => {
  const { words: [name = 'list', ...runs] } = readOptions(words, {
    usage, words: [0, Infinity],
    does: 'Lists runs; compares two or more of them; removes them; writes event files for tensorboard --logdir results/runs. '
      + 'RUN is a name from the list; its last eight characters are enough.',
  })
  if (!Object.hasOwn(tasks, name)) throw new UsageError(Object.keys(tasks).join(', '), name, `Usage: ${usage}`)
  await tasks[name](runs.map(wholeName))
})

async function list(): Promise<void> {
  console.log(toText(await listRuns(), Infinity))
}

async function compare(names: readonly string[]): Promise<void> {
  if (names.length < 2) throw new UsageError('two or more runs', names.join(' ') || 'none', `Usage: ${usage}`)
  const { settings, metrics, differences, curves } = compareFinished(await Promise.all(names.map(readRun)))
  console.log([metrics, settings, differences].map(table => toText(table, Infinity)).join('\n\n'))
  if (!curves) return
  const path = join(runsFolder(), '..', 'compared-runs', `${sha256(names.join('\n')).slice(0, 8)}.svg`)
  await writeFileAtomic(path, curves.svg)
  console.log(`\nValidation curves: ${relative(projectRoot, path)}`)
}

async function remove(names: readonly string[]): Promise<void> {
  if (names.length === 0) throw new UsageError('the names of runs to remove', 'none', `Usage: ${usage}`)
  for (const name of names) {
    await removeRun(name)
    console.log(`Removed ${name}`)
  }
}

/** All finished runs, unless some are named. */
async function tensorboard(names: readonly string[]): Promise<void> {
  const chosen = names.length ? names : runNames().filter(name => isFinished(runFolder(name)))
  for (const name of chosen) console.log(relative(projectRoot, await writeTensorboard(await readRun(name))))
  console.log(`${chosen.length} runs written: tensorboard --logdir ${relative(projectRoot, runsFolder())}`)
}

/** The name of the run that a word stands for: the word itself, or the only name that ends with it. */
function wholeName(word: string): string {
  const ending = runNames().filter(name => name.endsWith(word))
  const name = ending.length === 1 ? ending[0] : word
  requireRun(name)
  return name
}
