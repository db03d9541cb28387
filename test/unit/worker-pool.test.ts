/** Threads: what they answer, and what happens when they cannot. */
import { readdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryPoints } from '../../scripts/set-up/library.mjs'
import type { ResizeTask } from '../../src/lib/data/resize-task'
import { inProject } from '../../src/lib/system/project-root'
import { WorkerPool } from '../../src/lib/system/worker-pool'

const pool = (file = 'data/resize-worker') => new WorkerPool<ResizeTask, Uint8Array>(file, 2)

describe('a pool of threads', () => {
  it("passes a task's error on with its code, and continues", async () => {
    const threads = pool()
    const fault = { code: 'data-missing', expected: 'a file /none.png', received: 'nothing there' }
    await expect(threads.ask({ paths: ['/none.png'], size: 8 })).rejects.toMatchObject(fault)
    await expect(threads.ask({ paths: ['/none.png'], size: 1e9 })).rejects.toThrow('Invalid typed array length')
    expect(await threads.ask({ paths: [], size: 8 })).toEqual(new Uint8Array())
    await threads.close()
  })

  it('that is closed answers every waiting task with an error, and accepts no more tasks', async () => {
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

it('every file that threads run is bundled for notebooks', () => {
  const run = ['batches/batch-worker', 'data/examine-worker', 'data/resize-worker', 'weights/formats/hdf5-worker']
  expect(entryPoints().map(path => relative(inProject('src', 'lib'), path)).sort())
    .toEqual([...run, 'index'].map(name => `${name}.ts`).sort())
  const library = readdirSync(inProject('src', 'lib'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts')).map(name => readFileSync(inProject('src', 'lib', name), 'utf8'))
  const started = library.flatMap(text => [...text.matchAll(/new WorkerPool<[^(]*\('([^']+)'/g)].map(([, name]) => name))
  expect(new Set(started)).toEqual(new Set(run))
})
