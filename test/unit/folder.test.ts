import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { splitAsGiven } from '../../src/lib/data/split/split'
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
    expect(set.name).toBe('folder:chest')
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
      () => put('groups.csv', 'name,group\nsick/a.png,one'),
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
    const set = await openFolder(path('chest'))
    await expect(set.read(2)).rejects.toThrow('sick/a.png')
  })

  it('is refused with fewer than two classes, an empty class, or nothing at all', async () => {
    put('empty/notes.txt', '')
    await expect(openFolder(path('chest'))).rejects.toThrow('images in')
    rmSync(path('chest', 'empty'), { recursive: true })
    rmSync(path('chest', 'sick'), { recursive: true })
    await expect(openFolder(path('chest'))).rejects.toThrow('only healthy')
    await expect(openFolder(path('none'))).rejects.toMatchObject({ code: 'data-missing' })
  })

  it('does not follow links', async () => {
    symlinkSync(path('chest', 'sick', 'a.png'), path('chest', 'sick', 'z.png'))
    expect((await openFolder(path('chest'))).items.length).toBe(4)
  })
})

describe('groups.csv', () => {
  it('names patients and parts; images that it leaves out have none', async () => {
    put('groups.csv', '\ufeffsplit,Name,group\r\ntrain,sick/b.jpg,"Doe, J."\r\n\r\n,healthy/c.webp,\r\n')
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
    ['name,patient\nsick/a.png,1', 'line 1'],
    ['group\n1', 'line 1'],
    ['', 'line 1'],
    ['name,group\nsick/a.png,1\nsick/A.png,2', 'line 3', 'Nearest: sick/a.png'],
    ['name,group\nsick/a.png,1\nsick/a.png,2', 'line 3', 'each image once'],
    ['name,split\nsick/a.png,training', 'line 2', 'train, validation, test'],
  ])('is refused with the line’s number: %j', async (text, ...parts) => {
    put('groups.csv', text)
    const fault = await openFolder(path('chest')).catch(error => error)
    for (const part of parts) expect(fault.message).toContain(part)
  })
})
