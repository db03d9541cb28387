/**
 * Convolution: y = x ∗ kernel + bias.
 *
 * Backward: each number of dKernel is the sum of dy times the numbers of x under which the kernel's number lay; dBias
 * is the sum of dy over batch, height and width; dx is dy convolved with the kernel turned by 180°.
 */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations, type Window } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import { noParameters, type Layer } from './layer'

export interface ConvolutionOptions {
  name: string
  inputs: readonly string[]
  /** [k, k, in, out]; for a 1×1 convolution [in, out]. */
  kernel: Variable
  /** Absent where batch normalization follows in training mode, because it subtracts the mean, and with it any bias. */
  bias?: Variable
  window: Window
  trainable: boolean
}

export function convolution({ name, inputs, kernel, bias, window, trainable }: ConvolutionOptions): Layer {
  return {
    name, inputs, trainable, overwritableInputs: [],
    variables: bias ? [kernel, bias] : [kernel],
    savedForBackward: { inputs: trainable ? [0] : [], y: false },

    forward: ([x]) => {
      const y = operations().convolve(x, kernel.value(), window)
      return { y: bias ? operations().addBias(donate(y), bias.value()) : y, saved: [] }
    },

    backward: (dy, { inputs: [x], needsInputGradient }) => {
      const parameters = new Map<string, Tensor>()
      try {
        if (trainable) {
          parameters.set(kernel.name, operations().convolveKernelGradient(x, kernel.shape, dy, window))
          if (bias) parameters.set(bias.name, operations().sumOverChannels(dy))
        }
        const gradients = needsInputGradient
          ? [operations().convolveInputGradient(x.shape, kernel.value(), dy, window)] : []
        return { inputs: gradients, parameters }
      } finally {
        release(dy)
      }
    },
  }
}

export interface FusedConvolutionOptions extends Omit<ConvolutionOptions, 'trainable'> {
  /** The layer to convolve, then, if there is one, the layer whose output is added: a skip connection's shortcut. */
  inputs: readonly string[]
  bias: Variable
  /** Whether ReLU follows. */
  relu: boolean
}

/** A frozen convolution fused with the layers behind it: y = relu(x ∗ kernel + bias + shortcut). */
export function fusedConvolution({ name, inputs, kernel, bias, window, relu }: FusedConvolutionOptions): Layer {
  return {
    name, inputs, trainable: false, overwritableInputs: [1],
    variables: [kernel, bias],
    savedForBackward: { inputs: [], y: relu },

    forward: ([x, shortcut]) =>
      ({ y: operations().convolveWithBias(x, kernel.value(), bias.value(), window, { shortcut, relu }), saved: [] }),

    backward: (dy, { inputs: [x, shortcut], y }) => {
      const dSum = relu ? operations().reluGradient(donate(dy), y) : dy
      const dx = operations().convolveInputGradient(x.shape, kernel.value(), dSum, window)
      if (shortcut) return { inputs: [dx, dSum], parameters: noParameters }
      release(dSum)
      return { inputs: [dx], parameters: noParameters }
    },
  }
}
