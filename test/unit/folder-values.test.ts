/** Folders whose files hold more than 8-bit grey levels, or cannot be read: decided for the whole set, and said. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { openDataset } from '../../src/lib/data/registry'
import { loadPixels } from '../../src/lib/data/resized-images'
import { selectItems } from '../../src/lib/data/subset'
import { encodePng } from '../../src/lib/images/image-file'
import { sha256 } from '../../src/lib/system/hash'
import { deepPng } from '../fixtures/png'
import { temporaryFolder } from '../fixtures/temporary'
import { tiff } from '../fixtures/tiff'

const path = temporaryFolder()
const set = () => path('set')
const bright = Uint16Array.from({ length: 16 }, (_, i) => 273 * i)
const dark = bright.map(value => value >> 3)
const hounsfield = Int16Array.from({ length: 16 }, (_, i) => 100 * i - 1000)

function put(name: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path('set', name)), { recursive: true })
  writeFileSync(path('set', name), content)
}

async function putGrey(...names: string[]): Promise<void> {
  for (const [i, name] of names.entries()) {
    const data = Uint8Array.from({ length: 16 }, (_, k) => 16 * k + i)
    put(name, await encodePng({ width: 4, height: 4, channels: 1, data }))
  }
}

beforeEach(() => {
  rmSync(set(), { recursive: true, force: true })
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
})
afterEach(() => void vi.unstubAllEnvs())

describe('twelve-bit values in 16-bit files', () => {
  beforeEach(() => {
    put('a/bright.png', deepPng(bright, 4))
    put('b/dark.tif', tiff(dark, 4))
  })

  it('have one range in the whole set: a dark image stays dark', async () => {
    const opened = await openFolder(set())
    expect(opened.window).toEqual({ counts: { bits: 12 } })
    expect(opened.notice).toContain('values of 12 bits: 0 is black, 4095 white')
    expect((await opened.read(0)).data).toEqual(Uint8Array.from(bright, value => value >> 4))
    expect((await opened.read(1)).data).toEqual(Uint8Array.from(dark, value => value >> 4))
  })

  it.each([0, 2])('are resized with the range of the set: %i threads', async workers => {
    vi.stubEnv('LAB_WORKERS', String(workers))
    vi.stubEnv('LAB_DATA_FOLDER', path(`data ${workers}`))
    const opened = await openFolder(set())
    const expected = [bright, dark].flatMap(values => [...values].map(value => value >> 4))
    expect([...(await loadPixels(opened, { size: 4 })).data]).toEqual(expected)
    expect([...(await loadPixels(selectItems(opened, [1]), { size: 4 })).data]).toEqual(expected.slice(16))
  })

  it('give another content hash where another window is named', async () => {
    const usual = await openFolder(set())
    const named = await openDataset(set(), { window: { center: 2048, width: 4096 } })
    expect(named.contentHash).not.toBe(usual.contentHash)
    expect(named.window).toEqual({ counts: { center: 2048, width: 4096 } })
    await expect(openFolder(set(), { window: 'lungs' as 'lung' })).rejects.toThrow("Nearest: 'lung'")
  })
})

it('sets of 8-bit files have no window, and the content hash that they always had', async () => {
  await putGrey('a/1.png', 'a/2.png', 'b/1.png')
  const opened = await openFolder(set())
  const rows = opened.items.map(({ name }) => [name, null, undefined, sha256(readFileSync(path('set', name)))])
  expect(opened).not.toHaveProperty('window')
  expect(opened).not.toHaveProperty('skipped')
  expect(opened.contentHash).toBe(sha256(JSON.stringify(rows)))
})

describe('CT numbers', () => {
  it('in signed TIFF files go through the lung window, and the notice says so', async () => {
    put('a/1.tif', tiff(hounsfield, 4))
    put('b/1.tif', tiff(hounsfield.map(value => value + 5), 4))
    const opened = await openFolder(set())
    expect(opened.window).toEqual({ numbers: { center: -600, width: 1500 } })
    expect(opened.notice).toContain('Values from -1000 to 505 (signed 16-bit)')
    expect(opened.notice).toContain('in a window from -1350 (black) to 150 (white)')
    expect((await opened.read(0)).data[4]).toBe(128)
    expect((await openFolder(set(), { window: 'soft tissue' })).window).toEqual({ numbers: { center: 40, width: 400 } })
  })

  it('are not guessed: other signed and fractional values need a window', async () => {
    put('a/1.tif', tiff(Float32Array.of(0, 1), 2))
    await putGrey('b/1.png')
    await expect(openFolder(set())).rejects.toThrow(/32-bit floating-point values: from 0 to 1.*Name a window/)
    const opened = await openFolder(set(), { window: { center: 0.5, width: 1 } })
    expect((await opened.read(0)).data).toEqual(Uint8Array.of(0, 255))
  })
})

describe('files that cannot be read', () => {
  beforeEach(async () => {
    await putGrey('COVID/1.png', 'COVID/2.png', 'normal/1.png', 'normal/2.png')
    put('COVID/zero.png', '')
    put('COVID/page.jpg', '<html>404</html>')
    put('COVID/other.jpg', '<html>404</html>')
    put('normal/cut.png', readFileSync(path('set', 'normal/1.png')).subarray(0, 60))
  })

  it('are all listed at once, by reason, when the set is opened', async () => {
    const fault = await openFolder(set()).catch((error: unknown) => error) as { code: string; received: string }
    expect(fault.code).toBe('bad-image')
    expect(fault.received.split('\n').map(line => line.trim())).toEqual([
      '4 that cannot:', '2 × a web page, not an image: COVID/other.jpg, COVID/page.jpg', '1 × an empty file: COVID/zero.png',
      '1 × a PNG file that is cut short: normal/cut.png', '',
    ])
  })

  it('can be left out, and are recorded', async () => {
    const opened = await openDataset(set(), { skipDamaged: true })
    expect(opened.items.map(({ name }) => name)).toEqual(['COVID/1.png', 'COVID/2.png', 'normal/1.png', 'normal/2.png'])
    expect(opened.skipped).toContainEqual({ name: 'COVID/zero.png', reason: 'an empty file' })
    expect(opened.skipped).toHaveLength(4)
    expect(opened.notice).toContain('4 of 8 files cannot be read and were left out')
    expect((await opened.read(2)).data[1]).toBe(18)
  })

  it('are refused even so where a class loses all of its images', async () => {
    put('empty/1.png', '')
    await expect(openFolder(set(), { skipDamaged: true })).rejects.toThrow('images of the class empty')
  })
})

it('notes that macOS keeps beside images are no images; BMP files and .jfif names are', async () => {
  await putGrey('a/1.png', 'b/1.jfif', 'b/1.jpe')
  put('a/._1.png', Buffer.from('0005160700020000', 'hex'))
  const bmp = Buffer.alloc(14 + 40 + 8)
  bmp.write('BM')
  bmp.writeUInt32LE(54, 10)
  for (const [at, value] of [[14, 40], [18, 1], [22, 2]]) bmp.writeUInt32LE(value, at)
  bmp.writeUInt16LE(24, 28)
  bmp.fill(200, 58, 61)
  put('b/2.bmp', bmp)
  const opened = await openFolder(set())
  expect(opened.items.map(({ name }) => name)).toEqual(['a/1.png', 'b/1.jfif', 'b/1.jpe', 'b/2.bmp'])
  expect((await opened.read(3)).data).toEqual(Uint8Array.of(200, 0))
})

it('what was found in the files of a large set is stored, and read again until a file changes', async () => {
  for (let i = 0; i < 256; i++) put(`${i % 2}/${i}.png`, deepPng(bright, 4))
  const stages: string[] = []
  const open = () => openFolder(set(), { onProgress: stage => stages.push(stage) })
  const first = await open()
  const calls = stages.length
  expect(calls).toBeGreaterThan(0)
  expect((await open()).contentHash).toBe(first.contentHash)
  expect(stages).toHaveLength(calls)
  put('0/0.png', deepPng(dark, 4))
  await open()
  expect(stages.length).toBeGreaterThan(calls)
})
