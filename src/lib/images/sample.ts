/** The numbers that image files hold, one a pixel and channel, before they become grey levels. Browser-safe. */

/** u: unsigned whole number, s: signed whole number, f: floating-point number; then the bits. */
export type SampleType = 'u8' | 's8' | 'u16' | 's16' | 'u32' | 's32' | 'f32' | 'f64'

export type SampleArray =
  | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

const types = {
  u8: { make: (length: number): SampleArray => new Uint8Array(length), bytes: 1, words: 'unsigned 8-bit' },
  s8: { make: (length: number): SampleArray => new Int8Array(length), bytes: 1, words: 'signed 8-bit' },
  u16: { make: (length: number): SampleArray => new Uint16Array(length), bytes: 2, words: 'unsigned 16-bit' },
  s16: { make: (length: number): SampleArray => new Int16Array(length), bytes: 2, words: 'signed 16-bit' },
  u32: { make: (length: number): SampleArray => new Uint32Array(length), bytes: 4, words: 'unsigned 32-bit' },
  s32: { make: (length: number): SampleArray => new Int32Array(length), bytes: 4, words: 'signed 32-bit' },
  f32: { make: (length: number): SampleArray => new Float32Array(length), bytes: 4, words: '32-bit floating-point' },
  f64: { make: (length: number): SampleArray => new Float64Array(length), bytes: 8, words: '64-bit floating-point' },
} as const

/** An array of `length` samples, all zero. */
export function makeSamples(type: SampleType, length: number): SampleArray {
  return types[type].make(length)
}

/** Bytes of one sample. */
export function bytesPerSample(type: SampleType): number {
  return types[type].bytes
}

/** A sample type as messages name it, such as 'signed 16-bit'. */
export function describeSamples(type: SampleType): string {
  return types[type].words
}

/** Reads samples from bytes. @param littleEndian whether the low byte of a sample comes first */
export function readSamples(bytes: Uint8Array, type: SampleType, length: number, littleEndian: boolean): SampleArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = makeSamples(type, length)
  const read: Record<SampleType, (i: number) => number> = {
    u8: i => view.getUint8(i),
    s8: i => view.getInt8(i),
    u16: i => view.getUint16(2 * i, littleEndian),
    s16: i => view.getInt16(2 * i, littleEndian),
    u32: i => view.getUint32(4 * i, littleEndian),
    s32: i => view.getInt32(4 * i, littleEndian),
    f32: i => view.getFloat32(4 * i, littleEndian),
    f64: i => view.getFloat64(8 * i, littleEndian),
  }
  const at = read[type]
  for (let i = 0; i < length; i++) samples[i] = at(i)
  return samples
}

/** The least and greatest sample; NaN where a sample is not finite. */
export function extentOf(samples: SampleArray): { minimum: number; maximum: number } {
  let minimum = Infinity, maximum = -Infinity
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]
    if (!Number.isFinite(value)) return { minimum: NaN, maximum: NaN }
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
  }
  return { minimum, maximum }
}
