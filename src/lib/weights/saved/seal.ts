/** The seal of a saved or exported model: one hash of all that the file says about the model, and of its numbers. */
import { createHash } from 'node:crypto'

/**
 * SHA-256 of a description and of arrays, whatever format and order they are stored in.
 * @param description plain data; its field `seal`, and fields without a value, are left out
 * @param arrays as a reader of the file gets them: a file of float16 seals the rounded numbers
 */
export function sealOf(
  description: Readonly<Record<string, unknown>>, arrays: ReadonlyMap<string, Float32Array>,
): string {
  const hash = createHash('sha256')
  for (const field of Object.keys(description).sort())
    if (field !== 'seal' && description[field] !== undefined) hash.update(`${field} ${JSON.stringify(description[field])}\n`)
  for (const [name, values] of sorted(arrays)) hash.update(`${name} ${values.length}\n`).update(bytesOf(values))
  return hash.digest('hex')
}

/** SHA-256 of a model's numbers alone. */
export function hashOfArrays(arrays: ReadonlyMap<string, Float32Array>): string {
  return sealOf({}, arrays)
}

function sorted(arrays: ReadonlyMap<string, Float32Array>): [string, Float32Array][] {
  return [...arrays].sort(([a], [b]) => (a < b ? -1 : 1))
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
