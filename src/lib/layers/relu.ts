/** y = max(x, 0) */
import { relu as positivePart, reluGradient } from '../kernels'
import { noParameters, type Layer } from './layer'

export function relu(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [],
    remembers: { inputs: false, y: true },
    forward: ([x]) => ({ y: positivePart(x), saved: [] }),
    backward: (dy, { y }) => ({ inputs: [reluGradient(dy, y)], parameters: noParameters }),
  }
}
