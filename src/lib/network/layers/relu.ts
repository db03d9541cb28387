/** y = max(x, 0) */
import { handOver } from '../../engine/engine'
import { kernels } from '../../engine/operations-in-use'
import { noParameters, type Layer } from './layer'

export function relu(name: string, inputs: readonly string[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [0],
    remembers: { inputs: [], y: true },
    forward: ([x]) => ({ y: kernels().relu(x), saved: [] }),
    backward: (dy, { y }) => ({ inputs: [kernels().reluGradient(handOver(dy), y)], parameters: noParameters }),
  }
}
