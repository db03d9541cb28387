/** All images of a set at one size, on disk: made by threads, whole or not at all. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cacheFolder } from '../../src/lib/data/data-folder'
import type { Dataset } from '../../src/lib/data/dataset'
import { openFolder } from '../../src/lib/data/folder'
import { openResizedImages } from '../../src/lib/data/resized-image-file'
import { encodePng } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import { resizeArea } from '../../src/lib/images/resize'
import { generatedImages } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
afterEach(() => void vi.unstubAllEnvs())

/** A folder of so many PNG files, 20 × 20. */
async function folderOf(name: string, count: number): Promise<string> {
  const images = generatedImages(count, 20)
  for (const [i, { label }] of images.items.entries()) {
    const folder = path(name, `class ${label}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/${String(i).padStart(4, '0')}.png`, await encodePng(await images.read(i)))
  }
  return path(name)
}

/** The rows, made by so many threads in a new data folder. */
async function made(dataset: Dataset, workers: number) {
  vi.stubEnv('LAB_WORKERS', String(workers))
  vi.stubEnv('LAB_DATA_FOLDER', path(`${workers} threads`))
  const rows = await openResizedImages({ ...dataset }, { size: 8 })
  return rows.readAll()
}

describe('the file of resized images', () => {
  it('has the same bytes however many threads make it: each image resized by area', async () => {
    const dataset = await openFolder(await folderOf('many', 150))
    const here = await made(dataset, 0)
    expect(here).toHaveLength(150 * 64)
    for (const index of [0, 77, 149])
      expect(here.subarray(index * 64, index * 64 + 64)).toEqual(resizeArea(await dataset.read(index), 8, 8).data)
    for (const workers of [1, 2, 4]) expect(await made(dataset, workers)).toEqual(here)
  })

  it.each([0, 2])('%i threads: the error names a changed file, and no half-written file remains', async workers => {
    const dataset = await openFolder(await folderOf(`damaged ${workers}`, 40))
    const name = dataset.items[33].name
    const file = path(`damaged ${workers}`, name)
    writeFileSync(file, readFileSync(file).subarray(0, 200))
    await expect(made(dataset, workers)).rejects.toMatchObject({ code: 'data-mismatch', expected: expect.stringContaining(name) })
    expect(readdirSync(cacheFolder(dataset.name))).toEqual([])
  })

  it('numbers that are no pixels are refused, not truncated', async () => {
    const data = Float32Array.of(0.5, 1) as unknown as Uint8Array
    const read = async () => ({ width: 2, height: 1, channels: 1, data } as const)
    await expect(openResizedImages({ ...generatedImages(1, 64), read }, { size: 64 }))
      .rejects.toMatchObject({ code: 'bad-argument', received: '0.5' })
  })

  it('a half-written file of a killed process is removed by the next, which writes the whole file', async () => {
    vi.stubEnv('LAB_DATA_FOLDER', path('killed'))
    const cache = path('killed', 'generated', 'cache')
    const program = ['--import', 'tsx', inProject('test', 'fixtures', 'read-an-epoch.ts'), '20000', '0']
    const child = spawn(process.execPath, program, { cwd: inProject(), env: process.env, stdio: 'ignore' })
    const ended = new Promise(resolve => child.on('exit', resolve))
    const left = () => {
      try {
        return readdirSync(cache).filter(name => statSync(`${cache}/${name}`).size > 0)
      } catch {
        return []
      }
    }
    while (left().length === 0) await pause(5)
    child.kill('SIGKILL')
    await ended
    expect(left()).toEqual([expect.stringMatching(/^\.pixels-64-.*\.tmp$/)])
    const rows = await openResizedImages(generatedImages(300, 64), { size: 64 })
    expect(await rows.readAll()).toHaveLength(300 * 4096)
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^pixels-64-[0-9a-f]{16}\.bin$/)])
  })
})
