/** Threads: what they answer, and what happens when they cannot. */
import { describe, expect, it } from 'vitest'
import type { ResizeTask } from '../../src/lib/data/resize-task'
import { WorkerPool } from '../../src/lib/system/worker-pool'

const pool = (file = 'data/resize-worker') => new WorkerPool<ResizeTask, Uint8Array>(file, 2)

describe('a pool of threads', () => {
  it("passes a task's fault on with its code, and goes on", async () => {
    const threads = pool()
    const fault = { code: 'data-missing', expected: 'a file /none.png', received: 'no file there' }
    await expect(threads.ask({ paths: ['/none.png'], size: 8 })).rejects.toMatchObject(fault)
    await expect(threads.ask({ paths: ['/none.png'], size: 1e9 })).rejects.toThrow('Invalid typed array length')
    expect(await threads.ask({ paths: [], size: 8 })).toEqual(new Uint8Array())
    await threads.close()
  })

  it('that ends leaves nobody waiting, and takes no more tasks', async () => {
    const threads = pool()
    const waiting = [threads.ask({ paths: [], size: 8 }), threads.ask({ paths: [], size: 8 })]
    const all = expect(Promise.all(waiting)).rejects.toMatchObject({ code: 'worker-failed' })
    await threads.close()
    await all
    await expect(threads.ask({ paths: [], size: 8 })).rejects.toThrow('LAB_WORKERS=0')
  })

  it('that cannot start says why', async () => {
    const threads = pool('no-such-worker')
    await expect(threads.ask({ paths: [], size: 8 })).rejects.toThrow(/worker-failed.*no-such-worker/)
    await threads.close()
  })
})
