/** y = a + b: where the skip connection meets the block. The gradient goes to both, unchanged. */
import { operations } from '../../engine/operations-in-use'
import { noParameters, type Layer } from './layer'

export function add(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [0, 1],
    remembers: { inputs: [], y: false },
    forward: ([a, b]) => ({ y: operations().add(a, b), saved: [] }),
    // A reshape to the same shape is a second name for the same memory.
    backward: dy => ({ inputs: [operations().reshape(dy, dy.shape), dy], parameters: noParameters }),
  }
}
