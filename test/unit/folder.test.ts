import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../src/lib/data/data-folder'
import { openFolder } from '../../src/lib/data/folder'
import { splitAsGiven } from '../../src/lib/data/split/given'
import { splitRandom } from '../../src/lib/data/split/split'
import { temporaryFolder } from '../fixtures/temporary'
import golden from '../golden/decode.json'

const path = temporaryFolder()
const picture = (start: string) => Buffer.from(golden.cases.find(({ name }) => name.startsWith(start))!.file, 'base64')

function put(name: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path('chest', name)), { recursive: true })
  writeFileSync(path('chest', name), content)
}

beforeEach(() => {
  rmSync(path('chest'), { recursive: true, force: true })
  put('sick/b.jpg', picture('JPEG'))
  put('sick/a.png', picture('PNG, grey'))
  put('healthy/c.webp', picture('WebP'))
  put('healthy/d.TIFF', picture('TIFF'))
  put('healthy/notes.txt', 'not an image')
})

describe('a folder with one subfolder a class', () => {
  it('is a data set: classes and images by name', async () => {
    put('unsure/e.gif', picture('GIF'))
    put('.git/x.png', picture('GIF'))
    const set = await openFolder(path('chest'))
    expect(set.name).toMatch(/^folder:chest-[0-9a-f]{8}$/)
    expect(set.labels).toEqual(['healthy', 'sick', 'unsure'])
    expect(set.items.map(item => `${item.name} ${item.label}`))
      .toEqual(['healthy/c.webp 0', 'healthy/d.TIFF 0', 'sick/a.png 1', 'sick/b.jpg 1', 'unsure/e.gif 2'])
    expect(set.grouping).toBe('none')
    for (const index of set.items.keys())
      expect(await set.read(index)).toMatchObject({ width: golden.width, height: golden.height, channels: 1 })
  })

  it('has a content hash that changes with an image, a name or a group', async () => {
    const hashes = new Set<string>()
    const changes = [
      () => {},
      () => put('sick/a.png', picture('PNG, RGB')),
      () => put('sick/f.png', picture('PNG, RGB')),
      () => put('groups.csv', 'name,group\nsick/a.png,one\nsick/b.jpg,\nsick/f.png,\nhealthy/c.webp,\nhealthy/d.TIFF,'),
    ]
    for (const change of changes) {
      change()
      hashes.add((await openFolder(path('chest'))).contentHash)
    }
    expect(hashes.size).toBe(changes.length)
    expect(hashes).toContain((await openFolder(path('chest'))).contentHash)
  })

  it('whose file is no image names that file', async () => {
    put('sick/a.png', 'text')
    await expect(openFolder(path('chest'))).rejects.toThrow('sick/a.png')
  })

  it('is refused with fewer than two classes, an empty class, or nothing at all', async () => {
    put('empty/notes.txt', '')
    await expect(openFolder(path('chest'))).rejects.toThrow('images in')
    rmSync(path('chest', 'empty'), { recursive: true })
    rmSync(path('chest', 'sick'), { recursive: true })
    await expect(openFolder(path('chest'))).rejects.toThrow('only healthy')
    await expect(openFolder(path('none'))).rejects.toMatchObject({ code: 'data-missing' })
  })

  it('follows links to images and folders, and says where one leads nowhere', async () => {
    symlinkSync(path('chest', 'sick', 'a.png'), path('chest', 'sick', 'z.png'))
    mkdirSync(path('store'), { recursive: true })
    writeFileSync(path('store', 'x.png'), picture('PNG, grey'))
    symlinkSync(path('store'), path('chest', 'linked'))
    symlinkSync(path('chest'), path('store', 'round'))
    symlinkSync(path('nowhere'), path('chest', 'sick', 'lost.png'))
    const set = await openFolder(path('chest'))
    expect(set.labels).toEqual(['healthy', 'linked', 'sick'])
    expect(set.items.map(item => item.name)).toContain('sick/z.png')
    expect(await set.read(2)).toMatchObject({ width: golden.width })
    expect(set.notice).toContain('1 link left out that lead nowhere (first sick/lost.png)')
  })

  it('whose name begins with an underscore is a class; hidden files and what systems leave behind are none', async () => {
    put('_normal/e.png', picture('PNG, grey'))
    put('sick/._a.png', 'Mac OS X')
    for (const folder of ['__MACOSX', '@eaDir', '#recycle', '$RECYCLE.BIN', 'sick/@eaDir']) put(`${folder}/a.png`, 'left behind')
    const set = await openFolder(path('chest'))
    expect(set.labels).toEqual(['_normal', 'healthy', 'sick'])
    expect(set.items.length).toBe(5)
  })

  it('counts in its notice what is left out', async () => {
    for (let i = 0; i < 4; i++) put(`sick/IM${i}.xyz`, 'x')
    put('sick/j.jfif', picture('JPEG'))
    const set = await openFolder(path('chest'))
    expect(set.items.map(item => item.name)).toContain('sick/j.jfif')
    expect(set.notice).toContain('5 files left out, no images (healthy: 1 .txt; sick: 4 .xyz)')
  })

  it('whose images lie partly in subfolders is refused with what there is', async () => {
    for (let i = 0; i < 5; i++) put(`sick/more/${i}.png`, picture('PNG, grey'))
    await expect(openFolder(path('chest'))).rejects.toThrow('healthy: 2 images; sick: 2 images, and 5 in 1 subfolder (more)')
  })

  it('has another name than a folder of the same name elsewhere, and so another cache', async () => {
    for (const name of ['sick/a.png', 'healthy/a.png']) put(`../elsewhere/chest/${name}`, picture('PNG, grey'))
    const sets = await Promise.all([path('chest'), path('elsewhere', 'chest')].map(folder => openFolder(folder)))
    expect(new Set(sets.map(set => cacheFolder(set.name))).size).toBe(2)
    expect(cacheFolder('folder:胸')).not.toBe(cacheFolder('folder:肺'))
    expect(cacheFolder('a b')).not.toBe(cacheFolder('a/b'))
  })
})

