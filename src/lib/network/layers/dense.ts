/**
 * A dense (fully connected) layer: y = x · kernel + bias, for x [batch, features].
 * Backward: dKernel = xᵀ · dy, dBias = Σ dy over the batch, dx = dy · kernelᵀ.
 */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import type { Layer } from './layer'

export interface DenseOptions {
  name: string
  inputs: readonly string[]
  /** [features, units] */
  kernel: Variable
  /** [units] */
  bias: Variable
  trainable: boolean
}

export function dense({ name, inputs, kernel, bias, trainable }: DenseOptions): Layer {
  return {
    name, inputs, trainable, overwritableInputs: [],
    variables: [kernel, bias],
    savedForBackward: { inputs: trainable ? [0] : [], y: false },

    forward: ([x]) =>
      ({ y: operations().addBias(donate(operations().multiply(x, kernel.value())), bias.value()), saved: [] }),

    backward: (dy, { inputs: [x], needsInputGradient }) => {
      const parameters = new Map<string, Tensor>()
      try {
        if (trainable) {
          parameters.set(kernel.name, operations().multiply(x, dy, { a: true }))
          parameters.set(bias.name, operations().sumOverChannels(dy))
        }
        const gradients = needsInputGradient ? [operations().multiply(dy, kernel.value(), { b: true })] : []
        return { inputs: gradients, parameters }
      } finally {
        release(dy)
      }
    },
  }
}
