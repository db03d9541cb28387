/** y = x ∗ kernel + bias */
import { release, type Tensor } from '../engine'
import {
  addBias, convolve, convolveInputGradient, convolveKernelGradient, sumOverChannels, type Window,
} from '../kernels'
import { withValues, type Variable } from '../variable'
import type { Layer } from './layer'

export interface ConvolutionOptions {
  name: string
  inputs: readonly string[]
  kernel: Variable
  /** Absent where batch normalization follows in training mode: it subtracts any constant again. */
  bias?: Variable
  window: Window
  trainable: boolean
}

export function convolution({ name, inputs, kernel, bias, window, trainable }: ConvolutionOptions): Layer {
  return {
    name, inputs, trainable,
    variables: bias ? [kernel, bias] : [kernel],
    remembers: { inputs: trainable, y: false },

    forward: ([x]) => {
      const y = withValues([kernel], values => convolve(x, values, window))
      if (!bias) return { y, saved: [] }
      const shifted = withValues([bias], values => addBias(y, values))
      release(y)
      return { y: shifted, saved: [] }
    },

    backward: (dy, { inputs: [x], inputGradient, xShapes: [xShape] }) => {
      const parameters = new Map<string, Tensor>()
      if (trainable) {
        parameters.set(kernel.name, convolveKernelGradient(x, kernel.shape, dy, window))
        if (bias) parameters.set(bias.name, sumOverChannels(dy))
      }
      if (!inputGradient) return { inputs: [], parameters }
      return { inputs: [withValues([kernel], values => convolveInputGradient(xShape, values, dy, window))], parameters }
    },
  }
}
