import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { archiveFiles } from '../../src/lib/system/archive'
import type { ArchiveLimits } from '../../src/lib/system/archive'
import { temporaryFolder } from '../fixtures/temporary'
import { makeZip } from '../fixtures/zip'
import type { ZipEntry } from '../fixtures/zip'

const path = temporaryFolder()
const text = (name: string, content = name): ZipEntry => ({ name, bytes: Buffer.from(content) })

/** Reads every file of an archive made of these bytes. */
async function contents(bytes: Uint8Array, limits?: ArchiveLimits): Promise<Record<string, string>> {
  writeFileSync(path('test.zip'), bytes)
  const found: Record<string, string> = {}
  for await (const file of archiveFiles(path('test.zip'), limits))
    found[file.name] = Buffer.from(await file.read()).toString()
  return found
}

describe('a good archive', () => {
  it('lists its files, stored or deflated, without its folders', async () => {
    const packed = { ...text('ü.txt', 'packed '.repeat(9)), deflate: true }
    expect(await contents(makeZip([text('a/', ''), text('a/b.txt', 'stored'), packed]))).toEqual({ 'a/b.txt': 'stored', 'ü.txt': 'packed '.repeat(9) })
  })

  it('may hold files that the caller does not read', async () => {
    writeFileSync(path('skipped.zip'), makeZip([text('a'), text('b')]))
    const names = []
    for await (const file of archiveFiles(path('skipped.zip'))) names.push(file.name, file.size)
    expect(names).toEqual(['a', 1, 'b', 1])
  })
})

describe('an archive is refused', () => {
  it.each(['../x', 'a/../../x', '/etc/x', 'C:/x', '..\\x'])('when a name would lead out: %s', async name => {
    await expect(contents(makeZip([text(name)]))).rejects.toMatchObject({ code: 'bad-archive' })
  })

  it('when it holds a link', async () => {
    const link = { name: 'link', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }
    await expect(contents(makeZip([link]))).rejects.toThrow('a link, "link"')
  })

  it('when a file is encrypted', async () => {
    await expect(contents(makeZip([{ ...text('a'), deflate: true, encrypted: true }]))).rejects.toThrow('encrypted')
  })

  it('when it is cut short anywhere', async () => {
    const zip = makeZip([text('a.txt', 'abc'), text('b.txt', 'def')])
    for (let length = 0; length < zip.length; length++)
      await expect(contents(zip.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ code: 'bad-archive' })
  })

  it('when packed bytes are damaged, and the error names the file', async () => {
    const zip = makeZip([{ ...text('a.txt', 'abc'.repeat(50)), deflate: true }])
    zip.fill(255, 36, 40)
    await expect(contents(zip)).rejects.toThrow('a.txt')
  })

  it('when a stored byte is damaged: the checksum differs', async () => {
    const zip = makeZip([text('a.txt', 'abc')])
    zip[36] ^= 1
    await expect(contents(zip)).rejects.toThrow('"a.txt": checksum')
  })

  it('when a file unpacks to more than it declares', async () => {
    const zip = makeZip([{ ...text('a.txt', 'abc'.repeat(50)), deflate: true, declaredSize: 149 }])
    await expect(contents(zip)).rejects.toMatchObject({ code: 'bad-archive' })
  })

  it('when it is no zip, a folder, or missing', async () => {
    await expect(contents(Buffer.from('<html>Sign in</html>'))).rejects.toMatchObject({ code: 'bad-archive' })
    await expect(archiveFiles(path()).next()).rejects.toMatchObject({ code: 'data-missing', received: 'a folder' })
    await expect(archiveFiles(path('none.zip')).next()).rejects.toMatchObject({ code: 'data-missing' })
  })
})

describe('limits hold at N and break at N + 1', () => {
  const zip = makeZip([text('a', '123'), text('b', '4567')])

  it('number of files', async () => {
    await expect(contents(zip, { entries: 2 })).resolves.toBeTruthy()
    await expect(contents(zip, { entries: 1 })).rejects.toMatchObject({ code: 'too-large' })
  })

  it('size of a file', async () => {
    await expect(contents(zip, { entryBytes: 4 })).resolves.toBeTruthy()
    await expect(contents(zip, { entryBytes: 3 })).rejects.toMatchObject({ code: 'too-large' })
  })

  it('size of all files', async () => {
    await expect(contents(zip, { totalBytes: 7 })).resolves.toBeTruthy()
    await expect(contents(zip, { totalBytes: 6 })).rejects.toMatchObject({ code: 'too-large' })
  })

  it('unpacked over packed size', async () => {
    const zeros = makeZip([{ name: 'zeros', bytes: new Uint8Array(2 ** 21), deflate: true }])
    await expect(contents(zeros, { ratio: 1032 })).resolves.toBeTruthy()
    await expect(contents(zeros)).rejects.toMatchObject({ code: 'too-large' })
  })
})
