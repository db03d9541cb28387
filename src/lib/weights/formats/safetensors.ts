/**
 * The safetensors format, as Hugging Face describes it: 8 bytes with the header's length (little endian), the header
 * in JSON, `{ name: { dtype, shape, data_offsets: [from, to] } }`, then the arrays, nothing between, behind or shared.
 *
 * A reader believes no length before it has been checked against the bytes that are there.
 */
import { LabError } from '../../system/errors'
import { readFileCapped } from '../../system/files'
import { fromHalf } from './half-float'
import type { Values } from './tensor-file'

export interface Safetensors {
  /** The arrays of fractions, as float32. Others, such as counters, are left out. */
  tensors: ReadonlyMap<string, Values>
  /** What whoever wrote the file said about it. */
  metadata: Readonly<Record<string, string>>
}

interface Entry { name: string; dtype: string; shape: readonly number[]; from: number; to: number }

/** Ten times a full ResNet50. */
const longestFile = 1024 * 1024 * 1024
const longestHeader = 16 * 1024 * 1024

/** Bytes of one number. */
const sizes: Readonly<Record<string, number>> = {
  F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1,
}

/** How arrays of fractions become float32. They need not lie where their type may start, so each is a copy. */
const readers: Readonly<Record<string, (buffer: ArrayBuffer) => Float32Array>> = {
  F64: buffer => Float32Array.from(new Float64Array(buffer)),
  F32: buffer => new Float32Array(buffer),
  F16: buffer => fromHalf(new Uint16Array(buffer)),
  // bfloat16 is the upper half of a float32.
  BF16: buffer => new Float32Array(Uint32Array.from(new Uint16Array(buffer), bits => bits << 16).buffer),
}

/**
 * Reads a safetensors file of at most 1 GiB.
 * @throws LabError 'bad-tensor-file' for anything but a whole file; 'data-missing', 'too-large'
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return decodeSafetensors(await readFileCapped(path, longestFile), path)
}

/** What the bytes of a safetensors file hold. @param where named in errors, such as the file's path */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < 8) throw broken(where, 'a header', `a file of ${file.length} bytes`)
  const length = file.readBigUInt64LE(0)
  if (length > Math.min(longestHeader, file.length - 8))
    throw broken(where, `a header within the file and ${longestHeader} bytes`, `one of ${length} bytes`)
  const data = file.subarray(8 + Number(length))
  const { entries, metadata } = parseHeader(file.toString('utf8', 8, 8 + Number(length)), where)
  checkPlaces(entries, data.length, where)
  const tensors = new Map(entries.filter(({ dtype }) => dtype in readers).map(({ name, dtype, shape, from, to }) =>
    [name, { shape, values: readers[dtype](new Uint8Array(data.subarray(from, to)).buffer) }] as const))
  return { tensors, metadata }
}

function parseHeader(text: string, where: string): { entries: Entry[]; metadata: Record<string, string> } {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw broken(where, 'a header in JSON', 'none')
  }
  if (!isRecord(header)) throw broken(where, 'a header that names arrays', 'another')
  const { __metadata__: metadata = {}, ...arrays } = header
  if (!areTexts(metadata)) throw broken(where, 'texts as metadata', 'something else')
  return { entries: Object.entries(arrays).map(([name, entry]) => entryOf(name, entry, where)), metadata }
}

function entryOf(name: string, entry: unknown, where: string): Entry {
  const { dtype, shape, data_offsets: offsets }: Record<string, unknown> = isRecord(entry) ? entry : {}
  if (!areCounts(shape) || !areCounts(offsets) || offsets.length !== 2)
    throw broken(where, `a type, a shape and two offsets for ${name}`, JSON.stringify(entry).slice(0, 80))
  if (typeof dtype !== 'string' || !Object.hasOwn(sizes, dtype))
    throw broken(where, `${name} to be of the type ${Object.keys(sizes).join(', ')}`, JSON.stringify(dtype))
  const [from, to] = offsets
  const length = shape.reduce((product, n) => product * n, sizes[dtype])
  if (to - from !== length) throw broken(where, `${length} bytes for ${name}`, `${to - from}`)
  return { name, dtype, shape, from, to }
}

/** That the arrays fill the rest of the file, each beginning where another ends. */
function checkPlaces(entries: readonly Entry[], length: number, where: string): void {
  let at = 0
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== at) throw broken(where, `${name} to begin at byte ${at}`, `byte ${from}`)
    at = to
  }
  if (at !== length) throw broken(where, `arrays of ${at} bytes together`, `${length} bytes`)
}

function areTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every(text => typeof text === 'string')
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(n => Number.isSafeInteger(n) && n >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(where: string, expected: string, received: string): LabError {
  return new LabError('bad-tensor-file', {
    expected: `${expected} (${where})`, received, remedy: 'Make or fetch the file again',
  })
}
