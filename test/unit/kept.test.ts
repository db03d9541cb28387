import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { describeKept } from '../../src/lib/data/kept/describe'
import { keepDataset } from '../../src/lib/data/kept/keep'
import { findPairs } from '../../src/lib/data/kept/near-duplicates-of-set'
import { listSources, openDataset } from '../../src/lib/data/registry'
import { splitByDefault } from '../../src/lib/data/split/default-split'
import { encodePng } from '../../src/lib/images/image-file'
import { stream } from '../../src/lib/system/random'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'

const path = temporaryFolder()

/** A picture of coarse squares, the same for the same number; `shift` makes it brighter. */
function picture(number: number, shift = 0): Promise<Uint8Array> {
  const random = stream('pictures to keep', number)
  const squares = Array.from({ length: 256 }, () => 40 + random.integer(150))
  const data = Uint8Array.from({ length: 4096 }, (_, i) => squares[(i >> 8 << 4) + (i % 64 >> 2)] + shift)
  return encodePng({ width: 64, height: 64, channels: 1, data })
}

/** Twelve images in train/val/test layout: two classes, one image of each twice. */
async function xrays(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const files = ['train', 'val', 'test'].flatMap((part, p) => ['NORMAL', 'PNEUMONIA'].flatMap((label, c) =>
    [0, 1].map(i => ({ name: `${part}/${label}/person${10 * p + 5 * c + i}_virus_${i}.png`, number: 10 * p + 5 * c + i }))))
  return Promise.all(files.map(async ({ name, number }) => ({ name, bytes: await picture(number) })))
}

/** A NIfTI-1 volume of 8-bit slices of 16 × 16 voxels, not turned. */
function nifti(slices: number, seed: number): Uint8Array {
  const file = Buffer.alloc(352 + 256 * slices)
  file.writeInt32LE(348, 0)
  for (const [i, length] of [3, 16, 16, slices].entries()) file.writeInt16LE(length, 40 + 2 * i)
  file.writeInt16LE(2, 70)
  file.writeInt16LE(8, 72)
  file.writeFloatLE(352, 108)
  file.write('n+1', 344, 'latin1')
  const random = stream('volumes to keep', seed)
  for (let at = 352; at < file.length; at++) file[at] = random.integer(256)
  return file
}

function put(folder: string, files: readonly { name: string; bytes: Uint8Array | string }[]): string {
  for (const { name, bytes } of files) {
    mkdirSync(dirname(path(folder, name)), { recursive: true })
    writeFileSync(path(folder, name), bytes)
  }
  return path(folder)
}

beforeEach(() => {
  mkdirSync(path('data'), { recursive: true })
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
  vi.stubEnv('LAB_DATA', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of ['data', 'set', 'set.zip']) rmSync(path(folder), { recursive: true, force: true })
})

