import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { sarsCov2Ct } from '../../src/lib/data/sets/sars-cov-2-ct'
import { madeUpImages, writeManifest } from '../fixtures/ct-archive'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'
import type { ZipEntry } from '../fixtures/zip'

const path = temporaryFolder()
const zip = path('set.zip')
let images: ZipEntry[]

beforeAll(async () => {
  images = await madeUpImages(12)
  await writeManifest(path('data'), images)
})
beforeEach(() => vi.stubEnv('LAB_DATA_FOLDER', path('data')))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(path('data', 'sars-cov-2-ct'), { recursive: true, force: true })
})

async function importZip(entries: readonly ZipEntry[]): Promise<void> {
  writeFileSync(zip, makeZip(entries))
  await sarsCov2Ct.obtain!(zip)
}

/** The images with one of them replaced. */
function withBytes(name: string, change: (bytes: Uint8Array) => Uint8Array): ZipEntry[] {
  expect(images.some(image => image.name === name)).toBe(true)
  return images.map(image => (image.name === name ? { name, bytes: change(image.bytes) } : image))
}

describe('importing', () => {
  it('from a zip makes the set, with blocks and images', async () => {
    expect((await sarsCov2Ct.state()).ready).toBe(false)
    await importZip(images)
    expect(await sarsCov2Ct.state()).toEqual({ ready: true, detail: '24 images' })
    const set = await sarsCov2Ct.open()
    expect(set.items.map(item => item.name)).toEqual(images.map(image => image.name).sort())
    expect(set.items[0]).toEqual({ name: 'COVID/Covid (1).png', label: 0, group: 'COVID block 01' })
    expect(set.grouping).toBe('number block')
    expect(await set.read(0)).toMatchObject({ width: 20, height: 16, channels: 1 })
  })

  it('from a folder makes the same set, whatever is around the class folders', async () => {
    await importZip(images)
    const { contentHash } = await sarsCov2Ct.open()
    cpSync(path('data', 'sars-cov-2-ct'), path('copy', 'outer'), { recursive: true })
    writeFileSync(path('copy', '.DS_Store'), '')
    rmSync(path('data', 'sars-cov-2-ct'), { recursive: true })
    await sarsCov2Ct.obtain!(path('copy'))
    expect((await sarsCov2Ct.open()).contentHash).toBe(contentHash)
  })

  it('a second time replaces the first', async () => {
    await importZip(images)
    await importZip([...images].reverse())
    expect(readdirSync(path('data')).sort()).toEqual(['manifests', 'sars-cov-2-ct'])
  })
})

describe('a bad archive is reported, and nothing is imported', () => {
  const wrong = 'COVID/Covid (7).png'
  const cases: Record<string, [() => ZipEntry[], string]> = {
    missing: [() => images.filter(image => image.name !== wrong), `1 missing: ${wrong}`],
    extra: [() => [...images, { name: 'COVID/notes.txt', bytes: Buffer.from('hi') }], '1 extra: COVID/notes.txt'],
    'the same image twice':
      [() => [...images, { ...images[0], name: `again/${images[0].name}` }], '1 extra: again/COVID'],
    changed: [() => withBytes(wrong, () => images[0].bytes), `1 changed: ${wrong}`],
    truncated: [() => withBytes(wrong, bytes => bytes.subarray(0, bytes.length - 20)), `1 truncated: ${wrong}`],
    empty: [() => withBytes(wrong, () => new Uint8Array()), `1 truncated: ${wrong}`],
    'of the wrong type': [() => withBytes(wrong, () => Buffer.from('GIF89a')), `1 wrong type: ${wrong}`],
    oversized: [() => withBytes(wrong, () => new Uint8Array(2 ** 24 + 1)), `1 oversized: ${wrong}`],
  }
  it.each(Object.entries(cases))('%s', async (_, [entries, report]) => {
    await expect(importZip(entries())).rejects.toThrow(report)
    expect(readdirSync(path('data'))).toEqual(['manifests'])
  })

  it('with the first ten faults of each kind, and the number of the rest', async () => {
    const fault = await importZip(images.slice(0, 4)).catch(error => error)
    expect(fault.code).toBe('data-mismatch')
    expect(fault.received).toContain('20 missing: COVID/Covid (10).png')
    expect(fault.received).toContain(', and 10 more')
  })

  it('and an earlier import is kept', async () => {
    await importZip(images)
    await expect(importZip(images.slice(1))).rejects.toThrow('missing')
    expect((await sarsCov2Ct.state()).ready).toBe(true)
  })

  it('when it is cut short', async () => {
    const bytes = makeZip(images)
    writeFileSync(zip, bytes.subarray(0, bytes.length / 2))
    await expect(sarsCov2Ct.obtain!(zip)).rejects.toMatchObject({ code: 'bad-archive' })
    expect(readdirSync(path('data'))).toEqual(['manifests'])
  })

  it('when a folder’s image is a link', async () => {
    for (const { name, bytes } of images) {
      mkdirSync(dirname(path('linked', name)), { recursive: true })
      writeFileSync(path('linked', name), bytes)
    }
    rmSync(path('linked', wrong))
    symlinkSync(path('linked', images[0].name), path('linked', wrong))
    await expect(sarsCov2Ct.obtain!(path('linked'))).rejects.toThrow(`1 missing: ${wrong}`)
  })

  it('when the path does not exist', async () => {
    await expect(sarsCov2Ct.obtain!(path('none.zip'))).rejects.toMatchObject({ code: 'data-missing' })
  })
})

