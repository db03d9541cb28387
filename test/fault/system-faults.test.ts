/** Faults of the machine are one sentence: no right to read or write, read-only, full, too many open files. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readFileCapped, readFileCappedSync, writeFileAtomic } from '../../src/lib/system/files'
import { hashFile } from '../../src/lib/system/hash'
import { inProject } from '../../src/lib/system/project-root'
import { guardedWrite } from '../../src/lib/system/safe-path'
import { faultSentence, systemFault } from '../../src/lib/system/system-fault.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

/** An error as the operating system gives it. Tests may run as root, whom rights do not stop: it is injected. */
function systemError(code: string, syscall: string, where?: string): Error {
  return Object.assign(new Error(`${code}: a message of the system, ${syscall} '${where}'`), {
    code, syscall, errno: -1, ...(where === undefined ? {} : { path: where }),
  })
}

const sentence = /^[a-z-]+: expected [^\n]+, received [^\n]+\. [A-Z][^\n]+\.$/

describe('a fault of the machine in words', () => {
  test.each([
    ['EACCES', 'mkdir', 'not-writable', /a project folder that this user may write to, received no right to write \/a\/b \(EACCES\)/],
    ['EPERM', 'unlink', 'not-writable', /no right to write \/a\/b \(EPERM\)/],
    ['EACCES', 'scandir', 'not-readable', /to read \/a\/b, received no right to read it \(EACCES\)/],
    ['EROFS', 'open', 'not-writable', /to write \/a\/b, received a read-only file system/],
    ['ENOSPC', 'write', 'disk-full', /to write \/a\/b, received a full disk \(ENOSPC\). Free some/],
    ['EDQUOT', 'write', 'disk-full', /a full disk quota/],
    ['EMFILE', 'open', 'too-many-files', /too many files that this program has open.*ulimit -n/],
    ['ENFILE', 'open', 'too-many-files', /this machine/],
    ['EIO', 'read', 'disk-fault', /to read \/a\/b/],
    ['ENAMETOOLONG', 'mkdir', 'bad-path', /a longer name/],
    ['ENOSPC', 'watch', 'too-many-files', /too many watched files/],
    ['ENOENT', 'spawn python3', 'no-program', /to run \/a\/b, received no such program/],
  ])('%s of %s', (code, syscall, kind, words) => {
    const fault = systemFault(systemError(code, syscall, '/a/b'))!
    expect(fault.code).toBe(kind)
    expect(faultSentence(fault)).toMatch(words)
    expect(faultSentence(fault)).toMatch(sentence)
  })

  test('no other error is one', () => {
    for (const error of [new Error('EACCES'), 'EACCES', null, systemError('EPERM', 'kill'), systemError('ECONNRESET', 'read'),
      Object.assign(new Error('x'), { code: 'ENOSPC' })]) expect(systemFault(error)).toBeNull()
  })

  test('opening to write and opening to read are told apart', () => {
    writeFileSync(path('there'), '')
    // A file that this user may read was opened to write to it; one that is missing, to make it.
    expect(systemFault(systemError('EACCES', 'open', path('there')))!.code).toBe('not-writable')
    expect(systemFault(systemError('EACCES', 'open', path('new')))!.code).toBe('not-writable')
    expect(systemFault(systemError('EACCES', 'open', path('there')), { path: path('there'), writing: false })!.code).toBe('not-readable')
  })
})

describe('the library', () => {
  test.each(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EIO', 'EXDEV'])('says %s of a write', async code => {
    const write = guardedWrite(path('x'), () => Promise.reject(systemError(code, 'open', path('.x.tmp'))))
    await expect(write).rejects.toMatchObject({ code: 'write-failed', message: expect.stringMatching(sentence) as string })
    await expect(write).rejects.toThrow(code)
  })

  test('says it of a write that the system refuses', async () => {
    await expect(writeFileAtomic(path('y'.repeat(300)), 'x')).rejects.toThrow('a longer name than the disk takes')
    await expect(writeFileAtomic(path('there', 'below'), 'x')).rejects.toThrow(`another file or folder of this name, ${path('there')} (EEXIST)`)
  })

  test('says it of a read that the system refuses', async () => {
    mkdirSync(path('folder'), { recursive: true })
    await expect(readFileCapped(path('folder'), 9)).rejects.toThrow('received a folder. Check the path.')
    expect(() => readFileCappedSync(path('folder'), 9)).toThrow('received a folder. Check the path.')
    expect(() => readFileCappedSync(path('fodler'), 9)).toThrow(`received nothing there. Check the path: ${path()} holds folder.`)
    await expect(hashFile(path('folder'))).rejects.toThrow(/data-missing: expected a file .*, received a folder/)
  })
})

describe('a command', () => {
  /** What a command prints that meets a fault: thrown, or as the event of a stream. */
  function answer(body: string): { stderr: string; status: number | null } {
    writeFileSync(path('command.mjs'), `import { runCommand } from ${JSON.stringify(pathToFileURL(inProject('scripts', 'command', 'main.mjs')).href)}
import { createWriteStream, writeFileSync } from 'node:fs'
await runCommand(async () => { ${body} })`)
    return spawnSync(process.execPath, [path('command.mjs')], { encoding: 'utf8' })
  }
  const full = /^disk-full: expected to write a file, received a full disk \(ENOSPC\)\. Free some disk space, then run this again\.\n$/

  // /dev/full is a disk that has no room left.
  test('says a full disk in one sentence', () =>
    expect(answer("writeFileSync('/dev/full', 'x')")).toMatchObject({ status: 1, stderr: expect.stringMatching(full) as string }))
  test('says it where a stream meets it', () =>
    expect(answer("createWriteStream('/dev/full').write('x'); await new Promise(done => setTimeout(done, 5000))"))
      .toMatchObject({ status: 1, stderr: expect.stringMatching(full) as string }))
  test('shows a fault of the program with its stack', () =>
    expect(answer('null.nothing')).toMatchObject({ status: 1, stderr: expect.stringMatching(/TypeError[\s\S]*at .*command\.mjs/) as string }))
})

/** This user, or one without rights where this is root. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
const nobodyRuns = spawnSync(process.execPath, ['--version'], nobody).status === 0

test.skipIf(!nobodyRuns)('the set-up in a project that this user may not write to', () => {
  for (const part of ['scripts', 'src/lib/system', 'native', 'notebooks', 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(inProject(part), path('project', part), { recursive: true })
  for (let folder = path('project'); folder !== dirname(path()); folder = dirname(folder)) chmodSync(folder, 0o555)
  try {
    for (const script of ['set-up.mjs', 'start.mjs']) {
      const { status, stderr, stdout } = spawnSync(process.execPath, [path('project', 'scripts', script)],
        { ...nobody, encoding: 'utf8', env: { PATH: process.env.PATH, LAB_ENGINE: 'wasm' } })
      expect(stdout + stderr).toContain('not-writable: expected a project folder that this user may write to, received no right to write')
      expect(stderr).not.toMatch(/\n\s+at /)
      expect(status).toBe(1)
    }
  } finally {
    for (const folder of [path(), path('project')]) chmodSync(folder, 0o755)
    rmSync(path('project'), { recursive: true })
  }
})
