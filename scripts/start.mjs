/** `npm start`: the set-up, then all notebooks, then figures, tables and results/index.html. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { withLock } from '../src/lib/system/lock.mjs'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { duration, say } from './command/text.mjs'
import { userPath } from './command/user-path.mjs'
import { notebookNames, runNotebooks, writeWhole } from './notebooks/run-notebooks.mjs'
import { setUp } from './set-up.mjs'
import { inForeground } from './set-up/command.mjs'
import { environment, inProject, root } from './set-up/project.mjs'
import { SetUpError } from './set-up/set-up-error.mjs'

const description = {
  usage: 'npm start [-- [--data ZIP|FOLDER] [NOTEBOOK…]]',
  does: 'Runs the notebooks: all of them, or those whose names begin with the words given, such as 01 05.\n'
    + 'They read the data set that LAB_DATA names; else the CT set, if it was imported; else the phantom.\n'
    + 'LAB_PROFILE=full trains longer than LAB_PROFILE=quick, which is the default.',
  values: { data: 'imports the CT set from this ZIP or folder first' },
  words: [0, Infinity],
}

await runCommand(async args => {
  const options = readOptions(args, description)
  const data = options.text('data')
  if (data === '') options.refuse('a ZIP or a folder after --data', 'nothing')
  if (data !== undefined && !existsSync(userPath(data))) options.refuse(`a ZIP or a folder at ${userPath(data)}`, 'nothing there')
  const names = notebookNames(options.words)
  await setUp()
  if (data !== undefined) {
    const status = await script('data.ts', 'sars-cov-2-ct', '--from', userPath(data))
    if (status) return status
    process.env.LAB_DATA = 'sars-cov-2-ct'
  }
  // Notebooks run in their own folder, where a relative path would name something else.
  const named = process.env.LAB_DATA
  if (named && existsSync(userPath(named))) process.env.LAB_DATA = userPath(named)
  const lab = describe()
  const folder = inProject('results', lab.data.folder)
  mkdirSync(folder, { recursive: true })
  return withLock(inProject('.cache', `results-${lab.data.folder}.lock`), () => runAll(names, folder, lab),
    { onBusy: 'wait', purpose: 'running the notebooks', say })
})

async function runAll(names, folder, lab) {
  const profile = process.env.LAB_PROFILE || 'quick'
  const engine = lab.engine ? `${lab.engine.engine}, ${lab.engine.threads} threads` : 'none'
  say(`${count(names.length)} on ${lab.data.title} (${lab.data.images} images), profile ${profile}, engine ${engine}:`)
  if (lab.data.evidence === 'phantom') say(`  ${lab.data.notice}`)
  const started = new Date(), begun = performance.now()
  const notebooks = await runNotebooks(names, folder, { LAB_DATA: lab.data.open, LAB_PROFILE: profile })
  const seconds = (performance.now() - begun) / 1000
  const record = { started: started.toISOString(), seconds, profile, ...lab, notebooks }
  writeWhole(`${folder}/run.json`, `${JSON.stringify(record, null, 2)}\n`)
  // The page lists all data sets' runs: one that was written meanwhile must not be missing.
  const status = await withLock(inProject('.cache', 'report.lock'), () => script('notebooks/report.ts'),
    { onBusy: 'wait', purpose: 'writing the page of results', say })
  const failed = notebooks.filter(one => one.failure)
  say(failed.length
    ? `${failed.length} of ${count(notebooks.length)} failed: ${failed.map(one => one.name).join(', ')}.`
    : `${count(notebooks.length)} ran, in ${duration(seconds)}.`)
  say(`Results: ${inProject('results', 'index.html')}`)
  return failed.length || status ? 1 : 0
}

/** The data set and the engine that the notebooks will use. @throws SetUpError where there is no such set */
function describe() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', inProject('scripts', 'command', 'describe.ts')],
    { cwd: root, env: environment(), encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout)
  if (stdout) {
    const { code, ...parts } = JSON.parse(stdout)
    throw new SetUpError(code, parts)
  }
  throw new SetUpError('no-data', {
    expected: 'a data set to run on', received: stderr.trim().split('\n').at(-1) ?? 'nothing',
    remedy: 'choose one that npm run data -- --list shows; without LAB_DATA the notebooks use the phantom',
  })
}

function script(name, ...args) {
  return inForeground(process.execPath, ['--import', 'tsx', inProject('scripts', name), ...args])
}

function count(notebooks) {
  return notebooks === 1 ? '1 notebook' : `${notebooks} notebooks`
}
