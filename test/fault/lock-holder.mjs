// Takes the lock at argv[2], says so, holds it for argv[3] milliseconds or `until-told`, says so again.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { withLock } from '../../src/lib/system/lock.mjs'

await withLock(process.argv[2], async () => {
  console.log(`in ${Date.now()}`)
  if (process.argv[3] === 'until-told') await once(process.stdin.resume(), 'end')
  else await pause(Number(process.argv[3]))
  console.log(`out ${Date.now()}`)
}, { onBusy: 'wait', purpose: 'holding the lock' })
