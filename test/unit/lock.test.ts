import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LockBusy, lockHolder, withLock } from '../../src/lib/system/lock.mjs'
import { processIdentity } from '../../src/lib/system/processes.mjs'
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
      while (lines.length === 0) await pause(20)
      await pause(100)
      order.push('first')
    }, waiting)
    await withLock(path('shared'), async () => order.push('second'), waiting)
    await first
    expect(order).toEqual(['first', 'second'])
    expect(lines).toEqual([`  waiting for process ${process.pid}, which is counting`])
  })

  describe('of another machine', () => {
    const owner = `${process.pid} 1 0 @another-machine`
    const isMinutesOld = (file: string, minutes: number) =>
      utimesSync(file, new Date(), new Date(Date.now() - 60_000 * minutes))
    const said = vi.spyOn(process.stdout, 'write')

    afterEach(() => void vi.useRealTimers())

    /** @param meanwhile what happens while the lock is being watched */
    async function request(file: string, meanwhile: () => void): Promise<unknown> {
      vi.useFakeTimers({ toFake: ['setTimeout'] })
      said.mockClear().mockReturnValue(true)
      const ended = withLock(file, async () => 'done', { onBusy: 'refuse' }).catch(error => error)
      for (let i = 0; i < 200 && vi.getTimerCount() === 0; i++) await pause(5)
      meanwhile()
      vi.advanceTimersByTime(45_000)
      return ended
    }

    it('counts until it has not been renewed for five minutes, and then for 45 seconds in which it is watched', async () => {
      const file = path('elsewhere')
      writeFileSync(file, owner)
      const busy = await withLock(file, async () => 'done twice', { onBusy: 'refuse' }).catch(error => error)
      expect(busy).toMatchObject({ name: 'LockBusy', process: process.pid, host: 'another-machine' })
      isMinutesOld(file, 4.9)
      expect(lockHolder(file)).toBe(process.pid)
      isMinutesOld(file, 5.1)
      expect(lockHolder(file)).toBeNull()
      expect(await request(file, () => {})).toBe('done')
      expect(said.mock.calls).toEqual([[`  watching for 45 s whether process ${process.pid} on another-machine still works\n`]])
    })

    it('is watched no longer once the signal fires, and the caller prints what it is watched for', async () => {
      const file = path('watched'), stop = new AbortController(), lines: string[] = []
      writeFileSync(file, owner)
      isMinutesOld(file, 6)
      said.mockClear()
      const say = (line: string) => {
        lines.push(line)
        setTimeout(() => stop.abort(new Error('enough')), 1)
      }
      for (const busy of [{ onBusy: 'refuse' }, { onBusy: 'wait', purpose: 'waiting' }] as const) {
        const ended = withLock(file, async () => 'done', { ...busy, say, signal: stop.signal }).catch(error => error.message)
        expect(await Promise.race([ended, pause(3000).then(() => 'still watching')])).toBe('enough')
      }
      expect(lines).toEqual([`  watching for 45 s whether process ${process.pid} on another-machine still works`])
      expect(said).not.toHaveBeenCalled()
    })

    it.each([['forward', 60], ['back', -60]])('is its owner’s when a clock has jumped an hour %s', async (_, minutes) => {
      const file = path('jumped')
      writeFileSync(file, owner)
      isMinutesOld(file, minutes)
      const busy = await request(file, () => isMinutesOld(file, minutes - 0.25))
      expect(busy).toMatchObject({ name: 'LockBusy', host: 'another-machine' })
      expect(readFileSync(file, 'utf8')).toBe(owner)
    })
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

  it('of a dead process goes to one request at a time', async () => {
    const file = path('raced'), dead = '999999999 1 0'
    let inside = 0, most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await pause(20)
      inside--
      // The next look of each finds a lock of a dead process again.
      writeFileSync(file, dead)
    }
    writeFileSync(file, dead)
    await Promise.all([1, 2, 3, 4].map(() => withLock(file, work, { onBusy: 'wait', purpose: 'racing', say: () => {} })))
    expect(most).toBe(1)
  })

  it('is taken over by nobody while another request is doing so', async () => {
    const file = path('between'), dead = '999999999 1 0'
    const right = `${file}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
    writeFileSync(file, dead)
    // A living process, stopped between looking at the lock and taking it over.
    writeFileSync(right, `${processIdentity(process.ppid)} another`)
    const work = withLock(file, async () => existsSync(right), { onBusy: 'wait', purpose: 'racing', say: () => {} })
    await pause(400)
    expect(readFileSync(file, 'utf8')).toBe(dead)
    // It was killed there.
    writeFileSync(right, '999999999 1 another')
    expect(await work).toBe(false)
  })

  it.each(['a folder', 'a link that leads nowhere', 'a file that nobody may read'])(
    'that is %s is an error at once, and not waited for', async kind => {
      const file = path(kind, 'lock')
      mkdirSync(kind === 'a folder' ? file : path(kind), { recursive: true })
      if (kind.startsWith('a link')) symlinkSync('nowhere', file)
      if (kind.startsWith('a file')) writeFileSync(file, '', { mode: 0 })
      // Root reads every file: it finds no owner there.
      const expected = kind.startsWith('a file') && process.getuid?.() === 0 ? 'done' : { path: file }
      for (const options of [{ onBusy: 'refuse' }, { onBusy: 'wait', purpose: 'waiting', say: () => {} }] as const) {
        const ended = withLock(file, async () => 'done', options).catch(error => error)
        const given = await Promise.race([ended, pause(3000).then(() => 'still waiting')])
        if (typeof expected === 'string') expect(given).toBe(expected)
        else expect(given).toMatchObject(expected)
      }
      expect(readdirSync(path(kind))).toEqual(expected === 'done' ? [] : ['lock'])
    })

  it('leaves nothing behind of requests that were killed', async () => {
    const file = path('claims', 'lock')
    mkdirSync(path('claims'))
    for (const name of ['', `.999999999-3@${hostname()}`, `.${process.pid}-99@${hostname()}`, '.999999999-3@elsewhere'])
      writeFileSync(`${file}${name}`, '999999999 1 3')
    await withLock(file, async () => {}, { onBusy: 'refuse' })
    expect(readdirSync(path('claims')).sort()).toEqual([`lock.${process.pid}-99@${hostname()}`, 'lock.999999999-3@elsewhere'].sort())
  })

  it('is not waited for any longer once the signal fires', async () => {
    const file = path('left alone'), stop = new AbortController()
    await withLock(file, async () => {
      const second = withLock(file, async () => 'done twice', { onBusy: 'wait', purpose: 'holding', signal: stop.signal })
      stop.abort(new Error('enough'))
      await expect(second).rejects.toThrow('enough')
    }, { onBusy: 'refuse' })
    expect(readdirSync(path()).filter(name => name.startsWith('left alone'))).toEqual([])
  })
})
