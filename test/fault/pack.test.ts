/** A pack is unpacked whole or not at all, and says in a sentence what is wrong. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { hashesOf, hashList, writeParts, writeScript } from '../../scripts/pack/archive.mjs'
import { filesBelow } from '../../scripts/pack/contents.mjs'
import { systemOf } from '../../scripts/pack/machine.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const write = (file: string, content: string | Buffer, mode = 0o644) => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content, { mode })
}
const script = (name: string, body: string) => {
  write(path('stubs', name), `#!/bin/sh\n${body}\n`, 0o755)
  return path('stubs', name)
}

/** Bytes that no compression makes smaller, the same ones every time. */
const noise = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => {
  const mixed = Math.imul(i + 1, 2654435761)
  return Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 24
}))
const long = `${'deep/'.repeat(30)}${'n'.repeat(90)}.txt`
let names: string[]

beforeAll(async () => {
  const tree = path('tree')
  write(join(tree, 'a file.bin'), noise)
  write(join(tree, long), 'far down')
  write(join(tree, 'name with ö.txt'), 'ö')
  symlinkSync('a file.bin', join(tree, 'link'))
  // It stands for Node: it notes what it is asked to run.
  write(join(tree, '.pack', 'node', 'bin', 'node'),
    '#!/bin/sh\n[ "$1" = --version ] && exit 0\nprintf "%s\\n" "$PWD: $*" >> ran\nexit ${TEST_STATUS:-0}\n', 0o755)
  const sources = () => [{ folder: tree, names: filesBelow(tree) }]
  write(join(tree, hashList), await hashesOf(sources()))
  names = filesBelow(tree)
  mkdirSync(path('lab-pack'))
  const parts = await writeParts(sources(), { to: path('lab-pack'), scratch: path(), partBytes: 100_000 })
  expect(parts.map(({ name }) => [name, statSync(path('lab-pack', name)).size > 0])).toEqual(
    ['001', '002', '003', '004'].slice(0, parts.length).map(number => [`resnet50-lab.tar.xz.${number}`, true]))
  expect(parts.length).toBeGreaterThan(2)
  writeScript(path('lab-pack'), parts, { ...systemOf(), oldest: 10, newest: 14, kilobytes: 1000 })
})

let count = 0
/** A copy of the pack, in a folder of its own. */
function packCopy() {
  const home = path(`machine ${++count}`)
  cpSync(path('lab-pack'), join(home, 'lab pack'), { recursive: true })
  const env = { PATH: process.env.PATH, LAB_PYTHON: script('python', 'exit 0') } as Record<string, string>
  return { home, pack: (name: string) => join(home, 'lab pack', name), target: join(home, 'my lab'), env }
}
type Copy = ReturnType<typeof packCopy>

const unpack = ({ home, pack, env }: Copy, ...words: string[]) =>
  spawnSync('sh', [pack('unpack'), ...words], { cwd: home, env, encoding: 'utf8' })

test('every file arrives, in a folder with a space, and the set-up runs there', () => {
  const copy = packCopy()
  const { status, stdout, stderr } = unpack(copy, 'my lab')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain(`cd '${copy.target}'`)
  expect(filesBelow(copy.target)).toEqual([...names, 'ran'].sort())
  expect(readFileSync(join(copy.target, 'a file.bin')).equals(noise)).toBe(true)
  expect(readFileSync(join(copy.target, long), 'utf8')).toBe('far down')
  expect(readlinkSync(join(copy.target, 'link'))).toBe('a file.bin')
  expect(readFileSync(join(copy.target, 'ran'), 'utf8')).toBe(`${copy.target}: scripts/pack/complete.mjs\n`)
  expect(lstatSync(`${copy.target}.making`, { throwIfNoEntry: false })).toBeUndefined()
})

test('a set-up that fails leaves the files, and says how to go on', () => {
  const copy = packCopy()
  const { status, stderr } = unpack({ ...copy, env: { ...copy.env, TEST_STATUS: '1' } }, 'my lab')
  expect(status).toBe(1)
  expect(stderr).toBe(`unpack: the files are in ${copy.target}, but the set-up did not end well: repair what is said above, `
    + `then: cd '${copy.target}' && ./npm run setup\n`)
  expect(existsSync(join(copy.target, long))).toBe(true)
})

/** A copy of a text with one change, which must be one. */
function edit(file: string, from: string | RegExp, to: string) {
  const text = readFileSync(file, 'utf8'), changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  writeFileSync(file, changed)
}

/** The path with stubs before it, or with links to some programs alone. */
const stubbed = (name: string, body: string) => `${dirname(script(`${name} ${++count}/${name}`, body))}:${process.env.PATH}`
function onlyPrograms(...programs: string[]) {
  const folder = path(`programs ${++count}`)
  mkdirSync(folder)
  for (const name of programs)
    symlinkSync(spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(), join(folder, name))
  return folder
}

