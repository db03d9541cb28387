/**
 * Random numbers without hidden state. A stream is named by its purpose and its coordinates (seed, epoch, item, …), so
 * every stream can be drawn again, in any order, after a restart.
 */

/** A sequence of random numbers. The same name gives the same sequence on every machine. */
export interface Stream {
  /** Uniform in [0, 1), a multiple of 2⁻³². */
  uniform(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** A whole number in [0, limit). */
  integer(limit: number): number
  /** Standard normal (Box–Muller). */
  normal(): number
}

/**
 * Makes the stream for a purpose and its coordinates.
 * @param purpose what the numbers are for, such as 'shuffle' or 'augment'
 * @param coordinates whole numbers, such as seed, epoch, item
 * @example stream('augment', seed, epoch, item).between(-15, 15)
 */
export function stream(purpose: string, ...coordinates: number[]): Stream {
  const next = generator(hashName(purpose), coordinates)
  const uniform = () => next() / 4294967296
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: limit => Math.floor(uniform() * limit),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}

/** The numbers 0 … count − 1 in random order (Fisher–Yates). */
export function permutation(count: number, numbers: Stream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = numbers.integer(i + 1)
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
  return order
}

/** 32-bit FNV-1a hash of a name. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Mixes the bits of a 32-bit number (Wellons' lowbias32). Different numbers give different results. */
export function mix(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** sfc32 (Doty-Humphrey's small fast counter), its state computed from the name and the coordinates. */
function generator(name: number, coordinates: readonly number[]): () => number {
  let a = mix(name), b = mix(name ^ 0x9e3779b9), c = mix(name ^ 0x3c6ef372), counter = 1
  const draw = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return sum >>> 0
  }
  for (const coordinate of coordinates) {
    a = mix(a ^ coordinate)
    b = mix(b ^ Math.floor(coordinate / 4294967296))
    draw()
  }
  for (let warm = 0; warm < 12; warm++) draw()
  return draw
}
