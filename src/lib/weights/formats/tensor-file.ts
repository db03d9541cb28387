/**
 * The project's own file for named arrays of numbers: weights and checkpoints.
 *
 * | bytes | what |
 * | --- | --- |
 * | 8 | the letters `LABTENS1` |
 * | 32 | SHA-256 of all that follows |
 * | 4 | length of the header (little endian) |
 * | … | the header, JSON: `{ meta, tensors: [{ name, shape, type }] }` |
 * | … | the arrays in that order, little endian, nothing between or behind them |
 *
 * An int8 array is a float32 scale for each place of its last axis (a kernel's output channel), then whole numbers
 * from −127 to 127, which times their scale are the values.
 *
 * A reader believes no length before it has been checked against the bytes that are there.
 */
import { createHash } from 'node:crypto'
import { LabError } from '../../system/errors'
import { readFileCapped, writeFileAtomic } from '../../system/files'
import { fromHalf, toHalf } from './half-float'
import { fromInt8, toInt8 } from './int8'
import { sizeOf } from '../../system/shape'

/** How numbers are stored; in memory they are float32 either way. */
export type StoredType = 'float32' | 'float16' | 'int8'

/** An array of numbers and its shape. */
export interface Values {
  shape: readonly number[]
  values: Float32Array
}

/** Named arrays, and whatever else was saved with them (JSON). */
export interface TensorFile {
  tensors: ReadonlyMap<string, Values>
  meta: Readonly<Record<string, unknown>>
}

interface Entry { name: string; shape: readonly number[]; type: StoredType }

const magic = 'LABTENS1'
const start = magic.length + 32
const longestHeader = 16 * 1024 * 1024
/** More than three times a full ResNet50 with both of Adam's averages. */
const longestFile = 1024 * 1024 * 1024
const storedTypes: readonly unknown[] = ['float32', 'float16', 'int8'] satisfies StoredType[]

/**
 * Writes named arrays to a file, whole or not at all.
 * @param type the stored type of an array by its name; default float32, which keeps every bit
 * @throws LabError 'bad-argument' for a number that the stored type cannot hold, or a shape that does not fit them
 */
export async function writeTensorFile(
  path: string, content: TensorFile, type: (name: string) => StoredType = () => 'float32',
): Promise<void> {
  await writeFileAtomic(path, encodeTensors(content, type))
}

/**
 * Reads a tensor file of at most 1 GiB.
 * @throws LabError 'data-missing', 'too-large'; 'bad-tensor-file' for anything but a whole, unchanged file
 */
export async function readTensorFile(path: string): Promise<TensorFile> {
  return decodeTensors(await readFileCapped(path, longestFile), path)
}

/** The bytes of a tensor file; see `writeTensorFile`. */
export function encodeTensors(
  { tensors, meta }: TensorFile, type: (name: string) => StoredType = () => 'float32',
): Uint8Array {
  const entries = [...tensors].map(([name, { shape }]): Entry => ({ name, shape, type: type(name) }))
  const header = Buffer.from(JSON.stringify({ meta, tensors: entries }))
  const arrays = entries.map(entry => stored(entry, tensors.get(entry.name)!.values))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const body = [length, header, ...arrays]
  const hash = createHash('sha256')
  for (const part of body) hash.update(part)
  return Buffer.concat([Buffer.from(magic), hash.digest(), ...body])
}

/** What the bytes of a tensor file hold. @param where named in errors, such as the file's path */
export function decodeTensors(bytes: Uint8Array, where: string): TensorFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < start + 4 || file.toString('latin1', 0, magic.length) !== magic)
    throw broken(where, `a file that starts with ${magic}`, 'something else')
  const body = file.subarray(start)
  if (!createHash('sha256').update(body).digest().equals(file.subarray(magic.length, start)))
    throw broken(where, 'its SHA-256 to be the one it names', 'changed or cut bytes')
  const headerLength = body.readUInt32LE(0)
  if (headerLength > longestHeader || headerLength > body.length - 4)
    throw broken(where, `a header within the file and ${longestHeader} bytes`, `${headerLength} bytes`)
  const { meta, entries } = parseHeader(body.toString('utf8', 4, 4 + headerLength), where)
  const tensors = new Map<string, Values>()
  let at = 4 + headerLength
  for (const entry of entries) {
    const { name, shape } = entry
    const length = storedLength(entry)
    // Written so that a product too large to be exact is refused, too.
    if (!(length <= body.length - at)) throw broken(where, `${length} bytes for ${name}`, `${body.length - at}`)
    tensors.set(name, { shape, values: loaded(entry, body.subarray(at, at + length)) })
    at += length
  }
  if (at !== body.length) throw broken(where, 'nothing behind the last array', `${body.length - at} bytes`)
  return { tensors, meta }
}

function parseHeader(text: string, where: string): { meta: Record<string, unknown>; entries: Entry[] } {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw broken(where, 'a header in JSON', 'none')
  }
  if (!isRecord(header) || !isRecord(header.meta) || !Array.isArray(header.tensors))
    throw broken(where, 'a header with meta and tensors', 'another')
  const entries = header.tensors as unknown[]
  const names = new Set<string>()
  for (const entry of entries) {
    if (!isEntry(entry) || names.has(entry.name))
      throw broken(where, 'a name of its own, a shape and a type for each array', JSON.stringify(entry).slice(0, 80))
    names.add(entry.name)
  }
  return { meta: header.meta, entries: entries as Entry[] }
}

function isEntry(entry: unknown): entry is Entry {
  return isRecord(entry) && typeof entry.name === 'string' && entry.name !== ''
    && Array.isArray(entry.shape) && entry.shape.every(n => Number.isSafeInteger(n) && n >= 0)
    && storedTypes.includes(entry.type)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How many bytes an array takes. */
function storedLength({ shape, type }: Entry): number {
  const count = sizeOf(shape)
  switch (type) {
    case 'float32': return 4 * count
    case 'float16': return 2 * count
    case 'int8': return 4 * (shape.at(-1) ?? 1) + count
  }
}

function stored({ name, shape, type }: Entry, values: Float32Array): Uint8Array {
  if (sizeOf(shape) !== values.length)
    throw new LabError('bad-argument', {
      expected: `${name} to fill its shape [${shape.join(', ')}]`, received: `${values.length} numbers`,
      remedy: 'Give the shape that belongs to the numbers',
    })
  if (type === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const most = type === 'float16' ? 65520 : Infinity
  const beyond = values.find(value => !(Math.abs(value) < most))
  if (beyond !== undefined)
    throw new LabError('bad-argument', {
      expected: `${type === 'float16' ? "numbers within float16's ± 65,504" : 'finite numbers'} in ${name}`,
      received: String(beyond), remedy: 'Store it as float32',
    })
  return type === 'float16' ? new Uint8Array(toHalf(values).buffer) : toInt8(values, shape.at(-1) ?? 1)
}

/** Copied, since the bytes need not lie where float32 may start. */
function loaded({ shape, type }: Entry, bytes: Uint8Array): Float32Array {
  const copy = new Uint8Array(bytes)
  switch (type) {
    case 'float32': return new Float32Array(copy.buffer)
    case 'float16': return fromHalf(new Uint16Array(copy.buffer))
    case 'int8': return fromInt8(copy, shape.at(-1) ?? 1)
  }
}

function broken(where: string, expected: string, received: string): LabError {
  return new LabError('bad-tensor-file', {
    expected: `${expected} (${where})`, received, remedy: 'Make or fetch the file again',
  })
}
