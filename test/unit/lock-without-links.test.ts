/** Locks on disks without hard links: FAT, exFAT, some network disks. */
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, expect, it, vi } from 'vitest'
import { withLock } from '../../src/lib/system/lock.mjs'
import { processIdentity } from '../../src/lib/system/processes.mjs'
import { temporaryFolder } from '../fixtures/temporary'

vi.mock('node:fs', async original => ({ ...await original<typeof fs>(), linkSync: vi.fn() }))

const path = temporaryFolder()
const waiting = { onBusy: 'wait', purpose: 'racing', say: () => {} } as const

const failWith = (code: string) => vi.mocked(fs.linkSync).mockReset().mockImplementation(() => {
  throw Object.assign(new Error(code), { code, syscall: 'link' })
})
beforeEach(() => void failWith('EPERM'))

it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])('where links fail with %s, a lock names its owner all the same', async code => {
  failWith(code)
  const file = path(code, 'lock')
  const read = () => withLock(file, async () => fs.readFileSync(file, 'utf8'), { onBusy: 'refuse' })
  expect(await read()).toMatch(new RegExp(`^${process.pid} `))
  const busy = await withLock(file, read, { onBusy: 'refuse' }).catch(error => error)
  expect(busy).toMatchObject({ name: 'LockBusy', process: process.pid })
  expect(fs.readdirSync(path(code))).toEqual([])
})

it('a disk that refuses a link for another reason refuses the lock', async () => {
  failWith('EIO')
  await expect(withLock(path('refused'), async () => {}, waiting)).rejects.toMatchObject({ code: 'EIO' })
})

it.each(['999999999 1 0', ''])('the lock of a dead process (%j) goes to one request at a time', async dead => {
  const file = path('raced')
  let inside = 0, most = 0, done = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await pause(20)
    inside--
    done++
  }
  fs.writeFileSync(file, dead)
  await Promise.all([1, 2, 3].map(() => withLock(file, work, waiting)))
  expect([most, done]).toEqual([1, 3])
  expect(fs.readdirSync(path()).filter(name => name.startsWith('raced'))).toEqual([])
})

it('an owner that has made the lock file, and not yet written its name, keeps the lock', async () => {
  const file = path('empty')
  fs.writeFileSync(file, '')
  const work = withLock(file, async () => 'done twice', { onBusy: 'refuse' }).catch(error => error)
  await pause(50)
  fs.writeFileSync(file, `${processIdentity(process.ppid)} 1 @${hostname()}`)
  expect(await work).toMatchObject({ name: 'LockBusy', process: process.ppid })
})
