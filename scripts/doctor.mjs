/**
 * `npm run doctor`: what is there, what is missing, and the one command that mends each. Works when nothing is
 * installed, and installs nothing. `--json` prints the same for programs. The exit status is 1 if something needed is
 * missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { relative } from 'node:path'
import { bindingFolder, noEngineBecause, unbuilt, whyLeftOut } from './set-up/engine.mjs'
import { runMain } from './set-up/fault.mjs'
import { checkNode } from './set-up/node-packages.mjs'
import { engineVariant, environment, hasNvidiaDriver, inProject, root, venvPython } from './set-up/project.mjs'
import { findPython } from './set-up/python-packages.mjs'
import { isDone, textOf } from './set-up/step.mjs'
import { say, size } from './set-up/terminal.mjs'
import { steps } from './set-up.mjs'

/** @typedef {{ name: string, state: 'good' | 'missing' | 'note', detail: string, mend?: string }} Finding */

/** Everything looked at, in the order in which it is needed. @returns {Finding[]} */
function examine() {
  const installed = steps().map(step => {
    const done = isDone(step)
    return finding(step.title.replace(/ \(.*/, ''), done, done ? 'in place' : 'missing or out of date', 'npm run setup')
  })
  return [machine(), node(), python(), ...installed, ...lab(), card(), weights(), publishedWeights()]
}

function machine() {
  const detail = `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${size(totalmem())} of memory`
  const reason = noEngineBecause()
  return { name: 'machine', state: reason ? 'note' : 'good', detail: reason ? `${detail}; no native engine: ${reason}` : detail }
}

function node() {
  return tried('Node', () => checkNode(), () => process.versions.node)
}

function python() {
  if (existsSync(venvPython)) return { name: 'Python', state: 'good', detail: versionOf(venvPython) }
  return tried('Python', findPython, versionOf)
}

/** The engine as it really loads, and the data sets: asked of the library, if it is there. */
function lab() {
  if (!existsSync(inProject('node_modules', 'tsx')))
    return [finding('engine', false, 'nothing is installed yet', 'npm run setup')]
  const { stdout, stderr, status } = spawnSync(process.execPath,
    ['--import', 'tsx', inProject('scripts', 'describe.ts'), '--doctor'], { cwd: root, env: environment(), encoding: 'utf8' })
  if (status !== 0) return [finding('engine', false, stderr.trim().split('\n').at(-1) ?? 'no answer', 'npm run setup')]
  const { engine, engineMissing, traits, sets } = JSON.parse(stdout)
  return [
    engine ? engineFinding(engine) : finding('engine', false, engineMissing, 'npm run setup'),
    ...(traits ? [bindingFinding(traits)] : []),
    ...sets.map(({ name, ready, detail }) =>
      ({ name: `data: ${name}`, state: ready ? 'good' : 'note', detail, ...(!ready && { mend: `npm run data -- ${name}` }) })),
  ]
}

/** WebAssembly is a fault only where the native engine should run. */
function engineFinding({ engine, tensorflow, tensorflowJs, threads, nativeMissing }) {
  const under = `TensorFlow.js ${tensorflowJs}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  if (engine !== 'wasm') return finding('engine', true, `${engine}, TensorFlow ${tensorflow}, ${under}`)
  const expected = noEngineBecause() === null, failed = textOf(unbuilt())
  const why = expected ? `; the native one ${failed ? `could not be built: ${failed}` : `fails: ${nativeMissing}`}` : ''
  return finding('engine', !expected, `wasm, ${under}: slow${why}`, failed ? againFromScratch() : 'npm run setup')
}

/** Without the patch and this project's own operations TensorFlow's do the same, more slowly. */
function bindingFinding({ patched, projectOperations, card }) {
  const has = `${patched ? 'patched' : 'not patched'}, ${projectOperations ? 'with' : 'without'} this project’s own operations`
  if (patched && projectOperations) return finding('binding', true, has)
  const failed = whyLeftOut()
  const reason = process.env.LAB_OPERATIONS === 'plain' ? 'LAB_OPERATIONS=plain asks for it'
    : failed || (card ? 'they are not for cards' : 'they are not for this processor')
  return { name: 'binding', state: 'note', detail: `${has}: ${reason}`, ...(failed && { mend: againFromScratch() }) }
}

function againFromScratch() {
  return `rm -r ${relative(root, bindingFolder())}, then npm run setup`
}

function card() {
  const driver = hasNvidiaDriver()
  const detail = `${driver ? 'NVIDIA driver found' : 'no NVIDIA driver'}; TensorFlow for ${engineVariant().toUpperCase()} is `
    + `used${process.env.LAB_ENGINE ? ` (LAB_ENGINE=${process.env.LAB_ENGINE})` : ''}`
  return { name: 'graphics card', state: driver ? 'good' : 'note', detail }
}

function weights() {
  const folder = inProject('data', 'weights')
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.tensors')) : []
  return finding('own weights', names.length > 0, names.join(', ') || 'none in data/weights',
    'git checkout -- data/weights, or make them: npm run pretrain -- fractals')
}

function publishedWeights() {
  const folder = inProject('data', 'weights', 'downloaded')
  const names = existsSync(folder) ? readdirSync(folder).filter(name => /\.(h5|safetensors)$/.test(name)) : []
  const detail = names.join(', ') || 'none; where there is a network: npm run weights -- --list'
  return { name: 'published weights', state: names.length > 0 ? 'good' : 'note', detail }
}

function finding(name, good, detail, mend) {
  return good ? { name, state: 'good', detail } : { name, state: 'missing', detail, mend }
}

function tried(name, work, detail) {
  try {
    return { name, state: 'good', detail: detail(work()) }
  } catch (fault) {
    const [, expected, received, remedy] = fault.message.split('\n').map(line => line.slice(12))
    return { name, state: 'missing', detail: `expected ${expected}, received ${received}`, mend: remedy }
  }
}

function versionOf(python) {
  return spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('Python ', '')
}

await runMain(async () => {
  const findings = examine()
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'))
  if (process.argv.includes('--json')) say(JSON.stringify({ version, findings }, null, 2))
  else {
    const width = Math.max(...findings.map(({ name }) => name.length))
    for (const { name, state, detail, mend } of findings) {
      say(`${{ good: '✓', missing: '✗', note: '·' }[state]} ${name.padEnd(width)}  ${detail}`)
      if (mend) say(`  ${' '.repeat(width)}  → ${mend}`)
    }
  }
  return findings.some(({ state }) => state === 'missing') ? 1 : 0
})
