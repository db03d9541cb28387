/** Writes a pack: tar's archive, compressed by xz, in parts with their hashes, and the script that unpacks them. */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram } from '../set-up/children.mjs'
import { inProject } from '../set-up/project.mjs'
import { SetUpError } from '../set-up/set-up-error.mjs'
import { isFile } from './contents.mjs'

/**
 * A folder, and the paths in it that are packed. In the pack, they have the same paths.
 * @typedef {{ folder: string, names: string[] }} Source
 */

/** The list in a pack with the hashes of all its other files. */
export const hashList = '.pack/SHA256SUMS'

/**
 * The lines that sha256sum checks; links have none.
 * @param {Source[]} sources
 */
export async function hashesOf(sources) {
  const lines = []
  for (const { folder, names } of sources)
    for (const name of names.filter(one => isFile(join(folder, one)))) lines.push(`${await sha256(join(folder, name))}  ${name}\n`)
  return lines.join('')
}

async function sha256(path) {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(bytes)
  return hash.digest('hex')
}

/** The bytes of all files on disk. @param {Source[]} sources */
export function bytesOf(sources) {
  return sources.reduce((sum, { folder, names }) =>
    names.reduce((total, name) => total + lstatSync(join(folder, name)).size, sum), 0)
}

/**
 * @param {Source[]} sources
 * @param {{ to: string, scratch: string, partBytes: number, onBytes?: (bytes: number) => void }} options the parts go
 *   to `to`, lists of names to `scratch`
 * @returns {Promise<{ name: string, sha256: string }[]>} the parts, in order
 * @throws SetUpError 'command-failed', a system fault where the disk is full
 */
export async function writeParts(sources, { to, scratch, partBytes, onBytes = () => {} }) {
  const lists = sources.map(({ names }, i) => {
    const list = join(scratch, `list-${i}`)
    writeFileSync(list, names.map(name => `${name}\0`).join(''))
    return list
  })
  // The format that every tar reads, with names of any length; files belong to whoever unpacks them.
  const tar = start('tar', ['--create', '--format=gnu', '--no-recursion', '--owner=0', '--group=0', '--numeric-owner',
    '--mode=u+rwX,go+rX,go-w', '--null', ...sources.flatMap(({ folder }, i) => [`--directory=${folder}`, `--files-from=${lists[i]}`])])
  // Level 3 would take twice the time and save a twentieth of the bytes.
  const xz = start('xz', ['--threads=0', '-1', '--stdout'])
  tar.child.stdout.pipe(xz.child.stdin)
  xz.child.stdin.on('error', () => {})
  let parts
  try {
    parts = await split(xz.child.stdout, to, partBytes, onBytes)
  } catch (error) {
    for (const { child } of [tar, xz]) child.kill()
    throw error
  }
  for (const { ended } of [tar, xz]) await ended
  return parts
}

async function split(stream, to, partBytes, onBytes) {
  const parts = []
  let file = null, hash, left = 0, total = 0
  const close = async () => {
    parts.at(-1).sha256 = hash.digest('hex')
    await file.sync()
    await file.close()
    file = null
  }
  try {
    for await (const chunk of stream) {
      for (let rest = chunk; rest.length;) {
        if (!file) {
          const name = `resnet50-lab.tar.xz.${String(parts.length + 1).padStart(3, '0')}`
          file = await open(join(to, name), 'wx')
          parts.push({ name })
          hash = createHash('sha256')
          left = partBytes
        }
        const bytes = rest.subarray(0, left)
        const path = join(to, parts.at(-1).name)
        await file.writeFile(bytes).catch(error => { throw Object.assign(error, { path }) })
        hash.update(bytes)
        left -= bytes.length
        rest = rest.subarray(bytes.length)
        if (left === 0) await close()
      }
      onBytes(total += chunk.length)
    }
    if (file) await close()
  } finally {
    await file?.close()
  }
  return parts
}

/** Starts a program whose failure is an error with the last line that it said. */
function start(program, args) {
  const child = startProgram(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', text => { said = `${said}${text}`.slice(-2000) })
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', status => status === 0 ? resolve() : reject(new SetUpError('command-failed', {
      expected: `${program} to write the archive`, received: said.trim().split('\n').at(-1) || `status ${status}`,
      remedy: 'repair that, and pack again',
    })))
  })
  ended.catch(() => {})
  return { child, ended }
}

/**
 * Writes the list of the parts' hashes, and the script that unpacks them and knows the hash of the list.
 * @param {string} to
 * @param {{ name: string, sha256: string }[]} parts
 * @param {Readonly<Record<string, string | number>>} facts values of the script's variables: numbers and plain words
 */
export function writeScript(to, parts, facts) {
  const sums = parts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
  writeFileSync(join(to, 'SHA256SUMS'), sums)
  const values = { ...facts, parts: parts.length, sums: createHash('sha256').update(sums).digest('hex') }
  const wrong = Object.entries(values).find(([, value]) => !/^[\w.:+-]+$/.test(String(value)))
  if (wrong) throw new Error(`${wrong.join('=')} is no plain word`)
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`).join('\n')
  const script = readFileSync(inProject('scripts', 'pack', 'unpack.sh'), 'utf8').replace('# VALUES', lines)
  writeFileSync(join(to, 'unpack'), script, { mode: 0o755 })
}
