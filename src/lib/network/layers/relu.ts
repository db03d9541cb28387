/** y = max(x, 0) */
import { donate } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import { noParameters, type Layer } from './layer'

export function relu(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [0],
    remembers: { inputs: [], y: true },
    forward: ([x]) => ({ y: operations().relu(x), saved: [] }),
    backward: (dy, { y }) => ({ inputs: [operations().reluGradient(donate(dy), y)], parameters: noParameters }),
  }
}