describe('files of equal bytes', () => {
  it('in several parts or classes are counted in the notice, and warned of by the split', async () => {
    for (const [label, letter] of [['sick', 's'], ['healthy', 'h']])
      for (const part of ['train', 'val', 'test']) put(`${part}/${label}/${letter}.png`, Buffer.concat([picture('PNG, grey'), Buffer.from(part + label)]))
    rmSync(path('chest', 'sick'), { recursive: true })
    rmSync(path('chest', 'healthy'), { recursive: true })
    put('test/healthy/copy.png', Buffer.concat([picture('PNG, grey'), Buffer.from('trainsick')]))
    const set = await openFolder(path('chest'))
    expect(set.notice).toContain('Files of equal bytes: 1 pair, 1 of two classes, 1 of two parts, 0 of two patients.')
    expect(set.nearDuplicates.map(pair => pair.map(i => set.items[i].name))).toEqual([['test/healthy/copy.png', 'train/sick/s.png']])
    expect(splitAsGiven(set).warning).toContain('1 training image is nearly the same as an image of validation or test')
  })

  it('in a set without groups are warned of by a random split that tears them apart', async () => {
    for (const label of ['sick', 'healthy'])
      for (let i = 0; i < 8; i++) put(`${label}/${i}.png`, Buffer.concat([picture('PNG, grey'), Buffer.from(label)]))
    const { warning } = splitRandom(await openFolder(path('chest')), { validation: 0.3, test: 0.3, seed: 1 })
    expect(warning).toMatch(/Nothing is known .* training images are nearly the same as images of validation or test/)
  })
})

it('a given split says which classes a part lacks', async () => {
  for (const label of ['sick', 'healthy', 'unsure'])
    for (const part of ['train', 'val', 'test'])
      if (label !== 'unsure' || part === 'train') put(`groups/${part}/${label}/1.png`, picture('PNG, grey'))
  const { warning } = splitAsGiven(await openFolder(path('chest', 'groups')))
  expect(warning).toContain('No image of unsure is in the part validation: its figures say nothing about it. No image of unsure is in the part test')
})