describe('a set that is kept by name', () => {
  it('opens by its name, the same from a folder and from a zip with folders around the classes', async () => {
    const files = await xrays()
    const folder = put('set', files)
    await keepDataset('mine', folder)
    const litter = [{ name: '__MACOSX/chest/train/._x.png', bytes: Buffer.from('Mac') }, { name: 'chest/x/readme.txt', bytes: Buffer.from('') }]
    writeFileSync(path('set.zip'), makeZip([...files.map(file => ({ ...file, name: `chest/x/${file.name}` })), ...litter]))
    await keepDataset('zipped', path('set.zip'))
    rmSync(folder, { recursive: true })
    const [mine, zipped] = await Promise.all(['mine', 'zipped'].map(name => openDataset(name)))
    expect(mine.items).toEqual(zipped.items)
    expect(mine.contentHash).toBe(zipped.contentHash)
    expect(mine.labels).toEqual(['NORMAL', 'PNEUMONIA'])
    expect(mine.items[0]).toEqual({ name: 'test/NORMAL/person20_virus_0.png', label: 0, group: null, part: 'test' })
    expect(await mine.read(0)).toMatchObject({ width: 64, height: 64 })
    expect(zipped.notice).toContain('1 file left out, no images (1 .txt)')
    expect((await listSources()).slice(-2).map(source => source.name)).toEqual(['mine', 'zipped'])
    expect(splitByDefault(mine).protocol).toBe('given')
    vi.stubEnv('LAB_DATA', 'mine')
    expect((await openDataset()).name).toBe('mine')
  })

  it('has the content hash of the folder', async () => {
    const folder = put('set', await xrays())
    const { dataset } = await keepDataset('mine', folder)
    expect(dataset.contentHash).toBe((await openFolder(folder)).contentHash)
  })

  it('has groups by a pattern, the positive class, what took the images, and a table’s classes', async () => {
    const folder = put('set', await xrays())
    const { dataset } = await keepDataset('mine', folder, { groupPattern: 'person(\\d+)_', positive: 'PNEUMONIA', modality: 'X-ray' })
    expect(await openDataset('mine')).toMatchObject({ grouping: 'patient', positive: 'PNEUMONIA', modality: 'X-ray' })
    expect(dataset.items[0].group).toBe('20')
    put('set', [{ name: 'all.csv', bytes: ['bild;befund', ...(await xrays()).map(({ name }, i) => `${name};${'abc'[i % 3]}`)].join('\n') }])
    await keepDataset('tabled', path('set', 'all.csv'), { columns: { file: 'bild', label: 'befund' } })
    expect((await openDataset('tabled')).labels).toEqual(['a', 'b', 'c'])
  })

  it('has the slices of volumes, a group each', async () => {
    const folder = put('set', ['a/one.nii', 'a/two.nii', 'b/three.nii'].map((name, i) => ({ name, bytes: nifti(3, i) })))
    const kept = await keepDataset('mine', folder)
    const [mine, opened] = [await openDataset('mine'), await openFolder(folder)]
    expect(mine.items).toEqual(opened.items)
    expect(mine.items.slice(2, 4)).toEqual([
      { name: 'a/one.nii#3', label: 0, group: 'volume a/one.nii' }, { name: 'a/two.nii#1', label: 0, group: 'volume a/two.nii' },
    ])
    expect(mine.contentHash).toBe(opened.contentHash)
    expect((await mine.read(4)).data).toEqual((await opened.read(4)).data)
    expect(await mine.storedChannels!(4)).toBe(1)
    expect(describeKept(kept)).toContain('patients: 3, with 3 images each; every image has one')
    rmSync(path('data', 'mine', 'images', 'a', 'two.nii'))
    await expect(openDataset('mine')).rejects.toThrow('3 of 9 missing or changed, first a/two.nii#1')
  })

  it('may be zipped class by class, in a folder or in a zip', async () => {
    const zipOf = async (label: string, first: number) => makeZip(await Promise.all([0, 1].map(async i =>
      ({ name: `${label}/${i}.png`, bytes: await picture(first + i) }))))
    const files = [{ name: 'COVID.zip', bytes: await zipOf('COVID', 0) }, { name: 'normal.zip', bytes: await zipOf('normal', 5) }]
    writeFileSync(path('set.zip'), makeZip(files))
    for (const [name, from] of [['folder', put('set', files)], ['archive', path('set.zip')]])
      expect((await keepDataset(name, from)).dataset.items.map(item => item.name), name)
        .toEqual(['COVID/0.png', 'COVID/1.png', 'normal/0.png', 'normal/1.png'])
    put('set', [{ name: 'a/0.png', bytes: await picture(8) }, { name: 'b/0.png', bytes: await picture(9) }])
    const beside = await keepDataset('beside', path('set'))
    expect(beside.file.notes).toContain('2 files left out, no images (2 .zip).')
    expect(beside.dataset.labels).toEqual(['a', 'b'])
  })

  it('refuses options that it was kept with', async () => {
    await keepDataset('mine', put('set', await xrays()))
    await expect(openDataset('mine', { layout: 'class/image' })).rejects.toThrow('layout, an option of folders')
  })
})

