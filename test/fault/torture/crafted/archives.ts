/** Zip archives made to harm, imported as sets: nothing may be written outside the set's folder. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepDataset } from '../../../../src/lib/data/kept/keep'
import { makeZip, type ZipEntry } from '../../../fixtures/zip'
import { deepPng } from '../../../fixtures/png'
import type { Crafted } from './crafted'

const picture = (seed: number) => deepPng(Uint16Array.from({ length: 16 }, (_, i) => (i * 37 + seed * 101) % 4096), 4)
/** Two classes with two images each. */
const whole: readonly ZipEntry[] = ['a/1', 'a/2', 'b/1', 'b/2'].map((name, i) => ({ name: `${name}.png`, bytes: picture(i), deflate: true }))
const withMore = (...more: ZipEntry[]) => () => makeZip([...whole, ...more])
const zeros = (length: number) => Buffer.alloc(length)

/** A zip that is imported as a set; all that may appear in the folder around it is the zip and the data folder. */
function zip(name: string, make: () => Uint8Array, more: Pick<Crafted, 'mayBeRead'> = {}): Crafted {
  return {
    name, ...more,
    write(folder) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'set.zip'), make())
    },
    async read(folder) {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      const fault: unknown = await keepDataset('made-up', join(folder, 'set.zip')).then(() => null, error => error)
      const behind = [...leftIn(folder, ['data', 'set.zip']), ...leftIn(join(folder, 'data'), ['made-up'])]
      if (behind.length > 0) throw new Error(`left behind: ${behind.join(', ')}`)
      if (fault) throw fault
    },
  }
}

function leftIn(folder: string, known: readonly string[]): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(name => !known.includes(name)) : []
}

/** Names of files at paths that an archive's reader must not follow. */
const outside = ['../outside.png', 'a/../../outside.png', '/outside.png', 'C:/outside.png', 'c:\\outside.png', '..\\outside.png',
  'a/..', 'a\\..\\..\\outside.png', '//server/outside.png', 'a/\0outside.png']

/** Many entries that are one and the same file: an archive of 300 kB that unpacks to gigabytes. */
function overlapping(count: number): Buffer {
  const content = zeros(1_000_000), one = makeZip([{ name: 'a/0000000.png', bytes: content, deflate: true }])
  const directory = one.indexOf('PK\x01\x02'), end = one.indexOf('PK\x05\x06')
  const entry = one.subarray(directory, end)
  const entries = Array.from({ length: count }, (_, i) => {
    const copy = Buffer.from(entry)
    copy.write(`${i % 2 ? 'a' : 'b'}/${String(i).padStart(7, '0')}.png`, 46, 'latin1')
    return copy
  })
  const tail = Buffer.from(one.subarray(end))
  tail.writeUInt16LE(Math.min(count, 0xffff), 8)
  tail.writeUInt16LE(Math.min(count, 0xffff), 10)
  tail.writeUInt32LE(entry.length * count, 12)
  return Buffer.concat([one.subarray(0, directory), ...entries, tail])
}

/** An entry whose local header names another file than the directory. */
function twoNames(): Buffer {
  const file = makeZip([...whole])
  file.write('../x.png', file.indexOf('a/1.png'), 'latin1')
  return file
}

const bomb = makeZip([{ name: 'bomb.png', bytes: zeros(2 ** 26), deflate: true }])

export const craftedArchives: readonly Crafted[] = [
  zip('a whole zip', withMore(), { mayBeRead: true }),
  ...outside.map(name => zip(`a zip with a file ${JSON.stringify(name)}`, withMore({ name, bytes: picture(9) }))),
  zip('a zip with a link', withMore({ name: 'a/3.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 })),
  zip('a zip with a link to a folder above', withMore({ name: 'c', bytes: Buffer.from('..'), mode: 0o120777 })),
  zip('a zip with a file of 64 MB of zeros', withMore({ name: 'a/3.png', bytes: zeros(2 ** 26), deflate: true })),
  zip('a zip with 400 files of 1 MB of zeros', () => makeZip(Array.from({ length: 400 }, (_, i) =>
    ({ name: `${i % 2 ? 'a' : 'b'}/${i}.png`, bytes: zeros(2 ** 20), deflate: true })))),
  zip('a zip whose files lie in one another', () => overlapping(60_000)),
  zip('a zip in a zip that unpacks to much', () => makeZip([{ name: 'inner.zip', bytes: bomb, deflate: true }])),
  zip('a zip in a zip in a zip', () => makeZip([{ name: 'a.zip', bytes: makeZip([{ name: 'b.zip', bytes: makeZip(whole) }]) }])),
  zip('a zip that says less than it unpacks to', withMore({ name: 'a/3.png', bytes: zeros(2 ** 22), deflate: true, declaredSize: 100 })),
  zip('a zip that says more than it unpacks to', withMore({ name: 'a/3.png', bytes: zeros(100), deflate: true, declaredSize: 2 ** 31 })),
  zip('a zip with a file twice', withMore(whole[0])),
  zip('a zip with names that differ in capitals', withMore({ name: 'A/1.png', bytes: picture(7) }, { name: 'A/2.PNG', bytes: picture(8) }),
    { mayBeRead: true }),
  zip('a zip with a file where a folder is', withMore({ name: 'a', bytes: picture(9) }), { mayBeRead: true }),
  zip('a zip with a file in a file', withMore({ name: 'a/1.png/1.png', bytes: picture(9) })),
  zip('a zip with a set.json', withMore({ name: 'set.json', bytes: Buffer.from('{}') }), { mayBeRead: true }),
  zip('a zip whose directory counts 65,536 files too few', () =>
    makeZip([...Array.from({ length: 65_536 }, (_, i) => ({ name: `c/${i}.txt`, bytes: zeros(0) })), ...whole])),
  zip('a zip whose two names of a file differ', twoNames, { mayBeRead: true }),
  zip('a zip with an encrypted file', withMore({ name: 'a/3.png', bytes: picture(9), encrypted: true })),
  zip('a zip with a name of 300 letters', withMore({ name: `a/${'x'.repeat(300)}.png`, bytes: picture(9) })),
  zip('a zip with a name of two lines', withMore({ name: 'a/x\ny.png', bytes: picture(9) }), { mayBeRead: true }),
  zip('a zip with classes called __proto__ and constructor', () => makeZip(whole.map(({ name, ...entry }) =>
    ({ ...entry, name: name.replace('a/', '__proto__/').replace('b/', 'constructor/') }))), { mayBeRead: true }),
]
