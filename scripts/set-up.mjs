/**
 * Puts in place whatever the project needs, and only what is missing: `npm run setup`. The other commands do it
 * first. Plain JavaScript on Node's own modules, since it runs before anything is installed.
 */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SetUpFault, runMain } from './set-up/fault.mjs'
import { binding, compiledBinding, noEngineBecause, unbuilt } from './set-up/engine.mjs'
import { kernel } from './set-up/kernel.mjs'
import { libraries } from './set-up/libraries.mjs'
import { library } from './set-up/library.mjs'
import { withLock } from '../src/lib/system/lock.mjs'
import { checkNode, nodePackages } from './set-up/node-packages.mjs'
import { registerOutputsFilter } from './set-up/outputs-filter.mjs'
import { inProject } from './set-up/project.mjs'
import { pythonPackages } from './set-up/python-packages.mjs'
import { isDone, perform } from './set-up/step.mjs'
import { say } from './set-up/terminal.mjs'

/** All steps for this machine, in order. @returns {import('./set-up/step.mjs').Step[]} */
export function steps() {
  const native = noEngineBecause() ? [] : [libraries(), compiledBinding(), binding()]
  return [nodePackages, pythonPackages, ...native, kernel, library]
}

/**
 * Does what is missing. Two at once wait for each other.
 * @param {import('./set-up/step.mjs').Step[]} [further] steps that only the command at hand needs, done last
 * @throws SetUpFault with what to do
 */
export async function setUp(further = []) {
  checkNode()
  if (process.platform === 'win32')
    throw new SetUpFault('unsupported-platform', {
      expected: 'Linux, or macOS without the native engine',
      received: 'Windows',
      remedy: 'install WSL 2 (wsl --install) and run the same commands in its Ubuntu',
    })
  const reason = noEngineBecause()
  if (reason) say(noEngine(reason))
  registerOutputsFilter()
  const wanted = () => [...steps(), ...further]
  if (wanted().every(isDone)) return
  say('Setting up (all of it inside this folder):')
  const performAll = async () => {
    for (const step of wanted()) await perform(step)
  }
  await withLock(inProject('.cache', 'set-up.lock'), performAll, { onBusy: 'wait', purpose: 'setting up', say })
  if (!reason && existsSync(unbuilt())) say(noEngine('its binding could not be built; npm run doctor says more'))
  say('Everything is in place.')
}

function noEngine(reason) {
  return `No native engine: ${reason}. Networks train on WebAssembly, which takes several times as long.`
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await runMain(setUp)
