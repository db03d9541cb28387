/** A pack holds what is committed and what is installed, for every Python that the project knows, and nothing else. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkOut, committedState, filesBelow, isUnopenedPackage } from '../../scripts/pack/contents.mjs'
import { partSize } from '../../scripts/pack/machine.mjs'
import { checkTarget, readMe } from '../../scripts/pack/target.mjs'
import { changedSince, statesOf } from '../../scripts/pack/changes.mjs'
import { userPath } from '../../scripts/command/user-path.mjs'
import { pythons } from '../../scripts/pack/tools.mjs'
import { checkPackedEngine, requireNetwork, withoutCard } from '../../scripts/set-up/packed.mjs'
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
  test('source maps of packages, caches and the copy of a binding are left out, licences and files of the engine never', () => {
    const root = path('installed')
    write(root, Object.fromEntries([
      'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node', 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/.made-from',
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
    expect(() => checkTarget(path('there'))).toThrow(/^bad-path[\s\S]*there already[\s\S]*--to FOLDER/)
    expect(() => checkTarget(path('no', 'parent'))).toThrow(/^bad-path[\s\S]*no folder .*no\n/)
    write(path(), { file: '' })
    expect(() => checkTarget(path('file', 'pack'))).toThrow(/^bad-path[\s\S]*no folder .*file\n/)
    for (const name of ['node_modules/pack', '.engine/pack', '.cache/pack'])
      expect(() => checkTarget(inProject(name))).toThrow(/^bad-path[\s\S]*does not use otherwise/)
    expect(() => checkTarget(path('new'))).not.toThrow()
  })

  // Where this is root, who may write everywhere, a user without rights asks.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const asNobody = (code: string) => spawnSync(process.execPath, ['--input-type=module', '-e',
    `const { checkTarget } = await import(${JSON.stringify(inProject('scripts', 'pack', 'target.mjs'))})\n${code}`],
  { ...nobody, cwd: '/', encoding: 'utf8' })

  test.skipIf(asNobody('').status !== 0)('a folder in which this user may not write is refused', () => {
    const { status, stderr } = asNobody('checkTarget("/proc/pack")')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/not-writable[\s\S]*in \/proc \(E[A-Z]+\)\n/) as string })
  })

  test('what is left of a pack makes way for the next one, and other files do not', () => {
    write(path(), { 'half.making/resnet50-lab.tar.xz.001': '', 'half.making/SHA256SUMS': '', 'mine.making/thesis.txt': '' })
    expect(() => checkTarget(path('half'))).not.toThrow()
    expect(() => checkTarget(path('mine'))).toThrow(/^bad-path[\s\S]*mine\.making\n[\s\S]*other files/)
  })

  test('a folder is named without the slash at its end', () => {
    expect([userPath('/a/b/'), userPath('/a/b')]).toEqual(['/a/b', '/a/b'])
    expect(userPath('b/')).toBe(userPath('b'))
  })

  test('the text in a pack shows its folder as a shell reads it', () => {
    const shown = (folder: string) => /^ {2}cd (.*)$/m.exec(readMe('c0ffee', path(folder)))![1]!
    expect(shown('lab-pack')).toBe('lab-pack')
    for (const name of ['my pack', '$HOME', 'it\'s', '$&'])
      expect(spawnSync('sh', ['-c', `printf %s ${shown(name)}`], { encoding: 'utf8' }).stdout).toBe(name)
  })

  test('files that are written or removed while they are packed are named', () => {
    write(path('busy'), { one: 'aaa', two: 'bbb', three: 'ccc' })
    const before = statesOf([{ folder: path('busy'), names: ['one', 'two', 'three'] }])
    expect(changedSince(before)).toBeNull()
    write(path('busy'), { two: 'BBB', new: '' })
    expect(changedSince(before)?.message).toMatch(/^changed-meanwhile[\s\S]*changes in \S+two\n/)
    rmSync(path('busy', 'three'))
    expect(changedSince(before)?.message).toMatch(/changes in \S+two, \S+three\n/)
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

  test('a pack for cards says so in one line where there is no driver', () => {
    const pack = { commit: '', committed: '', pythons } as const
    expect(withoutCard(undefined, { ...pack, variant: 'gpu' }, false)).toBe('No NVIDIA driver on this machine: the processor computes.')
    expect(withoutCard('gpu', { ...pack, variant: 'gpu' }, false)).toMatch(/^No NVIDIA driver.*computes where there is a card\.$/)
    for (const [requested, variant, driver] of [['native', 'gpu', false], [undefined, 'cpu', false], [undefined, 'gpu', true]] as const)
      expect(withoutCard(requested, { ...pack, variant }, driver)).toBeNull()
    expect(withoutCard(undefined, null, false)).toBeNull()
  })
})
