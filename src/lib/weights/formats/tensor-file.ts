/**
 * The project's own file format for named arrays of numbers: weights and checkpoints.
 *
 * | bytes | content |
 * | --- | --- |
 * | 8 | the letters `LABTENS1` |
 * | 32 | SHA-256 of everything after these 32 bytes |
 * | 4 | length of the header (little endian) |
 * | … | the header, JSON: `{ meta, tensors: [{ name, shape, type }] }` |
 * | … | the arrays in that order, little endian, without bytes between or after them |
 *
 * Another version of the format has another number in its letters, and hashes the letters, too: a file of this version
 * whose letters were damaged is thereby told from a file of another version.
 *
 * An int8 array is one float32 scale for each index of its last axis (a kernel's output channel), then whole numbers
 * from −127 to 127; a whole number times its scale is the value.
 *
 * The reader checks every length against the bytes of the file before it uses the length.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LabError } from '../../system/errors'
import { readFileCapped, writeFileAtomic } from '../../system/files'
import { otherVersion } from '../../system/other-version'
import { sizeOf } from '../../system/shape'
import { fromHalf, toHalf } from './half-float'
import { badTensorFile, parseHeader, validated } from './header'
import { fromInt8, toInt8 } from './int8'
import { listOf, recordOf } from '../../system/json-parts'

const storedTypes = ['float32', 'float16', 'int8'] as const
/** How a file stores numbers; in memory all of them are float32. */
export type StoredType = (typeof storedTypes)[number]

/** An array of numbers and its shape. */
export interface Values {
  shape: readonly number[]
  values: Float32Array
}

/** Named arrays, and anything else to save with them (JSON). */
export interface TensorFile {
  tensors: ReadonlyMap<string, Values>
  meta: Readonly<Record<string, unknown>>
}

const entrySchema = z.object({ name: z.string().min(1), shape: listOf(z.int().min(0)), type: z.enum(storedTypes) })
type Entry = Readonly<z.infer<typeof entrySchema>>
const headerSchema = z.object({ meta: recordOf(z.unknown()), tensors: z.array(z.unknown()) })

const magic = 'LABTENS1'
const start = magic.length + 32
const longestHeader = 16 * 1024 * 1024
/** More than three times a full ResNet50 with both of Adam's moving averages. */
const longestFile = 1024 * 1024 * 1024

/**
 * Writes named arrays to a file, completely or not at all.
 * @param type the stored type of an array by its name. Default float32, which keeps every bit
 * @throws LabError 'bad-argument' for a number that the stored type cannot hold, or a shape of another size
 */
export async function writeTensorFile(
  path: string, content: TensorFile, type: (name: string) => StoredType = () => 'float32',
): Promise<void> {
  await writeFileAtomic(path, encodeTensors(content, type))
}

/**
 * Reads a tensor file of at most 1 GiB.
 * @throws LabError 'data-missing', 'too-large'; 'bad-tensor-file' where the file is cut, changed or of another format;
 *   'other-version'
 */
export async function readTensorFile(path: string): Promise<TensorFile> {
  return decodeTensors(await readFileCapped(path, longestFile), path)
}

/** The bytes of a tensor file; see {@link writeTensorFile}. */
export function encodeTensors(
  { tensors, meta }: TensorFile, type: (name: string) => StoredType = () => 'float32',
): Uint8Array {
  const entries = [...tensors].map(([name, { shape }]): Entry => ({ name, shape: [...shape], type: type(name) }))
  const header = Buffer.from(JSON.stringify({ meta, tensors: entries }))
  const arrays = entries.map(entry => encodeArray(entry, tensors.get(entry.name)!.values))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const body = [length, header, ...arrays]
  const hash = createHash('sha256')
  for (const part of body) hash.update(part)
  return Buffer.concat([Buffer.from(magic), hash.digest(), ...body])
}

/** The content of a tensor file's bytes. @param where named in errors, such as the file's path */
export function decodeTensors(bytes: Uint8Array, where: string): TensorFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const letters = file.toString('latin1', 0, magic.length), body = file.subarray(start)
  const isWhole = createHash('sha256').update(body).digest().equals(file.subarray(magic.length, start))
  const [, version] = /^LABTENS(\d)$/.exec(letters) ?? []
  if (version && letters !== magic && !isWhole) throw otherVersion(where, Number(version), 1, 'Make the file again')
  if (file.length < start + 4 || letters !== magic) throw badTensorFile(where, `a file that starts with ${magic}`, 'something else')
  if (!isWhole) throw badTensorFile(where, 'bytes with the SHA-256 that the file names', 'changed or cut bytes')
  const headerLength = body.readUInt32LE(0)
  if (headerLength > longestHeader || headerLength > body.length - 4)
    throw badTensorFile(where, `a header within the file and ${longestHeader} bytes`, `${headerLength} bytes`)
  const { meta, entries } = readHeader(body.toString('utf8', 4, 4 + headerLength), where)
  const tensors = new Map<string, Values>()
  let end = 4 + headerLength
  for (const entry of entries) {
    const { name, shape } = entry
    const length = storedLength(entry)
    // A product too large to be exact, infinite or not a number must be refused, too: hence no `length > …`.
    if (!(length <= body.length - end)) throw badTensorFile(where, `${length} bytes for ${name}`, `${body.length - end}`)
    tensors.set(name, { shape, values: decodeArray(entry, body.subarray(end, end + length)) })
    end += length
  }
  if (end !== body.length) throw badTensorFile(where, 'nothing after the last array', `${body.length - end} bytes`)
  return { tensors, meta }
}

function readHeader(text: string, where: string): { meta: Record<string, unknown>; entries: Entry[] } {
  const { meta, tensors } = validated(parseHeader(text, where), headerSchema, where, 'a header with meta and tensors')
  const entries = tensors.map(entry => validated(entry, entrySchema, where, 'a name, a shape and a type for each array'))
  const names = new Set<string>()
  for (const { name } of entries) {
    if (names.has(name)) throw badTensorFile(where, 'another name for each array', `${name} twice`)
    names.add(name)
  }
  return { meta, entries }
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

function encodeArray({ name, shape, type }: Entry, values: Float32Array): Uint8Array {
  if (sizeOf(shape) !== values.length)
    throw new LabError('bad-argument', {
      expected: `${name} to fill its shape [${shape.join(', ')}]`, received: `${values.length} numbers`,
      remedy: 'Pass the shape that belongs to the numbers',
    })
  if (type === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const limit = type === 'float16' ? 65520 : Infinity
  const outside = values.find(value => !(Math.abs(value) < limit))
  if (outside !== undefined)
    throw new LabError('bad-argument', {
      expected: `${type === 'float16' ? "numbers within float16's ± 65,504" : 'finite numbers'} in ${name}`,
      received: String(outside), remedy: 'Store it as float32',
    })
  return type === 'float16' ? new Uint8Array(toHalf(values).buffer) : toInt8(values, shape.at(-1) ?? 1)
}

/** The bytes are copied, because they may lie where a float32 cannot start. */
function decodeArray({ shape, type }: Entry, bytes: Uint8Array): Float32Array {
  const copy = new Uint8Array(bytes)
  switch (type) {
    case 'float32': return new Float32Array(copy.buffer)
    case 'float16': return fromHalf(new Uint16Array(copy.buffer))
    case 'int8': return fromInt8(copy, shape.at(-1) ?? 1)
  }
}