describe('keeping is all or nothing', () => {
  it('a damaged image refuses the set, all of them named; or is left out and named', async () => {
    const folder = put('set', [...await xrays(), { name: 'train/NORMAL/bad.png', bytes: 'text' }, { name: 'test/NORMAL/worse.png', bytes: '' }])
    const fault = await keepDataset('mine', folder).catch(error => error)
    expect(fault).toMatchObject({ code: 'bad-image' })
    for (const name of ['bad.png', 'worse.png']) expect(fault.message).toContain(name)
    expect(readdirSync(path('data'))).toEqual([])
    const kept = await keepDataset('mine', folder, { skipDamaged: true })
    expect(kept.dataset.items.length).toBe(12)
    expect(kept.dataset.skipped!.map(file => file.name)).toEqual(['test/NORMAL/worse.png', 'train/NORMAL/bad.png'])
    expect(describeKept(kept).join('\n')).toContain('left out: train/NORMAL/bad.png')
    expect((await openDataset('mine')).items.length).toBe(12)
    expect(existsSync(path('data', 'mine', 'images', 'train', 'NORMAL', 'bad.png'))).toBe(false)
  })

  it('a bad archive keeps the older set', async () => {
    await keepDataset('mine', put('set', await xrays()))
    for (const entries of [
      [{ name: '../../escape.png', bytes: await picture(1) }],
      [...await xrays(), { name: 'train/NORMAL/link.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }],
    ]) {
      writeFileSync(path('set.zip'), makeZip(entries))
      await expect(keepDataset('mine', path('set.zip'))).rejects.toMatchObject({ code: 'bad-archive' })
    }
    writeFileSync(path('set.zip'), 'no zip')
    await expect(keepDataset('mine', path('set.zip'))).rejects.toMatchObject({ code: 'bad-archive' })
    await expect(keepDataset('mine', path('nowhere'))).rejects.toMatchObject({ code: 'data-missing' })
    expect((await openDataset('mine')).items.length).toBe(12)
    expect(readdirSync(path('data'))).toEqual(['mine'])
  })

  it.each([
    ['none', null, 'a folder, a zip archive or a table'], ['text.zip', 'text', 'a file of another kind'],
    ['empty.zip', '', 'an empty file'], ['set.tar.gz', '\x1f\x8b\x08', 'a gzip file'], ['set.rar', 'Rar!', 'a RAR archive'],
    ['cut.zip', 'PK\x03\x04', 'whole, safe zip archive'], ['one.png', '\x89PNG', 'an image. Name the folder around it.'],
  ])('what is no set is named: %s', async (name, content, words) => {
    if (content !== null) put('set', [{ name, bytes: Buffer.from(content, 'latin1') }])
    const fault = await keepDataset('mine', path('set', name)).catch((error: unknown) => error) as Error
    expect(fault.message).toContain(path('set', name))
    expect(fault.message).toContain(words)
  })

  it('a path that is almost right is answered with what is there', async () => {
    put('set', [{ name: 'chest-xrays.zip', bytes: 'x' }])
    await expect(keepDataset('mine', path('set', 'chest-xray.zip'))).rejects.toThrow(`${path('set')} holds chest-xrays.zip.`)
    await expect(keepDataset('mine', path('sett', 'a', 'b'))).rejects.toThrow(`${path()} holds set.`)
  })

  it('images that are gone or changed, or a damaged set.json, are said when the set is opened', async () => {
    const { dataset } = await keepDataset('mine', put('set', await xrays()))
    rmSync(dataset.file!(3))
    await expect(openDataset('mine')).rejects.toThrow('1 of 12 missing or changed')
    expect(await (await listSources()).at(-1)!.state()).toMatchObject({ ready: false })
    writeFileSync(path('data', 'mine', 'set.json'), '{}')
    await expect(openDataset('mine')).rejects.toMatchObject({ code: 'damaged-file' })
  })

  it.each([
    ['Mine', 'mine'], ['моё', 'my-images'], ['a b', 'a-b'], ['../x', 'x'], ['.x', 'x'], ['', 'my-images'],
    ['weights', 'my-weights'], ['phantom', 'my-phantom'], ['folder-x', 'x'],
  ])('the name %j is refused', async (name, other) => {
    mkdirSync(path('data', 'weights', 'inner'), { recursive: true })
    await expect(keepDataset(name, put('set', await xrays()), {}, ['phantom'])).rejects.toThrow(`Try ${other}.`)
  })
})

describe('near-duplicates of a kept set', () => {
  it('are found within and across classes and parts, whatever their brightness, and keep patients together', async () => {
    const files = await xrays()
    const copy = { name: 'test/PNEUMONIA/person99_virus_9.png', bytes: await picture(0, 30) }
    const kept = await keepDataset('mine', put('set', [...files, copy]), { groupPattern: 'person(\\d+)_' })
    const { dataset } = kept
    expect(dataset.nearDuplicates.map(pair => pair.map(i => dataset.items[i].name)))
      .toEqual([['test/PNEUMONIA/person99_virus_9.png', 'train/NORMAL/person0_virus_0.png']])
    expect(describeKept(kept)).toContain('near-duplicates: 1 pair, 1 of two classes, 1 of two parts, 1 of two patients')
    expect(splitByDefault(dataset).warning).toContain('1 training image is nearly the same')
  })

  it('are not images that share their smooth parts only, as X-rays of different patients do', async () => {
    const noise = (seed: number, x: number) => (stream('noise', seed, x).uniform() - 0.5) * 24
    const draw = (seed: number) => Array.from({ length: 4096 }, (_, i) => {
      const x = (i % 64) / 63, y = Math.floor(i / 64) / 63
      return 60 + 120 * x * (1 - x) + 80 * y + noise(seed, i)
    })
    const data = Uint8Array.from([...draw(1), ...draw(2), ...draw(1).map(value => value * 0.9 + 5)])
    expect(await findPairs({ size: 64, count: 3, data })).toEqual([[0, 2]])
  })
})

it('the description says what there is: classes, parts, patients, sizes, values', async () => {
  const files = (await xrays()).filter(({ name }) => !name.startsWith('val/PNEUMONIA'))
  const kept = await keepDataset('mine', put('set', files), { groupPattern: 'person(\\d+)_virus_0' })
  expect(describeKept(kept)).toEqual([
    'layout part/class/image: 10 images of 2 classes',
    '  NORMAL: 6 images (2 train, 2 validation, 2 test)',
    '  PNEUMONIA: 4 images (2 train, 2 test)',
    '  validation has no image of PNEUMONIA',
    'positive class: not named (--positive CLASS)',
    'patients: 5, with 1 image each; 5 of 10 images have no known patient',
    'modality: not known (--modality CT or X-ray)',
    'sizes: width 64, height 64 pixels',
    'values: 10 of 8 bits (png, grey)',
    'near-duplicates: none found',
  ])
})