describe('groups.csv', () => {
  it('names patients and parts; empty cells leave them unknown', async () => {
    put('groups.csv', '\ufeffsplit,Name,group\r\ntrain,sick/b.jpg,"Doe, J."\r\n\r\n,healthy/c.webp,\r\n' +
      ',sick/a.png,\r\n,healthy/d.TIFF,\r\n')
    const set = await openFolder(path('chest'))
    expect(set.grouping).toBe('patient')
    expect(set.items[3]).toEqual({ name: 'sick/b.jpg', label: 1, group: 'Doe, J.', part: 'train' })
    expect(set.items[0]).toEqual({ name: 'healthy/c.webp', label: 0, group: null })
  })

  it('can define the whole split', async () => {
    put('groups.csv', 'name,split\nsick/a.png,train\nsick/b.jpg,test\nhealthy/c.webp,validation\nhealthy/d.TIFF,test\n')
    const split = splitAsGiven(await openFolder(path('chest')))
    expect([split.train.indices, split.validation.indices, split.test.indices]).toEqual([[2], [0], [1, 3]])
  })

  it.each([
    ['name,age\nsick/a.png,1', 'line 1'],
    ['name,group\nsick/a.png,1\nsick/b.jpg,2\nhealthy/c.webp,3', '1 of 4 images in no row', 'healthy/d.TIFF'],
    ['name,group\nsick/a.png,1\nsick/b.jpg,2,3', 'line 3', '2 cells'],
    ['name,group\nsick/a.png,1\nsick/b.jpg', 'line 3', '1 cell'],
    ['name,group,Group\nsick/a.png,1,1', 'line 1', 'group twice'],
    ['name,group,patient\nsick/a.png,1,1', 'line 1', 'group and patient'],
    ['name,group\nsick/a.png,P"1', 'line 2', 'quotes around whole cells only'],
    ['name,group\n\n\nsick/a.png,P1\n"sick/b.jpg,P1\n', 'line 5', 'closed'],
    ['name,group\n"sick/a.png"x,P1\n', 'line 2', 'closing quote'],
    ['name,group\n\n\nsick/a.png,P1\n\nsick/nope.png,P1\n', 'line 6', 'nope'],
    ['group\n1', 'line 1'],
    ['', 'line 1'],
    ['name,group\nsick/a.png,1\nsick/A.png,2', 'line 3', 'Nearest: sick/a.png'],
    ['name,group\nsick/a.png,1\nsick/a.png,2', 'line 3', 'each image once'],
    ...['NaN', 'N/A', 'unknown', '-', '?'].map(word =>
      [`name,group\nsick/a.png,P1\nsick/b.jpg,${word}`, 'line 3', `received "${word}"`, 'an empty cell']),
    ['name,split\nsick/a.png,tranning', 'line 2', 'train, validation, test'],
  ])('is refused with the line’s number: %j', async (text, ...parts) => {
    put('groups.csv', text)
    const fault = await openFolder(path('chest')).catch(error => error)
    for (const part of parts) expect(fault.message).toContain(part)
  })

  const names = ['sick/a.png', 'sick/b.jpg', 'healthy/c.webp', 'healthy/d.TIFF']
  const table = (separator: string, end: string, head = 'name,group') =>
    [head, ...names.map((name, i) => `${name},P${i >> 1}`), ''].join(end).replaceAll(',', separator)

  it.each([
    ['semicolons', table(';', '\n')],
    ['tabs and Windows line ends', table('\t', '\r\n')],
    ['line ends of old Macs', table(',', '\r')],
    ['a declared separator', `sep=;\r\n${table(';', '\r\n')}`],
    ['UTF-16', Buffer.from(`\ufeff${table('\t', '\r\n')}`, 'utf16le')],
    ['UTF-16, the other order', Buffer.from(`\ufeff${table('\t', '\r\n')}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(table(',', '\n'), 'utf16le')],
    ['other names of columns', table(',', '\n', 'filename,patient_id')],
    ['names without their folder or ending', table(',', '\n').replace(/(sick|healthy)\//g, '').replace('.webp', '')],
    ['backslashes', table(',', '\n').replaceAll('/', '\\')],
    ['quotes around every cell', table(',', '\n').replace(/[^,\n]+/g, '"$&"')],
    ['empty lines, and lines of empty cells', table(',', '\n,\n\n')],
  ])('is understood with %s', async (_, content) => {
    put('groups.csv', content)
    expect((await openFolder(path('chest'))).items.map(item => item.group)).toEqual(['P1', 'P1', 'P0', 'P0'])
  })

  it('may have a name in other capitals, or that of a table of tabs; two such tables are refused', async () => {
    put('Groups.CSV', table(',', '\n'))
    expect((await openFolder(path('chest'))).grouping).toBe('patient')
    put('groups.tsv', table('\t', '\n'))
    await expect(openFolder(path('chest'))).rejects.toThrow('one table of groups, received Groups.CSV, groups.tsv')
    rmSync(path('chest', 'Groups.CSV'))
    expect((await openFolder(path('chest'))).grouping).toBe('patient')
  })

  it('may have further columns, which the notice names, and call the validation part val', async () => {
    put('groups.csv', `name,group,split,age\n${names.map((name, i) => `${name},P${i},${['train', 'VAL', 'test', 'Training'][i]},40`).join('\n')}`)
    const set = await openFolder(path('chest'))
    expect(set.items.map(item => item.part)).toEqual(['test', 'train', 'train', 'validation'])
    expect(set.notice).toContain('Columns of groups.csv that are not used: age.')
  })

  it('finds names whose letters are composed in one place and decomposed in the other', async () => {
    put(`sick/${'\u00e9'.normalize('NFD')}.png`, picture('PNG, grey'))
    put('groups.csv', `${table(',', '\n')}sick/\u00e9.png,P0`)
    expect((await openFolder(path('chest'))).items.every(item => item.group !== null)).toBe(true)
  })

  it('refuses bytes that are no text, and a file made to take long', async () => {
    put('groups.csv', Buffer.from([110, 97, 109, 101, 0xe9, 0xff]))
    await expect(openFolder(path('chest'))).rejects.toThrow('CSV UTF-8')
    // Processor time: other programs may keep the test waiting.
    const start = process.cpuUsage()
    for (const content of [`name,group\n${'x'.repeat(60_000)},P1\n`, `name,group\n${'"a,P"'.repeat(200_000)}`]) {
      put('groups.csv', content)
      const fault = await openFolder(path('chest')).catch(error => error)
      expect(fault.message).toContain('line 2')
      expect(fault.message.length).toBeLessThan(500)
    }
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6, 'seconds').toBeLessThan(2)
  })
})
