/** y = x · kernel + bias, for x [batch, features]. */
import { release, type Tensor } from '../engine'
import { addBias, multiply, sumOverChannels } from '../kernels'
import { withValues, type Variable } from '../variable'
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
    name, inputs, trainable,
    variables: [kernel, bias],
    remembers: { inputs: trainable, y: false },

    forward: ([x]) => withValues([kernel, bias], (k, b) => {
      const product = multiply(x, k)
      const y = addBias(product, b)
      release(product)
      return { y, saved: [] }
    }),

    backward: (dy, { inputs: [x], inputGradient }) => {
      const parameters = new Map<string, Tensor>()
      if (trainable) {
        parameters.set(kernel.name, multiply(x, dy, { transposeA: true }))
        parameters.set(bias.name, sumOverChannels(dy))
      }
      if (!inputGradient) return { inputs: [], parameters }
      return { inputs: [withValues([kernel], k => multiply(dy, k, { transposeB: true }))], parameters }
    },
  }
}
