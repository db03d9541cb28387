/** A pack holds what is committed and what is installed, for every Python that the project knows, and nothing else. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkOut, committedState, filesBelow, isUnopenedPackage } from '../../scripts/pack/contents.mjs'
import { checkPackable, partSize } from '../../scripts/pack/machine.mjs'
import { pythons } from '../../scripts/pack/tools.mjs'
import { checkPackedEngine, requireNetwork } from '../../scripts/set-up/packed.mjs'
import { venvPython } from '../../scripts/set-up/project.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
function write(folder: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
const git = (folder: string, ...args: string[]) => {
  const { status, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' })
  expect({ status, stderr: status ? stderr : '' }).toEqual({ status: 0, stderr: '' })
}

describe('of a clone', () => {
  const clone = path('clone')
  beforeAll(() => {
    write(clone, { 'package.json': '{}', 'notebooks/01.ipynb': 'committed', 'native/one.cc': '', '.gitignore': 'data/set/\n', 'docs/a.md': '' })
    git(clone, 'init', '-q')
    expect(() => committedState(clone)).toThrow(/^not-committed[\s\S]*commit the files first/)
    git(clone, 'add', '-A')
    git(clone, 'commit', '-qm', 'first')
  })

  test('what is committed is packed, without changes, new files, ignored files and history', () => {
    write(clone, { 'notebooks/01.ipynb': 'changed', 'token.txt': 'secret', 'data/set/image.png': 'image', 'results/run.json': '{}' })
    const { commit, committed, changed } = committedState(clone)
    expect(commit).toMatch(/^[0-9a-f]{40}$/)
    expect(new Date(committed).getTime()).toBeGreaterThan(0)
    expect(changed.sort()).toEqual(['notebooks/01.ipynb', 'results/run.json', 'token.txt'])
    checkOut(clone, commit, path('tree'))
    expect(filesBelow(path('tree'))).toEqual(['.gitignore', 'docs/a.md', 'native/one.cc', 'notebooks/01.ipynb', 'package.json'])
    expect(readFileSync(path('tree', 'notebooks', '01.ipynb'), 'utf8')).toBe('committed')
  })

  test.each([['package.json', '{ }'], ['native/one.cc', 'changed'], ['native/new.cc', ''], ['scripts/requirements/new.txt', '']])(
    'a change of %s is refused: what is installed would not fit', (name, text) => {
      const copy = path(`with ${name.replaceAll('/', '-')}`)
      git(path(), 'clone', '-q', clone, copy)
      write(copy, { [name]: text })
      expect(() => committedState(copy)).toThrow(new RegExp(`^not-committed[\\s\\S]*changes in ${name}`))
    })

  test('a folder without a history is refused, also within another clone', () => {
    write(path('plain'), { 'package.json': '{}' })
    expect(() => committedState(path('plain'))).toThrow(/^not-a-clone[\s\S]*clone the project with git/)
    expect(() => committedState(join(clone, 'docs'))).toThrow(/^not-a-clone/)
    write(path('plain'), { '.pack/about.json': '{}' })
    expect(() => committedState(path('plain'))).toThrow(/^not-a-clone[\s\S]*copy the pack from which/)
  })
})

describe('of what is installed', () => {
  test('source maps of packages and caches are left out, licences and files of the engine never', () => {
    const root = path('installed')
    write(root, Object.fromEntries([
      'node_modules/a/index.js', 'node_modules/a/index.js.map', 'node_modules/a/LICENSE.map', 'node_modules/.vite/results.json',
      '.engine/gpu/nvidia/cublas/lib/libcublas.so.12', '.engine/gpu/.made-from', '.engine/cpu/.made-from',
    ].map(name => [name, ''])))
    expect(filesBelow(root, 'node_modules', isUnopenedPackage)).toEqual(['node_modules/a/LICENSE.map', 'node_modules/a/index.js'])
    expect(filesBelow(root, '.engine/gpu')).toEqual(['.engine/gpu/.made-from', '.engine/gpu/nvidia/cublas/lib/libcublas.so.12'])
  })

  test('links to a path of this machine, and names that lists cannot hold, are refused', () => {
    write(path('linked'), { 'file': '' })
    symlinkSync('file', path('linked', 'near'))
    expect(filesBelow(path('linked'))).toEqual(['file', 'near'])
    symlinkSync(path('linked', 'file'), path('linked', 'far'))
    expect(() => filesBelow(path('linked'))).toThrow(/^bad-path[\s\S]*far, which leads to \//)
    write(path('odd'), { 'two\nlines': '' })
    expect(() => filesBelow(path('odd'))).toThrow(/^bad-path[\s\S]*two\\nlines/)
  })
})

describe('of Python packages', () => {
  const requirementsFor = (version: string) => {
    const { status, stdout, stderr } = spawnSync(venvPython,
      [inProject('scripts', 'pack', 'requirements-for.py'), inProject('scripts', 'requirements', 'notebooks.txt'), version], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.trim().split('\n')
  }
  const namesOf = (lines: string[]) => lines.map(line => line.split('==')[0])

  test('each version gets its own, one of each, with hashes', () => {
    const oldest = requirementsFor('3.10.0'), early = requirementsFor('3.11.0'), late = requirementsFor('3.11.99')
    for (const lines of [oldest, early, late]) {
      expect(lines.length).toBeGreaterThan(80)
      expect(lines.filter(line => !/^[\w.-]+==\S+( --hash=sha256:[0-9a-f]{64})+$/.test(line))).toEqual([])
      expect(new Set(namesOf(lines)).size).toBe(lines.length)
    }
    expect(namesOf(oldest)).toContain('tomli')
    expect(namesOf(late)).not.toContain('tomli')
    const soup = (lines: string[]) => lines.find(line => line.startsWith('soupsieve=='))!.split(' ')[0]
    expect(soup(early)).not.toBe(soup(late))
  })

  test('the versions are those that the pages name', () => {
    expect(pythons[0]).toBe(10)
    expect(readFileSync(inProject('scripts', 'pack', 'read-me.txt'), 'utf8')).toContain(`Python 3.${pythons[0]} to 3.${pythons[1]}`)
    expect(readFileSync(inProject('docs', 'without-a-network.md'), 'utf8')).toContain(`Python 3.${pythons[0]} to 3.${pythons[1]}`)
  })
})

describe('of this machine', () => {
  test.each([['500MB', 500e6], ['2GB', 2e9], ['1.5 gb', 1.5e9], ['1MB', 1e6], ['0.5MB', null], ['500', null], ['MB', null],
    ['-1GB', null], ['1TB', null], ['5000GB', null]])('a part of %s has %s bytes', (text, bytes) => expect(partSize(text)).toBe(bytes))

  test('the command refuses sizes that it does not understand', () => {
    const { status, stderr } = spawnSync(process.execPath, [inProject('scripts', 'pack.mjs'), '--parts', '500'], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^bad-argument: expected --parts to be a size from 1MB, such as 500MB or 2GB, received --parts 500\. .*\n$/)
  })

  test('a folder that is there, or that cannot be made, is refused', () => {
    mkdirSync(path('there'))
    expect(() => checkPackable(path('there'))).toThrow(/^bad-path[\s\S]*there already[\s\S]*--to FOLDER/)
    expect(() => checkPackable(path('no', 'parent'))).toThrow(/^bad-path[\s\S]*no folder .*no\n/)
    expect(() => checkPackable(path('new'))).not.toThrow()
  })

  test('a folder that was unpacked downloads nothing, and a clone may', () => {
    expect(() => requireNetwork('TensorFlow', undefined, {})).toThrow(/^not-packed[\s\S]*TensorFlow[\s\S]*unpack the pack again/)
    expect(() => requireNetwork('TensorFlow', 'do that', {})).toThrow(/do that$/)
    expect(() => requireNetwork('TensorFlow', undefined, null)).not.toThrow()
  })

  test('a card is not asked for in vain', () => {
    const pack = { commit: '', committed: '', pythons } as const
    expect(() => checkPackedEngine('gpu', { ...pack, variant: 'cpu' })).toThrow(/^not-packed[\s\S]*npm run pack -- --gpu/)
    for (const [requested, variant] of [['gpu', 'gpu'], ['native', 'cpu'], [undefined, 'cpu']] as const)
      expect(() => checkPackedEngine(requested, { ...pack, variant })).not.toThrow()
    expect(() => checkPackedEngine('gpu', null)).not.toThrow()
  })
})
