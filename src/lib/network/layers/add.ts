/** y = a + b: the end of a skip connection. Backward, both inputs receive the gradient of y unchanged. */
import { operations } from '../../engine/operations-in-use'
import { noParameters, type Layer } from './layer'

export function add(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [0, 1],
    savedForBackward: { inputs: [], y: false },
    forward: ([a, b]) => ({ y: operations().add(a, b), saved: [] }),
    // A reshape to the same shape gives a second tensor on the same memory, so that each input has one to release.
    backward: dy => ({ inputs: [operations().reshape(dy, dy.shape), dy], parameters: noParameters }),
  }
}
