/**
 * `npm run doctor`: what is installed, what is missing, and the command that repairs it. The doctor works before
 * anything is installed, and installs nothing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { relative } from 'node:path'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { say, size } from './command/text.mjs'
import { bindingFolder, noEngineBecause, unbuilt, whyLeftOut } from './set-up/engine.mjs'
import { checkNode } from './set-up/node-packages.mjs'
import { engineVariant, environment, hasNvidiaDriver, inProject, packed, root, venvPython, wantsCard } from './set-up/project.mjs'
import { findPython } from './set-up/python-packages.mjs'
import { SetUpError } from './set-up/set-up-error.mjs'
import { unknownVariables, variableNames, wrongVariable } from '../src/lib/system/variables.mjs'
import { isDone, textOf } from './set-up/step.mjs'
import { steps } from './set-up.mjs'

/** @typedef {{ name: string, state: 'good' | 'missing' | 'note', detail: string, mend?: string }} Finding */

const description = {
  usage: 'npm run doctor [-- --json]',
  does: 'Tells what is installed, what is missing, and which command repairs it. The exit status is 1 if something that is\n'
    + 'needed is missing.',
  flags: { json: 'prints the findings as JSON' },
}

/** All findings, in the order in which things are needed. @returns {Finding[]} */
function examine() {
  const installed = steps().map(step => {
    const done = isDone(step)
    return finding(step.title.replace(/ \(.*/, ''), done, done ? 'in place' : 'missing or out of date', 'npm run setup')
  })
  const set = [machine(), ...packFinding(), ...variables(), node(), python(), ...installed]
  return [...set, ...lab(), weights(), publishedWeights()]
}

function machine() {
  const detail = `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${size(totalmem())} of memory`
  const reason = noEngineBecause()
  return { name: 'machine', state: reason ? 'note' : 'good', detail: reason ? `${detail}; no native engine: ${reason}` : detail }
}

/** The pack from which this folder was unpacked. Without TensorFlow for cards, the processor computes. */
function packFinding() {
  if (!packed) return []
  const forCards = packed.variant === 'gpu'
  const detail = `commit ${packed.commit.slice(0, 7)} of ${packed.committed.slice(0, 10)}, TensorFlow for ${forCards
    ? 'NVIDIA cards' : 'the processor'}; nothing is downloaded`
  if (forCards || !hasNvidiaDriver()) return [{ name: 'pack', state: 'good', detail }]
  return [{ name: 'pack', state: 'note', detail, mend: 'to use the card, make a pack with npm run pack -- --gpu' }]
}

/** Variables with a wrong value, and those that do nothing because they are misspelt. */
function variables() {
  const wrong = variableNames.map(name => [name, wrongVariable(name, process.env[name])]).filter(([, fault]) => fault)
  return [
    ...wrong.map(([name, { expected, received, remedy }]) =>
      finding(name, false, `expected ${expected}, received ${received}`, remedy)),
    ...unknownVariables().map(detail => ({ name: 'variable', state: 'note', detail })),
  ]
}

function node() {
  return attempt('Node', () => checkNode(), () => process.versions.node)
}

function python() {
  if (existsSync(venvPython) && !process.env.LAB_PYTHON) return { name: 'Python', state: 'good', detail: versionOf(venvPython) }
  return attempt('Python', findPython, versionOf)
}

/** The engine as the library loads it, and the data sets, if the library can run. */
function lab() {
  if (!existsSync(inProject('node_modules', 'tsx')))
    return [finding('engine', false, 'nothing is installed yet', 'npm run setup'), cardFinding()]
  const { stdout, stderr, status } = spawnSync(process.execPath,
    ['--import', 'tsx', inProject('scripts', 'command', 'describe.ts'), '--doctor'], { cwd: root, env: environment(), encoding: 'utf8' })
  if (status !== 0)
    return [finding('engine', false, stderr.trim().split('\n').at(-1) ?? 'no answer', 'npm run setup'), cardFinding()]
  const { engine, engineMissing, capabilities, sets, named } = JSON.parse(stdout)
  return [
    engine ? engineFinding(engine, capabilities) : finding('engine', false, engineMissing, 'npm run setup'),
    ...(capabilities ? [bindingFinding(capabilities)] : []),
    ...(named ? [finding('LAB_DATA', named.good, named.detail, named.mend)] : []),
    ...sets.map(({ name, ready, detail }) =>
      ({ name: `data: ${name}`, state: ready ? 'good' : 'note', detail, ...(!ready && { mend: `npm run data -- ${name}` }) })),
    cardFinding(engine),
  ]
}

/** WebAssembly is an error only where the native engine should run. */
function engineFinding({ engine, tensorflow, tensorflowJs, threads, nativeMissing }, capabilities) {
  const versions = `TensorFlow.js ${tensorflowJs}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  if (engine !== 'wasm')
    return finding('engine', true, `${engine}, TensorFlow ${tensorflow}, ${versions}, steps: ${capabilities.steps} (LAB_STEP)`)
  const expected = noEngineBecause() === null, failed = textOf(unbuilt())
  const why = expected ? `; the native one ${failed ? `could not be built: ${failed}` : `fails: ${nativeMissing}`}` : ''
  return finding('engine', !expected, `wasm, ${versions}: slow${why}`, failed ? buildAgain() : 'npm run setup')
}

/** Without the patch and this project's operations, TensorFlow's own operations do the same work more slowly. */
function bindingFinding({ patched, projectOperations, card, steps }) {
  const has = `${patched ? 'patched' : 'not patched'}, ${projectOperations ? 'with' : 'without'} this project’s own operations`
  if (patched && projectOperations) return finding('binding', true, has)
  const failed = whyLeftOut()
  const reason = process.env.LAB_OPERATIONS === 'plain' ? 'LAB_OPERATIONS=plain asks for it'
    : failed || (card ? 'they are not for cards' : steps !== 'eager' ? `they are not for LAB_STEP=${steps}` : 'they are not for this processor')
  return { name: 'binding', state: 'note', detail: `${has}: ${reason}`, ...(failed && { mend: buildAgain() }) }
}

function buildAgain() {
  return `rm -r ${relative(root, bindingFolder())}, then npm run setup`
}

/** The card on which the engine computes, and how it rounds; else why the processor computes. */
function cardFinding(engine) {
  const name = 'graphics card', { card, cardMissing } = engine ?? {}
  if (card) {
    const { model, precision, deterministic, cudnn, driver } = card
    const rounds = `${precision} (LAB_PRECISION), ${deterministic ? 'deterministic' : 'not deterministic'} (LAB_DETERMINISTIC)`
    const versions = [cudnn && `cuDNN ${cudnn}`, driver && `driver ${driver}`].filter(Boolean)
    return finding(name, true, [model ?? 'model not known: the binding is not patched', rounds, ...versions].join(', '))
  }
  const driver = hasNvidiaDriver()
  const without = process.env.LAB_PRECISION ? '; LAB_PRECISION does nothing without a card' : ''
  const processor = !driver && engineVariant() === 'gpu' ? ', and the processor computes' : ''
  const detail = `${driver ? 'NVIDIA driver found' : 'no NVIDIA driver'}; TensorFlow for ${engineVariant().toUpperCase()} is `
    + `used${process.env.LAB_ENGINE ? ` (LAB_ENGINE=${process.env.LAB_ENGINE})` : ''}${processor}${without}`
  if (wantsCard() && engine && cardMissing)
    return {
      name, state: 'note', detail: `${detail}; the processor computes: ${cardMissing}`,
      mend: 'nvidia-smi tells whether the driver sees the card',
    }
  return { name, state: driver ? 'good' : 'note', detail }
}

function weights() {
  const folder = inProject('data', 'weights')
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.tensors')) : []
  return finding('project weights', names.length > 0, names.join(', ') || 'none in data/weights',
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

/** A finding from a check that throws a SetUpError where something is missing. */
function attempt(name, check, detail) {
  try {
    return { name, state: 'good', detail: detail(check()) }
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    const { expected, received, remedy } = error
    return { name, state: 'missing', detail: `expected ${expected}, received ${received}`, mend: remedy }
  }
}

function versionOf(python) {
  return spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('Python ', '')
}

await runCommand(async words => {
  const options = readOptions(words, description)
  const findings = examine()
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'))
  if (options.flag('json')) say(JSON.stringify({ version, findings }, null, 2))
  else {
    const width = Math.max(...findings.map(({ name }) => name.length))
    for (const { name, state, detail, mend } of findings) {
      say(`${{ good: '✓', missing: '✗', note: '·' }[state]} ${name.padEnd(width)}  ${detail}`)
      if (mend) say(`  ${' '.repeat(width)}  → ${mend}`)
    }
  }
  return findings.some(({ state }) => state === 'missing') ? 1 : 0
})
