/** Ends an unpacking: the steps of the set-up that hold paths of this machine are done here, from what was packed. */
import { runCommand } from '../command/main.mjs'
import { setUp } from '../set-up.mjs'
import { removeUnfitBinding } from './packed-binding.mjs'

await runCommand(async () => {
  await removeUnfitBinding()
  await setUp()
})
