import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { LockBusy, lockHolder, withLock } from '../../src/lib/system/lock.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

describe('a lock', () => {
  it('is held during the work, released after it, and passes the result on', async () => {
    const file = path('deep', 'lock')
    expect(await withLock(file, async () => existsSync(file), { onBusy: 'refuse' })).toBe(true)
    expect(existsSync(file)).toBe(false)
  })

  it('is released when the work fails', async () => {
    const fault = new Error('the work failed')
    await expect(withLock(path('failing'), () => Promise.reject(fault), { onBusy: 'refuse' })).rejects.toBe(fault)
    expect(existsSync(path('failing'))).toBe(false)
  })

  it('refuses a second request with the number of the process that holds it, if asked to', async () => {
    await withLock(path('held'), async () => {
      const second = await withLock(path('held'), async () => 'done twice', { onBusy: 'refuse' }).catch(error => error)
      expect(second).toBeInstanceOf(LockBusy)
      expect(second.process).toBe(process.pid)
      expect(existsSync(path('held'))).toBe(true)
    }, { onBusy: 'refuse' })
  })

  it('lets a second request wait, and says once what it waits for', async () => {
    const lines: string[] = []
    const order: string[] = []
    const waiting = { onBusy: 'wait', purpose: 'counting', say: (line: string) => lines.push(line) } as const
    const first = withLock(path('shared'), async () => {
      await pause(700)
      order.push('first')
    }, waiting)
    await withLock(path('shared'), async () => order.push('second'), waiting)
    await first
    expect(order).toEqual(['first', 'second'])
    expect(lines).toEqual([`  waiting for process ${process.pid}, which is counting`])
  })

  it('of another machine counts until it has not been renewed for five minutes', async () => {
    const file = path('elsewhere'), owner = `${process.pid} 1 0 @another-machine`
    writeFileSync(file, owner)
    const busy = await withLock(file, async () => 'done twice', { onBusy: 'refuse' }).catch(error => error)
    expect(busy).toMatchObject({ name: 'LockBusy', process: process.pid, host: 'another-machine' })
    expect(lockHolder(file)).toBe(process.pid)
    const before = (minutes: number) => utimesSync(file, new Date(), new Date(Date.now() - 60_000 * minutes))
    before(4.9)
    expect(lockHolder(file)).toBe(process.pid)
    before(5.1)
    expect(lockHolder(file)).toBeNull()
    expect(await withLock(file, async () => 'done', { onBusy: 'refuse' })).toBe('done')
  })

  it('is renewed while the work goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const file = path('renewed')
    await withLock(file, async () => {
      utimesSync(file, new Date(), new Date(0))
      vi.advanceTimersByTime(16_000)
      expect(statSync(file).mtimeMs).toBeGreaterThan(Date.now() - 10_000)
    }, { onBusy: 'refuse' })
    vi.useRealTimers()
  })

  it.each(['999999999 1 0', '1 123456789 0', '1', ''])('of a dead process (%j) is ignored', async owner => {
    writeFileSync(path('left'), owner)
    expect(await withLock(path('left'), async () => 'done', { onBusy: 'refuse' })).toBe('done')
    expect(existsSync(path('left'))).toBe(false)
  })
})
