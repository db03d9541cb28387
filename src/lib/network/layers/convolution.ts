/** y = x ∗ kernel + bias; frozen, with what comes after it joined in: relu(x ∗ kernel + bias + side). */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations, type Window } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import { noParameters, type Layer } from './layer'

export interface ConvolutionOptions {
  name: string
  inputs: readonly string[]
  /** [k, k, in, out], or [in, out] where k is 1. */
  kernel: Variable
  /** Absent where batch normalization follows in training mode: it subtracts any constant again. */
  bias?: Variable
  window: Window
  trainable: boolean
}

export function convolution({ name, inputs, kernel, bias, window, trainable }: ConvolutionOptions): Layer {
  return {
    name, inputs, trainable, takes: [],
    variables: bias ? [kernel, bias] : [kernel],
    remembers: { inputs: trainable ? [0] : [], y: false },

    forward: ([x]) => {
      const y = operations().convolve(x, kernel.value(), window)
      return { y: bias ? operations().addBias(donate(y), bias.value()) : y, saved: [] }
    },

    backward: (dy, { inputs: [x], inputGradient }) => {
      const parameters = new Map<string, Tensor>()
      try {
        if (trainable) {
          parameters.set(kernel.name, operations().convolveKernelGradient(x, kernel.shape, dy, window))
          if (bias) parameters.set(bias.name, operations().sumOverChannels(dy))
        }
        const gradients = inputGradient
          ? [operations().convolveInputGradient(x.shape, kernel.value(), dy, window)] : []
        return { inputs: gradients, parameters }
      } finally {
        release(dy)
      }
    },
  }
}

export interface JoinedConvolutionOptions extends Omit<ConvolutionOptions, 'trainable'> {
  bias: Variable
  relu: boolean
}

/** A frozen convolution with what follows it. A second input, where there is one, is added before ReLU. */
export function joinedConvolution(options: JoinedConvolutionOptions): Layer {
  const { name, inputs, kernel, bias, window, relu } = options
  return {
    name, inputs, trainable: false, takes: [1],
    variables: [kernel, bias],
    remembers: { inputs: [], y: relu },

    forward: ([x, side]) =>
      ({ y: operations().convolveWithBias(x, kernel.value(), bias.value(), window, { side, relu }), saved: [] }),

    backward: (dy, { inputs: [x, side], y }) => {
      const dSum = relu ? operations().reluGradient(donate(dy), y) : dy
      const dx = operations().convolveInputGradient(x.shape, kernel.value(), dSum, window)
      if (side) return { inputs: [dx, dSum], parameters: noParameters }
      release(dSum)
      return { inputs: [dx], parameters: noParameters }
    },
  }
}
