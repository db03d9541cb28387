/** ReLU, the rectified linear unit: y = max(x, 0). Backward: dx = dy where y > 0, else 0. */
import { donate } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import { noParameters, type Layer } from './layer'

export function relu(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [0],
    savedForBackward: { inputs: [], y: true },
    forward: ([x]) => ({ y: operations().relu(x), saved: [] }),
    backward: (dy, { y }) => ({ inputs: [operations().reluGradient(donate(dy), y)], parameters: noParameters }),
  }
}
