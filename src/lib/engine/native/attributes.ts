/** Attributes that many operations share, and small constants that operations read as tensors. */
import { attribute, type Attribute } from './attribute'
import { nativeEngine } from './native-engine'
import type { Tensor } from '../tensor'

export const float = attribute.type('T', 'float')
export const nhwc = attribute.string('data_format', 'NHWC')

/** Asks for one of oneDNN's own operations, which TensorFlow chooses by itself only inside graphs. */
export const oneDnnKernel = attribute.string('_kernel', 'MklNameChangeOp')

/** The project's own operations accept only numbers of channels that are multiples of 16: whole vectors. */
export function isMultipleOf16(channels: number): boolean {
  return channels % 16 === 0
}

/** Rings of zeros around the image, for an operation that slides a window over it. */
export function paddingOf(padding: number): Attribute[] {
  return padding === 0
    ? [attribute.string('padding', 'VALID')]
    : [attribute.string('padding', 'EXPLICIT'), attribute.int('explicit_paddings', margins(padding))]
}

/** The same rings of zeros, for an operation that only pads. */
export function marginsTensor(padding: number): Tensor {
  return constant(Int32Array.from(margins(padding)), [4, 2])
}

function margins(padding: number): number[] {
  return [0, 0, padding, padding, padding, padding, 0, 0]
}

/** As `make`, which runs only once for each list of arguments: networks ask for the same few in every step. */
export function memoized<Arguments extends readonly (number | boolean)[]>(
  make: (...args: Arguments) => readonly Attribute[],
): (...args: Arguments) => readonly Attribute[] {
  const results = new Map<string, readonly Attribute[]>()
  return (...args) => {
    const key = args.join(), result = results.get(key) ?? make(...args)
    results.set(key, result)
    return result
  }
}

/** A small tensor whose numbers never change. */
export interface Constant {
  values: Int32Array | Float32Array
  shape: readonly number[]
}

const constants = new Map<string, Tensor>()
const constantsById = new Map<number, Constant>()

/**
 * A small constant that operations read as a tensor, such as a shape. Each value is made once and never released: a
 * network asks for the same few hundred constants in every step.
 */
export function constant(values: Int32Array | Float32Array, shape: readonly number[] = [values.length]): Tensor {
  const key = `${values.constructor.name} ${shape.join()} ${values.join()}`
  const cached = constants.get(key)
  if (cached) return cached
  const made = nativeEngine.constant(values, shape)
  constants.set(key, made)
  constantsById.set(made.id, { values, shape })
  return made
}

/** The numbers of a constant; undefined for any other tensor. @param id the tensor's number in the engine */
export function constantOf(id: number): Constant | undefined {
  return constantsById.get(id)
}

/** One number as a tensor. */
export function scalar(value: number): Tensor {
  return constant(Float32Array.of(value), [])
}

/** A shape as a tensor, for operations that read it so. */
export function shapeTensor(shape: readonly number[]): Tensor {
  return constant(Int32Array.from(shape))
}
