/**
 * `npm run setup`: installs what the project needs and what is not there yet. The other commands start with it. Plain
 * JavaScript on Node's own modules, since it runs before anything is installed.
 */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCommand } from './command/main.mjs'
import { readOptions } from './command/options.mjs'
import { say } from './command/text.mjs'
import { requireRoom } from './set-up/disk.mjs'
import { binding, compiledBinding, noEngineBecause, unbuilt } from './set-up/engine.mjs'
import { kernel } from './set-up/kernel.mjs'
import { libraries } from './set-up/libraries.mjs'
import { library } from './set-up/library.mjs'
import { checkPackedEngine, withoutCard } from './set-up/packed.mjs'
import { firstWrongVariable, unknownVariables } from '../src/lib/system/variables.mjs'
import { checkNode, nodePackages } from './set-up/node-packages.mjs'
import { registerOutputsFilter } from './set-up/outputs-filter.mjs'
import { inProject } from './set-up/project.mjs'
import { findPython, pythonPackages } from './set-up/python-packages.mjs'
import { SetUpError } from './set-up/set-up-error.mjs'
import { doSteps, isDone, whatChanged } from './set-up/step.mjs'

/** All steps for this machine, in order. @returns {import('./set-up/step.mjs').Step[]} */
export function steps() {
  const native = noEngineBecause() ? [] : [libraries(), compiledBinding(), binding()]
  return [nodePackages, pythonPackages, ...native, kernel, library]
}

/**
 * Does the steps that are not done yet. A second set-up at the same time waits for the first.
 * @param {import('./set-up/step.mjs').Step[]} [further] steps that one command needs, done last
 * @throws SetUpError that says what to do
 */
export async function setUp(further = []) {
  checkNode()
  checkVariables()
  if (process.platform === 'win32')
    throw new SetUpError('unsupported-platform', {
      expected: 'Linux, or macOS without the native engine',
      received: 'Windows',
      remedy: 'install WSL 2 (wsl --install) and run the same commands in its Ubuntu',
    })
  const reason = noEngineBecause()
  if (reason) say(noEngine(reason))
  const cardMissing = withoutCard()
  if (cardMissing) say(cardMissing)
  registerOutputsFilter()
  const allSteps = () => [...steps(), ...further]
  const undone = allSteps().filter(step => !isDone(step))
  if (!undone.length) return
  requireRoom(undone.reduce((sum, { disk = 0 }) => sum + disk, 0))
  say(whatChanged(allSteps()) ?? 'Setting up (everything goes into this folder):')
  await doSteps(allSteps, inProject('.cache', 'set-up.lock'))
  if (!reason && existsSync(unbuilt())) say(noEngine('its binding could not be built (npm run doctor tells why)'))
  say('Everything is in place.')
}

/** Says which variables do nothing, and refuses values that none can have. What the user names is never passed over. */
function checkVariables() {
  for (const sentence of unknownVariables()) say(sentence)
  const wrong = firstWrongVariable()
  if (wrong) throw new SetUpError('bad-argument', wrong)
  checkPackedEngine()
  if (process.env.LAB_PYTHON) findPython()
}

function noEngine(reason) {
  return `No native engine: ${reason}. Networks train on WebAssembly, which is several times slower.`
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) 
  await runCommand(async words => {
    readOptions(words, { usage: 'npm run setup', does: 'Installs what the project needs and what is not there yet.' })
    await setUp()
  })