describe('opening an imported set', () => {
  const cache = path('data', 'sars-cov-2-ct', 'cache')
  const removeCached = (kind: string) => {
    const names = readdirSync(cache).filter(name => name.startsWith(kind))
    expect(names).toHaveLength(1)
    for (const name of names) rmSync(join(cache, name))
  }

  it('reads no image: the import has found groups and near-duplicates', async () => {
    await importZip(images)
    const whole = await sarsCov2Ct.open()
    expect(whole.nearDuplicates).not.toEqual([])
    // Of the size that the manifest names, but no image.
    for (const { name, bytes } of images) writeFileSync(path('data', 'sars-cov-2-ct', name), new Uint8Array(bytes.length))
    removeCached('pixels')
    const progress = vi.fn()
    const set = await sarsCov2Ct.open(progress)
    expect(progress).not.toHaveBeenCalled()
    expect(set.items).toEqual(whole.items)
    expect(set.nearDuplicates).toEqual(whole.nearDuplicates)
    await expect(set.read(0)).rejects.toMatchObject({ code: 'data-mismatch' })
  })

  it('finds them once where the import stored none, says so, and stores them', async () => {
    await importZip(images)
    const before = await sarsCov2Ct.open()
    removeCached('structure')
    removeCached('pixels')
    const stages = new Set<string>()
    const after = await sarsCov2Ct.open(stage => stages.add(stage))
    expect([...stages]).toEqual(['reading images, to find groups', 'comparing images, to find near-duplicates'])
    expect(after.items).toEqual(before.items)
    expect(after.nearDuplicates).toEqual(before.nearDuplicates)
    const again = vi.fn()
    await sarsCov2Ct.open(again)
    expect(again).not.toHaveBeenCalled()
  })
})

describe('an imported set that was damaged afterwards', () => {
  it('says what is missing, and which command gets it back', async () => {
    await importZip(images)
    rmSync(path('data', 'sars-cov-2-ct', images[3].name))
    await expect(sarsCov2Ct.open()).rejects.toThrow('npm run data -- sars-cov-2-ct --from ZIP')
    expect((await sarsCov2Ct.state()).detail).toContain('1 of 24 images missing or changed')
  })

  it('finds its blocks again where the stored ones are damaged', async () => {
    await importZip(images)
    const before = await sarsCov2Ct.open()
    const cache = path('data', 'sars-cov-2-ct', 'cache')
    const [file] = readdirSync(cache).filter(name => name.startsWith('structure'))
    for (const text of ['', '{}', readFileSync(join(cache, file), 'utf8').replace(before.contentHash, 'other')]) {
      writeFileSync(join(cache, file), text)
      const after = await sarsCov2Ct.open()
      expect(after.items).toEqual(before.items)
      expect(after.nearDuplicates).toEqual(before.nearDuplicates)
    }
    expect(existsSync(join(cache, file))).toBe(true)
  })
})
