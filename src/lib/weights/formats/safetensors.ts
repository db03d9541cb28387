/**
 * The safetensors format, as Hugging Face describes it: 8 bytes with the header's length (little endian); the header in
 * JSON, `{ name: { dtype, shape, data_offsets: [from, to] } }`; then the arrays. No byte lies between or after the
 * arrays, and no two arrays share bytes.
 *
 * The reader checks every length against the bytes of the file before it uses the length.
 */
import { z } from 'zod'
import { readFileCapped } from '../../system/files'
import { fromHalf } from './half-float'
import { badTensorFile, parseHeader, validated } from './header'
import type { Values } from './tensor-file'
import { listOf, recordOf } from '../../system/json-parts'

export interface Safetensors {
  /** The floating-point arrays, as float32. Arrays of other types, such as counters, are left out. */
  tensors: ReadonlyMap<string, Values>
  /** What the writer of the file noted about it. */
  metadata: Readonly<Record<string, string>>
}

interface Entry { name: string; dtype: string; shape: readonly number[]; from: number; to: number }

/** Ten times a full ResNet50. */
const longestFile = 1024 * 1024 * 1024
const longestHeader = 16 * 1024 * 1024

/** Bytes of one number of each type. */
const sizes = {
  F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1,
} as const
type NumberType = keyof typeof sizes

// Not a copy: a header may name many arrays.
const headerSchema = z.custom<Readonly<Record<string, unknown>>>(value =>
  typeof value === 'object' && value !== null && !Array.isArray(value))
const metadataSchema = recordOf(z.string())
const count = z.int().min(0)
const entrySchema = z.object({
  dtype: z.enum(Object.keys(sizes) as NumberType[]), shape: listOf(count), data_offsets: z.tuple([count, count]),
})

/** How floating-point arrays become float32. Each is copied, because it may start where its type cannot be read. */
const readers: Readonly<Record<string, (buffer: ArrayBuffer) => Float32Array>> = {
  F64: buffer => Float32Array.from(new Float64Array(buffer)),
  F32: buffer => new Float32Array(buffer),
  F16: buffer => fromHalf(new Uint16Array(buffer)),
  // bfloat16 is the upper half of a float32.
  BF16: buffer => new Float32Array(Uint32Array.from(new Uint16Array(buffer), bits => bits << 16).buffer),
}

/**
 * Reads a safetensors file of at most 1 GiB.
 * @throws LabError 'bad-tensor-file' where the file is not a whole safetensors file; 'data-missing', 'too-large'
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return decodeSafetensors(await readFileCapped(path, longestFile), path)
}

/** The content of a safetensors file's bytes. @param where named in errors, such as the file's path */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < 8) throw badTensorFile(where, 'a header', `a file of ${file.length} bytes`)
  const length = file.readBigUInt64LE(0)
  if (length > Math.min(longestHeader, file.length - 8))
    throw badTensorFile(where, `a header within the file and ${longestHeader} bytes`, `one of ${length} bytes`)
  const data = file.subarray(8 + Number(length))
  const { entries, metadata } = readHeader(file.toString('utf8', 8, 8 + Number(length)), where)
  checkOffsets(entries, data.length, where)
  const readable = entries.filter(({ dtype }) => Object.hasOwn(readers, dtype))
  const tensors = new Map(readable.map(({ name, dtype, shape, from, to }) =>
    [name, { shape, values: readers[dtype](new Uint8Array(data.subarray(from, to)).buffer) }] as const))
  return { tensors, metadata }
}

function readHeader(text: string, where: string): { entries: Entry[]; metadata: Record<string, string> } {
  const header = validated(parseHeader(text, where), headerSchema, where, 'a header that names arrays')
  const { __metadata__: metadata = {} } = header
  return {
    entries: Object.keys(header).filter(name => name !== '__metadata__').map(name => entryOf(name, header[name], where)),
    metadata: validated(metadata, metadataSchema, where, 'texts as metadata'),
  }
}

function entryOf(name: string, entry: unknown, where: string): Entry {
  const { dtype, shape, data_offsets: [from, to] } =
    validated(entry, entrySchema, where, `a type, a shape and two offsets for ${name}`)
  const length = shape.reduce((product, side) => product * side, sizes[dtype])
  if (to - from !== length) throw badTensorFile(where, `${length} bytes for ${name}`, `${to - from}`)
  return { name, dtype, shape, from, to }
}

/** Checks that the arrays fill the rest of the file, each starting where another ends. */
function checkOffsets(entries: readonly Entry[], length: number, where: string): void {
  let end = 0
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw badTensorFile(where, `${name} to begin at byte ${end}`, `byte ${from}`)
    end = to
  }
  if (end !== length) throw badTensorFile(where, `arrays of ${end} bytes together`, `${length} bytes`)
}
