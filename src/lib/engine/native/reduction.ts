/** Reductions over some axes, on TensorFlow's operations. */
import type { Tensor } from '../tensor'
import { attribute } from './attribute'
import { constant, float } from './attributes'
import { run } from './native-engine'

const indices = attribute.type('Tidx', 'int32')

/** @param keep whether the axes stay, with one number each. Default: they vanish */
export function reduce(
  operation: 'Max' | 'Mean' | 'Sum', x: Tensor, axes: readonly number[], { keep = false } = {},
): Tensor {
  return run(operation, [float, indices, attribute.bool('keep_dims', keep)], x, constant(Int32Array.from(axes)))
}
