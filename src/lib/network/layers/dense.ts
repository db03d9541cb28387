/** y = x · kernel + bias, for x [batch, features]. */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import type { Layer } from './layer'

export interface DenseOptions {
  name: string
  inputs: readonly string[]
  kernel: Variable
  bias: Variable
  trainable: boolean
}

export function dense({ name, inputs, kernel, bias, trainable }: DenseOptions): Layer {
  return {
    name, inputs, trainable, takes: [],
    variables: [kernel, bias],
    remembers: { inputs: trainable ? [0] : [], y: false },

    forward: ([x]) =>
      ({ y: operations().addBias(donate(operations().multiply(x, kernel.value())), bias.value()), saved: [] }),

    backward: (dy, { inputs: [x], inputGradient }) => {
      const parameters = new Map<string, Tensor>()
      try {
        if (trainable) {
          parameters.set(kernel.name, operations().multiply(x, dy, { a: true }))
          parameters.set(bias.name, operations().sumOverChannels(dy))
        }
        const gradients = inputGradient ? [operations().multiply(dy, kernel.value(), { b: true })] : []
        return { inputs: gradients, parameters }
      } finally {
        release(dy)
      }
    },
  }
}