const second = 'resnet50-lab.tar.xz.002'
const faults: [string, (copy: Copy) => unknown, RegExp][] = [
  ['a missing part', ({ pack }) => spawnSync('rm', [pack(second)]), /^unpack: resnet50-lab\.tar\.xz\.002 is missing: copy it again$/],
  ['a part that was cut short', ({ pack }) => truncateSync(pack(second), 50_000), /^unpack: \S+\.002 is damaged: copy it again$/],
  ['a part with one other byte', ({ pack }) => {
    const bytes = readFileSync(pack(second))
    bytes[7_777] ^= 1
    writeFileSync(pack(second), bytes)
  }, /^unpack: \S+\.002 is damaged/],
  ['a list of hashes that was cut short', ({ pack }) => truncateSync(pack('SHA256SUMS'), 90), /^unpack: SHA256SUMS is damaged, or comes from another pack/],
  ['no list of hashes', ({ pack }) => spawnSync('rm', [pack('SHA256SUMS')]), /^unpack: SHA256SUMS is missing: copy it again$/],
  ['another processor', ({ pack }) => edit(pack('unpack'), /^machine=.*/m, 'machine=riscv64'), /^unpack: this pack is for riscv64 processors/],
  ['no suitable Python', copy => { copy.env.LAB_PYTHON = script('old', 'exit 1') }, /^unpack: Python 3\.10 to 3\.14 with venv is needed/],
  ['too little room', ({ pack }) => edit(pack('unpack'), /^kilobytes=.*/m, 'kilobytes=900000000000000'),
    /^unpack: 921600000000 MB of free disk are needed in .*, and \d+ MB are free/],
  ['a disk that fills up', copy => { copy.env.PATH = stubbed('tar', 'echo "tar: a file.bin: Cannot write: No space left on device" >&2; exit 2') },
    /^unpack: the files cannot be written: tar: a file\.bin: Cannot write: No space left on device$/],
  ['a disk that writes something else', copy => {
    copy.env.PATH = stubbed('tar', `PATH='${process.env.PATH}'\ntar "$@" && echo more >> "$4/a file.bin"`)
  }, /^unpack: a file is not what was packed \(a file\.bin: FAILED\): check the disk, and unpack again$/],
  ['a disk that loses a file', copy => {
    copy.env.PATH = stubbed('tar', `PATH='${process.env.PATH}'\ntar "$@" && rm -r "$4/deep"`)
  }, /^unpack: a file is not what was packed \(.*deep.*\)/],
  ['no xz', copy => { copy.env.PATH = onlyPrograms('sh', 'dirname', 'tar') }, /^unpack: this machine has no program xz: install it/],
]

describe.each(faults)('%s', (_, spoil, sentence) => {
  test('is one sentence, and leaves nothing behind', () => {
    const copy = packCopy()
    spoil(copy)
    const shell = spawnSync('sh', ['-c', 'command -v sh'], { encoding: 'utf8' }).stdout.trim()
    const { status, stderr } = spawnSync(shell, [copy.pack('unpack'), 'my lab'], { cwd: copy.home, env: copy.env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr.trimEnd()).toMatch(sentence)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect(readdirSync(copy.home)).toEqual(['lab pack'])
  })
})

test('a folder that is there is refused and stays', () => {
  const copy = packCopy()
  write(join(copy.target, 'mine.txt'), 'mine')
  for (const name of ['my lab', 'my lab/', copy.target])
    expect(unpack(copy, name).stderr).toBe(`unpack: ${copy.target} is there already: name a new folder, or remove this one\n`)
  expect(readdirSync(copy.target)).toEqual(['mine.txt'])
  expect(readdirSync(copy.home)).toEqual(['lab pack', 'my lab'])
})

test('what another unpack works in is refused and stays', () => {
  const copy = packCopy()
  write(join(`${copy.target}.making`, 'half'), '')
  expect(unpack(copy, 'my lab').stderr).toMatch(/^unpack: .*my lab\.making is there: another unpack works in it, or was stopped/)
  expect(existsSync(join(`${copy.target}.making`, 'half'))).toBe(true)
})

test('words that name no new folder are refused with the usage', () => {
  const copy = packCopy()
  for (const words of [[], [''], ['a', 'b']]) expect(unpack(copy, ...words).stderr).toContain('Usage: ./unpack FOLDER')
  expect(unpack(copy, 'no/such/parent').stderr).toMatch(/^unpack: there is no folder .*no\/such: make it first$/m)
  expect(unpack(copy, '--help')).toMatchObject({ status: 0, stderr: '' })
})

test('an unpacking that is stopped leaves nothing behind', async () => {
  const copy = packCopy()
  copy.env.PATH = stubbed('tar', 'echo half > "$4/half"; sleep 20')
  const child = spawn('sh', [copy.pack('unpack'), 'my lab'], { cwd: copy.home, env: copy.env, detached: true, stdio: 'ignore' })
  const ended = new Promise(done => child.on('close', done))
  await expect.poll(() => existsSync(join(`${copy.target}.making`, 'half')), { timeout: 20_000 }).toBe(true)
  process.kill(-child.pid!, 'SIGTERM')
  expect(await ended).toBe(1)
  expect(readdirSync(copy.home)).toEqual(['lab pack'])
})

test('a script that was cut short does nothing', () => {
  const copy = packCopy()
  const whole = readFileSync(copy.pack('unpack'), 'utf8')
  for (const share of [0.3, 0.6, 0.9, 0.99]) {
    writeFileSync(copy.pack('unpack'), whole.slice(0, Math.floor(whole.length * share)))
    unpack(copy, 'my lab')
    expect(readdirSync(copy.home)).toEqual(['lab pack'])
  }
})
