/**
 * `npm start`: set-up, then all notebooks on the data at hand, then figures, tables and results/index.html.
 *
 *   npm start                       what LAB_DATA names, else the CT set if it was imported, else the phantom
 *   npm start -- --data ZIP|FOLDER  imports the CT set first
 *   npm start -- 01 05              only these notebooks
 *
 * LAB_PROFILE=quick|full (default quick) decides how long they train.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { notebookNames, runNotebooks, writeWhole } from './run-notebooks.mjs'
import { setUp } from './set-up.mjs'
import { inForeground } from './set-up/command.mjs'
import { SetUpFault, runMain } from './set-up/fault.mjs'
import { withLock } from '../src/lib/system/lock.mjs'
import { environment, inProject, root } from './set-up/project.mjs'
import { duration, say } from './set-up/terminal.mjs'

await runMain(async () => {
  const { data, wanted } = readArguments(process.argv.slice(2))
  const names = notebookNames(wanted)
  await setUp()
  if (data !== null) {
    const status = await script('data', 'sars-cov-2-ct', '--from', data)
    if (status) return status
    process.env.LAB_DATA = 'sars-cov-2-ct'
  }
  // Notebooks run in their own folder, where a relative path would mean something else.
  const named = process.env.LAB_DATA
  if (named && existsSync(resolve(named))) process.env.LAB_DATA = resolve(named)
  const lab = describe()
  const folder = inProject('results', lab.data.folder)
  mkdirSync(folder, { recursive: true })
  return withLock(inProject('.cache', `results-${lab.data.folder}.lock`), () => runAll(names, folder, lab),
    { onBusy: 'wait', purpose: 'running the notebooks', say })
})

async function runAll(names, folder, lab) {
  const profile = process.env.LAB_PROFILE ?? 'quick'
  const engine = lab.engine ? `${lab.engine.engine}, ${lab.engine.threads} threads` : 'none'
  say(`${count(names.length)} on ${lab.data.title} (${lab.data.images} images), profile ${profile}, engine ${engine}:`)
  if (lab.data.evidence === 'phantom') say(`  ${lab.data.notice}`)
  const started = new Date()
  const notebooks = await runNotebooks(names, folder, { LAB_DATA: lab.data.open, LAB_PROFILE: profile })
  const seconds = (Date.now() - started.getTime()) / 1000
  const record = { started: started.toISOString(), seconds, profile, ...lab, notebooks }
  writeWhole(`${folder}/run.json`, `${JSON.stringify(record, null, 2)}\n`)
  const status = await script('report')
  const failed = notebooks.filter(one => one.failure)
  say(failed.length
    ? `${failed.length} of ${count(notebooks.length)} failed: ${failed.map(one => one.name).join(', ')}.`
    : `${count(notebooks.length)} ran, in ${duration(seconds)}.`)
  say(`Results: ${inProject('results', 'index.html')}`)
  return failed.length || status ? 1 : 0
}

function readArguments(args) {
  let data = null
  const wanted = []
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--data' && args[i + 1]) data = resolve(args[++i])
    else if (args[i].startsWith('-'))
      throw new SetUpFault('bad-argument', {
        expected: '--data ZIP or FOLDER, or the beginnings of notebooks’ names',
        received: args[i],
        remedy: 'npm start -- --data PATH, or npm start -- 01 02',
      })
    else wanted.push(args[i])
  }
  return { data, wanted }
}

/** Which data and which engine the notebooks will meet. */
function describe() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', inProject('scripts', 'describe.ts')],
    { cwd: root, env: environment(), encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout)
  throw new SetUpFault('no-data', {
    expected: 'a data set to run on', received: stderr.trim().split('\n').at(-1) ?? 'nothing',
    remedy: 'npm run data -- --list tells which there are; without LAB_DATA the phantom serves',
  })
}

function script(name, ...args) {
  return inForeground(process.execPath, ['--import', 'tsx', inProject('scripts', `${name}.ts`), ...args])
}

function count(notebooks) {
  return notebooks === 1 ? '1 notebook' : `${notebooks} notebooks`
}
