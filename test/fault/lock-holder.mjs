// Takes the lock at argv[2], says so, holds it for argv[3] milliseconds, says so again.
import { setTimeout as pause } from 'node:timers/promises'
import { withLock } from '../../src/lib/system/lock.mjs'

await withLock(process.argv[2], async () => {
  console.log(`in ${Date.now()}`)
  await pause(Number(process.argv[3]))
  console.log(`out ${Date.now()}`)
}, { onBusy: 'wait', purpose: 'holding the lock' })
