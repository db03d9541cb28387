/** Two sets never share a folder: of images, caches or results; nor one that the project uses for something else. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cacheFolder, folderName } from '../../src/lib/data/data-folder'
import { openFolder } from '../../src/lib/data/folder'
import { keepDataset } from '../../src/lib/data/kept/keep'
import { dataSources } from '../../src/lib/data/registry'
import { inProject } from '../../src/lib/system/project-root'
import { encodePng } from '../../src/lib/images/image-file'
import { temporaryFolder } from '../fixtures/temporary'

const disk = vi.hoisted(() => ({ takesCapitalsForSmall: false }))
vi.mock('../../src/lib/system/safe-path', async original => {
  const real = await original<typeof import('../../src/lib/system/safe-path')>()
  const insideFolder = (folder: string, name: string) =>
    real.insideFolder(folder, disk.takesCapitalsForSmall ? name.toLowerCase() : name)
  return { ...real, insideFolder }
})

const path = temporaryFolder()
beforeEach(() => void vi.stubEnv('LAB_DATA_FOLDER', path('data')))
afterEach(() => void vi.unstubAllEnvs())

/** A folder with an image of each of two classes. */
async function twoImages(folder: string): Promise<string> {
  const bytes = await encodePng({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(90) })
  for (const name of ['ill/a.png', 'well/b.png']) {
    mkdirSync(dirname(path(folder, name)), { recursive: true })
    writeFileSync(path(folder, name), bytes)
  }
  return path(folder)
}

const different = (names: readonly string[]) => new Set(names.map(name => folderName(name).toLowerCase())).size

describe('the folder of a set', () => {
  it.each([
    ['names in other scripts', ['胸', '肺', 'грудь', 'ლ', '---', '']],
    ['names that differ in capitals only, which some disks take for one', ['lungs', 'Lungs', 'LUNGS', 'folder:Lungs', 'folder:lungs']],
    ['names that differ in what is no letter', ['a b', 'a/b', 'a-b', 'a_b', 'a.b', 'a.', 'a', '.a', '-a']],
    ['accents composed in two ways', ['folder:Thorax-\u00e9', 'folder:Thorax-e\u0301']],
    ['a folder and a set of the same name', ['folder:x-12345678', 'folder-x-12345678', 'x-12345678']],
    ['long names', [`folder:${'x'.repeat(300)}a`, `folder:${'x'.repeat(300)}b`, 'x'.repeat(64), 'x'.repeat(65)]],
    ['folders elsewhere', ['folder:x-12345678', 'folder:x-12345679']],
  ])('%s', (_, names) => expect(different(names)).toBe(names.length))

  it('has a name that every disk takes, and none that leads elsewhere', () => {
    for (const name of ['胸', 'x'.repeat(300), '..', '../..', 'a/../../b', '', 'con\0', `folder:${'é'.repeat(255)}`])
      expect(folderName(name)).toMatch(/^[a-z0-9][\w.-]{0,99}$/)
  })

  it('is the set’s name, for every set of this project', () => {
    for (const { name } of dataSources) expect(folderName(name)).toBe(name)
  })

  it('is none of the names in data/ and results/ that the project uses', () => {
    const ignored = readFileSync(inProject('.gitignore'), 'utf8').match(/(?<=^!?\/?(data|results)\/)\w+/gm)!
    expect(ignored).toContain('manifests')
    for (const name of [...ignored, 'features', 'downloads', 'runs', 'models', 'exported', 'compared-runs', 'index.html'])
      expect(folderName(name)).not.toBe(name)
  })

  it('differs for folders of the same last name, whatever its script', async () => {
    const folders = await Promise.all(['one/胸部', 'two/胸部', 'one/chest', 'two/chest', 'one/Chest'].map(twoImages))
    const sets = await Promise.all(folders.map(folder => openFolder(folder)))
    expect(different(sets.map(set => set.name))).toBe(folders.length)
    expect(new Set(sets.map(set => cacheFolder(set.name))).size).toBe(folders.length)
  })
})

describe('a set is not kept', () => {
  it.each(['runs', 'tables', 'features', 'index.html', 'weights'])('by the project’s name %s', async name => {
    await expect(keepDataset(name, await twoImages('set'))).rejects.toThrow(`Try my-${name}.`)
    expect(existsSync(path('data', name))).toBe(false)
  })

  it('where the disk takes the names of two of its files for one', async () => {
    const folder = await twoImages('capitals')
    writeFileSync(path('capitals', 'ill', 'B.png'), readFileSync(path('capitals', 'ill', 'a.png')))
    writeFileSync(path('capitals', 'ill', 'b.png'), readFileSync(path('capitals', 'ill', 'a.png')))
    disk.takesCapitalsForSmall = true
    await expect(keepDataset('capitals', folder)).rejects.toThrow('ill/b.png and another that differs from it in capitals')
    expect(existsSync(path('data', 'capitals'))).toBe(false)
    disk.takesCapitalsForSmall = false
    expect((await keepDataset('capitals', folder)).dataset.items.length).toBe(4)
  })
})
