/** Whether the packed binding runs on this machine. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { binding, bindingFolder, boundTo } from '../set-up/engine.mjs'
import { perform } from '../set-up/step.mjs'
import { say } from '../command/text.mjs'

/**
 * Copies the packed binding to where TensorFlow.js looks for it, and loads it. If it does not load, it is removed, and
 * the set-up compiles it again.
 */
export async function removeUnfitBinding() {
  await perform(binding())
  const loaded = spawnSync(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', boundTo], { encoding: 'utf8' })
  if (loaded.status === 0) return
  const reason = /Error: (.*)/.exec(loaded.stderr)?.[1] ?? 'it does not load'
  say(`The packed binding does not run here (${reason}): it is compiled again.`)
  rmSync(bindingFolder(), { recursive: true, force: true })
}
