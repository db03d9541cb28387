/** Attributes that many operations share, and constants that operations take as tensors. */
import { attribute, nativeEngine, type Attribute } from './native-engine'
import type { Tensor } from '../tensor'

export const float = attribute.type('T', 'float')
export const nhwc = attribute.string('data_format', 'NHWC')

/** Asks for one of oneDNN's own operations, which TensorFlow otherwise only chooses inside graphs. */
export const oneDnnKernel = attribute.string('_kernel', 'MklNameChangeOp')

/** Whether this project's own operations take so many channels. */
export function inSixteens(channels: number): boolean {
  return channels % 16 === 0
}

/** So many zeros on each side of the image: known to the operation that slides over it. */
export function paddingOf(padding: number): Attribute[] {
  return padding === 0
    ? [attribute.string('padding', 'VALID')]
    : [attribute.string('padding', 'EXPLICIT'), attribute.int('explicit_paddings', margins(padding))]
}

/** The same margins, for operations that only pad. */
export function marginsTensor(padding: number): Tensor {
  return constant(Int32Array.from(margins(padding)), [4, 2])
}

function margins(padding: number): number[] {
  return [0, 0, padding, padding, padding, padding, 0, 0]
}

/** As `make`, which runs once for each different list of words: networks ask for the same few in every step. */
export function onceFor<Words extends readonly (number | boolean)[]>(
  make: (...words: Words) => readonly Attribute[],
): (...words: Words) => readonly Attribute[] {
  const made = new Map<string, readonly Attribute[]>()
  return (...words) => {
    const key = words.join(), found = made.get(key) ?? make(...words)
    made.set(key, found)
    return found
  }
}

const kept = new Map<string, Tensor>()

/**
 * A small constant that operations take as a tensor, such as a shape. Made once for each value and kept: a network asks
 * for the same few hundred in every step.
 */
export function constant(values: Int32Array | Float32Array, shape: readonly number[] = [values.length]): Tensor {
  const key = `${values.constructor.name} ${shape.join()} ${values.join()}`
  const found = kept.get(key)
  if (found) return found
  const made = nativeEngine.constant(values, shape)
  kept.set(key, made)
  return made
}

/** A shape, as operations take it. */
export function shapeTensor(shape: readonly number[]): Tensor {
  return constant(Int32Array.from(shape))
}
