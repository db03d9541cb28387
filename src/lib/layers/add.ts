/** y = a + b: where the skip connection meets the block. The gradient goes to both, unchanged. */
import { add as sum, reshape } from '../kernels'
import { noParameters, type Layer } from './layer'

export function add(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [],
    remembers: { inputs: false, y: false },
    forward: ([a, b]) => ({ y: sum(a, b), saved: [] }),
    // A reshape to the same shape is a second name for the same memory.
    backward: dy => ({ inputs: [reshape(dy, dy.shape), reshape(dy, dy.shape)], parameters: noParameters }),
  }
}
