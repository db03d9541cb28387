import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { appendToFile, readFileCapped, remove, writeFileAtomic } from '../../src/lib/system/files'
import { hashFile, sha256 } from '../../src/lib/system/hash'
import { withLock } from '../../src/lib/system/lock.mjs'
import { putBack, removeAbandoned, replace, replaceAlone, workFolder } from '../../src/lib/system/replace'
import { temporaryBeside } from '../../src/lib/system/temporary-names'
import { insideFolder } from '../../src/lib/system/safe-path'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

describe('writing a file', () => {
  it('makes folders, replaces an old file, and leaves no temporary file', async () => {
    await writeFileAtomic(path('deep', 'er', 'file'), 'one')
    await writeFileAtomic(path('deep', 'er', 'file'), Uint8Array.of(116, 119, 111))
    expect(readFileSync(path('deep', 'er', 'file'), 'utf8')).toBe('two')
    expect(readdirSync(path('deep', 'er'))).toEqual(['file'])
  })

  it('keeps the old content if it fails, and leaves no temporary file', async () => {
    mkdirSync(path('taken', 'inner'), { recursive: true })
    await expect(writeFileAtomic(path('taken'), 'text')).rejects.toMatchObject({ code: 'write-failed' })
    expect(existsSync(path('taken', 'inner'))).toBe(true)
    expect(readdirSync(path()).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('accepts pieces as they arrive; if their source fails, it throws that error and leaves no file', async () => {
    await writeFileAtomic(path('pieces'), chunks('ab', 'c'))
    expect(readFileSync(path('pieces'), 'utf8')).toBe('abc')
    const fault = new Error('the source broke')
    const breaks = async function* () {
      yield Buffer.from('half')
      throw fault
    }
    await expect(writeFileAtomic(path('broken', 'file'), breaks())).rejects.toBe(fault)
    expect(readdirSync(path('broken'))).toEqual([])
  })

  it('happens in the project and the temporary folder only, links followed', async () => {
    symlinkSync('/usr', path('link'))
    for (const outside of ['/lab-test', inProject('../../../../../../../..', 'lab-test'), path('link', 'lab-test')])
      await expect(writeFileAtomic(outside, 'x')).rejects.toMatchObject({ code: 'outside-folder' })
    await expect(remove('/lab-test')).rejects.toMatchObject({ code: 'outside-folder' })
  })
})

describe('a name inside a folder', () => {
  it('is a path inside it', () => {
    expect(insideFolder(path(), 'a/b.png')).toBe(path('a', 'b.png'))
    expect(insideFolder(path(), '..a/b')).toBe(path('..a', 'b'))
  })

  it('may not lead out: by .., as an absolute path, through a link, or with a zero byte', () => {
    symlinkSync('/etc', path('out'))
    for (const name of ['../x', 'a/../../x', '/etc/passwd', 'out/passwd', 'a\0b'])
      expect(() => insideFolder(path(), name)).toThrow('outside-folder')
  })
})

describe('appending to a file', () => {
  it('continues at the end of the file', async () => {
    const lengths: number[] = []
    expect(await appendToFile(path('grows'), chunks('ab', 'c'), 10, length => lengths.push(length))).toBe(3)
    expect(await appendToFile(path('grows'), chunks('de'), 5)).toBe(5)
    expect(readFileSync(path('grows'), 'utf8')).toBe('abcde')
    expect(lengths).toEqual([2, 3])
  })

  it('stops at the limit, and keeps the chunks before', async () => {
    await expect(appendToFile(path('capped'), chunks('abc', 'd'), 3)).rejects.toMatchObject({ code: 'too-large' })
    expect(readFileSync(path('capped'), 'utf8')).toBe('abc')
  })
})

describe('reading', () => {
  it('accepts a file of the limit and refuses one byte more', async () => {
    writeFileSync(path('four'), '1234')
    expect(String(await readFileCapped(path('four'), 4))).toBe('1234')
    await expect(readFileCapped(path('four'), 3)).rejects.toMatchObject({ code: 'too-large' })
    await expect(readFileCapped(path('none'), 3)).rejects.toMatchObject({ code: 'data-missing' })
  })

  it('hashes by SHA-256 (FIPS 180-4, the message "abc")', async () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    writeFileSync(path('abc'), 'abc')
    expect(sha256('abc')).toBe(expected)
    expect(await hashFile(path('abc'))).toBe(expected)
  })
})

describe('replacing a folder', () => {
  it('puts a new folder in the place of an old one', async () => {
    await writeFileAtomic(path('set', 'old'), '')
    const work = await workFolder(path('set'))
    await writeFileAtomic(`${work}/new`, '')
    await replace(work, path('set'))
    expect(readdirSync(path('set'))).toEqual(['new'])
    expect(existsSync(work)).toBe(false)
  })

  it.each(['a file', 'a folder'])('by a path that does not exist leaves %s as it was', async kind => {
    const there = path(`kept ${kind}`)
    if (kind === 'a folder') mkdirSync(`${there}/inner`, { recursive: true })
    else writeFileSync(there, 'good')
    await expect(replace(path('nowhere'), there)).rejects.toMatchObject({ code: 'write-failed' })
    expect(existsSync(there)).toBe(true)
    expect(readdirSync(path()).filter(name => name.startsWith('.kept'))).toEqual([])
  })

  it.each(['there', 'linked'])('that cannot be replaced (%s) leaves it in its place', async to => {
    mkdirSync(path('there', 'inner'), { recursive: true })
    if (to === 'linked') symlinkSync(path('there'), path('linked'))
    // A folder cannot become part of itself.
    await expect(replace(path(), path(to, 'inner'))).rejects.toMatchObject({ code: 'write-failed' })
    expect(existsSync(path(to, 'inner'))).toBe(true)
    expect(readdirSync(path('there'))).toEqual(['inner'])
  })

  it('never puts a folder in the place of a file, nor a file in that of a folder', async () => {
    const work = await workFolder(path('kind'))
    writeFileSync(path('kind'), 'good')
    await expect(replace(work, path('kind'))).rejects.toMatchObject({ code: 'write-failed' })
    expect(readFileSync(path('kind'), 'utf8')).toBe('good')
    await expect(replace(path('kind'), work)).rejects.toMatchObject({ code: 'write-failed' })
    await remove(work)
  })

  it('puts the folder back that a killed process had set aside', async () => {
    for (const name of ['.killed.99999999-0.old', '.killed.99999999-1.tmp']) mkdirSync(path(name, 'whole'), { recursive: true })
    await removeAbandoned(path())
    await remove(await workFolder(path('killed')))
    expect(readdirSync(path('killed'))).toEqual(['whole'])
    mkdirSync(path('.killed.99999999-2.old'))
    await putBack(path('killed'))
    expect(readdirSync(path('killed'))).toEqual(['whole'])
    await removeAbandoned(path())
    expect(readdirSync(path()).filter(name => name.startsWith('.killed'))).toEqual([])
  })

  describe('of another machine, or of a process whose number another has now,', () => {
    const names = { elsewhere: '999999-0@container-abc', reused: `${process.ppid}-0-1@${hostname()}`, earlier: `${process.ppid}-0@${hostname()}` }

    it.each(Object.entries(names))('puts back what is set aside (%s)', async (name, owner) => {
      mkdirSync(path(`.${name}.${owner}.old`, 'whole'), { recursive: true })
      await withLock(path(`.${name}.lock`), () => putBack(path(name)), { onBusy: 'refuse' })
      expect(existsSync(path(name))).toBe(false)
      await putBack(path(name))
      expect(readdirSync(path(name))).toEqual(['whole'])
    })

    it.each(Object.entries(names))('puts it back in place of a cache that was stored there since (%s)', async (name, owner) => {
      const folder = `cached-${name}`
      mkdirSync(path(`.${folder}.${owner}.old`, 'whole'), { recursive: true })
      mkdirSync(path(folder, 'cache'), { recursive: true })
      await withLock(path(`.${folder}.lock`), () => putBack(path(folder), path(folder, 'whole')), { onBusy: 'refuse' })
      expect(readdirSync(path(folder))).toEqual(['cache'])
      await putBack(path(folder), path(folder, 'whole'))
      expect(readdirSync(path(folder))).toEqual(['whole'])
    })

    it('finds it when replacing, too, and takes the last of several', async () => {
      for (const [number, content] of [[1, 'older'], [0, 'newer']] as const) {
        mkdirSync(path(`.several.999999-${number}@container-abc.old`, content), { recursive: true })
        await pause(20)
      }
      await replaceAlone(path('several'), 'looking', async () => {
        expect(readdirSync(path('several'))).toEqual(['newer'])
      })
    })

    it('leaves what a running process has set aside', async () => {
      const aside = temporaryBeside(path('running'), 'old')
      mkdirSync(aside)
      await putBack(path('running'))
      expect([existsSync(aside), existsSync(path('running'))]).toEqual([true, false])
    })

    it('removes what is half-written after a day', async () => {
      const [elsewhere, reused, earlier] = Object.values(names).map(owner => path(`.half.${owner}.tmp`))
      for (const file of [elsewhere, reused, earlier]) writeFileSync(file, '')
      await removeAbandoned(path())
      expect([elsewhere, reused, earlier].map(existsSync)).toEqual([true, false, true])
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 60 * 60_000 })
      await removeAbandoned(path()).finally(() => vi.useRealTimers())
      expect([elsewhere, earlier].map(existsSync)).toEqual([false, false])
    })
  })

  it('replaces a folder though another thread stores caches in it all the time', async () => {
    mkdirSync(path('cached'))
    const storing = `const { mkdirSync } = require('node:fs')
      for (;;) try { mkdirSync(require('node:worker_threads').workerData, { recursive: true }) } catch {}`
    const thread = new Worker(storing, { eval: true, workerData: path('cached', 'cache') })
    onTestFinished(async () => void await thread.terminate())
    while (!existsSync(path('cached', 'cache'))) await pause(5)
    for (let i = 0; i < 30; i++) {
      mkdirSync(path('next', `content-${i}`), { recursive: true })
      await replace(path('next'), path('cached'))
      expect(readdirSync(path('cached'))).toContain(`content-${i}`)
    }
  })

  it('removes the work folders of processes that have ended, and no others', async () => {
    // Process numbers on Linux stay below 4,194,304.
    const gone = path('.images.99999999-0.tmp')
    const alive = path(`.images.${process.pid}-999.tmp`)
    const other = path('.more.images.99999999-0.tmp')
    for (const folder of [gone, alive, other]) mkdirSync(folder)
    await workFolder(path('images'))
    expect([gone, alive, other].map(existsSync)).toEqual([false, true, true])
    await removeAbandoned(path())
    expect([alive, other].map(existsSync)).toEqual([true, false])
  })
})
