/** Errors of the set-up: a code, what was expected, what was received, what to do; no stack trace. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { command } from '../../scripts/set-up/command.mjs'
import { buildOrSayWhy, noEngineBecause, unbuilt } from '../../scripts/set-up/engine.mjs'
import { checkNode } from '../../scripts/set-up/node-packages.mjs'
import { engineVariant, venvPython, wantsCard } from '../../scripts/set-up/project.mjs'
import { findPython } from '../../scripts/set-up/python-packages.mjs'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'faults-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program that answers like a Python of that version. */
function python(name: string, version: string, withVenv: boolean): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho '${version}'\n${withVenv ? 'echo venv' : 'echo no module named ensurepip >&2; exit 1'}\n`)
  chmodSync(path, 0o755)
  return path
}

const whole = /expected .+\n.*received .+\n.*do .+/

describe('Python', () => {
  test('the first one that is new enough and has venv is chosen', () => {
    const [old, bare, good] = [python('a', '3 9', true), python('b', '3 12', false), python('c', '3 10', true)]
    expect(findPython(['no-such-program', old, bare, good])).toBe(good)
  })
  test('none at all', () => expect(() => findPython(['no-such-program'])).toThrow(/^no-python[\s\S]*apt install/))
  test('too old', () => expect(() => findPython([python('a', '3 9', true)])).toThrow(/^python-too-old[\s\S]*3\.9/))
  test('too new for the packages of a pack', () => {
    const [old, fitting, late] = [python('a', '3 9', true), python('b', '3 14', true), python('c', '3 15', true)]
    expect(findPython([late, old, fitting], false, [10, 14])).toBe(fitting)
    expect(() => findPython([old, late], false, [10, 14]))
      .toThrow(/^python-too-new[\s\S]*Python 3\.10 to 3\.14, whose packages were packed[\s\S]*3\.15[\s\S]*an earlier version/)
    expect(findPython([late])).toBe(late)
  })
  test('without venv', () => expect(() => findPython([python('a', '3 11', false)])).toThrow(/^no-venv[\s\S]*python3\.11-venv/))
  test('one that the user names is tried alone, and its fault is shown', () => {
    const good = python('good', '3 12', true), silent = python('silent', 'hello', false)
    vi.stubEnv('PATH', folder)
    for (const [named, fault] of [
      [join(folder, 'pyhton'), /LAB_PYTHON to name a Python.*\n.*pyhton, where no program is found\n.*correct LAB_PYTHON/],
      [silent, /silent, where another program than Python is/], [folder, /where nothing may be run/],
      [python('old', '3 9', true), /python-too-old[\s\S]*LAB_PYTHON[\s\S]*old 3\.9/],
      [python('bare', '3 12', false), /no-venv[\s\S]*bare 3\.12/],
    ] as const) {
      vi.stubEnv('LAB_PYTHON', named)
      expect(() => findPython()).toThrow(fault)
    }
    vi.stubEnv('LAB_PYTHON', good)
    expect(findPython()).toBe(good)
    vi.unstubAllEnvs()
  })
  test('every message has all parts', () => expect(() => findPython(['no-such-program'])).toThrow(whole))
})

describe('Node', () => {
  test.each(['20.19.0', '22.0.0', '24.9.0'])('%s is supported', version => expect(() => checkNode(version)).not.toThrow())
  test.each(['20.18.3', '18.20.0'])('%s is too old', version => expect(() => checkNode(version)).toThrow(/^node-too-old/))
  test('25.0.0 is too new', () => expect(() => checkNode('25.0.0')).toThrow(/^node-too-new/))
})

describe('a machine without a native engine gets the reason', () => {
  test.each([
    ['linux', 'x64', true, null],
    ['linux', 'arm64', true, null],
    ['darwin', 'arm64', false, /macOS/],
    ['linux', 'x64', false, /GNU C library/],
    ['linux', 'riscv64', true, /riscv64/],
  ] as const)('%s %s, GNU %s', (platform, arch, gnu, reason) => {
    const answer = noEngineBecause(platform, arch, gnu)
    if (reason === null) expect(answer).toBeNull()
    else expect(answer).toMatch(reason)
  })
  test('LAB_ENGINE=wasm requests none', () => expect(noEngineBecause('linux', 'x64', true, 'wasm')).toMatch(/LAB_ENGINE/))
})

describe('the build of TensorFlow', () => {
  const none = () => false, both = () => true, forCards = (variant: string) => variant === 'gpu'

  test.each([
    ['gpu', false, none, 'gpu'], ['native', true, none, 'cpu'], ['', true, none, 'gpu'], ['', false, none, 'cpu'],
    ['native', true, both, 'cpu'], ['', false, both, 'cpu'], ['gpu', false, both, 'gpu'],
  ] as const)('is chosen by LAB_ENGINE=%s and a driver (%s)', (requested, driver, installed, variant) => {
    expect(engineVariant(requested, driver, installed)).toBe(variant)
  })

  test.each([['native', true], ['native', false], ['', false]] as const)(
    'for cards serves processors, too, if no other is installed: LAB_ENGINE=%s, a driver %s', (requested, driver) => {
      expect(engineVariant(requested, driver, forCards)).toBe('gpu')
      expect(wantsCard(requested, driver)).toBe(false)
    })
})

describe('programs that fail', () => {
  const pip = (...args: string[]) => command('trial', venvPython, ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir',
    '--retries=1', '--timeout=2', '--isolated', `--dest=${folder}`, ...args])

  test('no network', async () => {
    // Nothing listens at port 9.
    const failure = pip('--index-url=http://127.0.0.1:9/simple', 'anything==1.0')
    await expect(failure).rejects.toThrow(/^no-network[\s\S]*after the first set-up no network is needed/)
    await expect(failure).rejects.toThrow(whole)
  })

  test('a package that is not the one in the lock file', async () => {
    const archive = Buffer.from('not what was locked')
    const server = createServer((request, answer) => request.url?.endsWith('.zip')
      ? answer.end(archive)
      : answer.setHeader('content-type', 'text/html').end('<a href="/anything-1.0.zip">anything-1.0.zip</a>'))
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as AddressInfo
    const lock = join(folder, 'lock.txt')
    writeFileSync(lock, `anything==1.0 --hash=sha256:${'0'.repeat(64)}\n`)
    try {
      await expect(pip(`--index-url=http://127.0.0.1:${port}/simple`, '--require-hashes', '-r', lock))
        .rejects.toThrow(/^package-changed/)
    } finally {
      server.close()
    }
  })

  // /dev/full is a disk that has no room left.
  test('disk full', () =>
    expect(command('trial', 'sh', ['-c', 'LC_ALL=C cat /etc/passwd > /dev/full'])).rejects.toThrow(/^disk-full/))
  test('not there', () => expect(command('trial', join(folder, 'none'), [])).rejects.toThrow(/^command-failed/))
  test('anything else: the program’s message, and the path of the log', () =>
    expect(command('trial', 'sh', ['-c', 'echo fatal: the cat sat on it >&2; exit 3'])).rejects.toThrow(/the cat sat on it.*trial\.log/))
})

describe('a binding that cannot be built', () => {
  const compiler = (words: string) => () => command('trial', 'sh', ['-c', `echo ${words} >&2; exit 1`])

  test('is left out, and the compiler’s message is kept', async () => {
    await buildOrSayWhy(folder, compiler('fatal error: no such processor'))
    expect(readFileSync(unbuilt(folder), 'utf8')).toMatch(/no such processor/)
  })
  test('for a reason that the user can remove is an error', async () => {
    await expect(buildOrSayWhy(folder, compiler('No space left on device'))).rejects.toThrow(/^disk-full/)
    expect(existsSync(unbuilt(folder))).toBe(false)
  })
  test('that is built leaves no reason', async () => {
    await buildOrSayWhy(folder, () => command('trial', 'true', []))
    expect(existsSync(unbuilt(folder))).toBe(false)
  })
})
