/** Attributes that many operations share, and constants that operations take as tensors. */
import { attribute, nativeEngine } from '../../engine/native'
import type { Tensor } from '../../engine/tensor'

export const float = attribute.type('T', 'float')
export const nhwc = attribute.string('data_format', 'NHWC')

/** Asks for one of oneDNN's own operations, which TensorFlow otherwise only chooses inside graphs. */
export const oneDnnKernel = attribute.string('_kernel', 'MklNameChangeOp')

/** Hands a small constant to `use` and releases it afterwards. */
export function withConstant<Result>(
  values: Float32Array | Int32Array, shape: readonly number[], use: (constant: Tensor) => Result,
): Result {
  const constant = nativeEngine.tensor(values, shape)
  try {
    return use(constant)
  } finally {
    nativeEngine.release(constant)
  }
}

/** A shape, as operations take it. */
export function withShape<Result>(shape: readonly number[], use: (shape: Tensor) => Result): Result {
  return withConstant(Int32Array.from(shape), [shape.length], use)
}

/** A single number, as operations take it. */
export function withScalar<Result>(value: number, use: (scalar: Tensor) => Result): Result {
  return withConstant(new Float32Array([value]), [], use)
}
