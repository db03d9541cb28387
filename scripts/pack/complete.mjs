/** Ends an unpacking: the steps of the set-up that hold paths of this machine are done here, from what was packed. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { runCommand } from '../command/main.mjs'
import { say } from '../command/text.mjs'
import { bindingFolder, boundTo } from '../set-up/engine.mjs'
import { setUp } from '../set-up.mjs'

await runCommand(async () => {
  const loaded = spawnSync(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', boundTo], { encoding: 'utf8' })
  if (loaded.status !== 0) {
    const reason = /Error: (.*)/.exec(loaded.stderr)?.[1] ?? 'it does not load'
    say(`The packed binding does not run here (${reason}): it is compiled again.`)
    rmSync(bindingFolder(), { recursive: true, force: true })
  }
  await setUp()
})
