/**
 * Convolutions on TensorFlow.js's operations. Gradients for which the WebAssembly backend has no operation, or a slow
 * one, are written as convolutions.
 */
import type { Epilogue, Window } from '../operations'
import type { Tensor } from '../tensor'
import { product } from './arithmetic'
import { countOf } from './channels'
import { compose, type TensorFlowJsCore, type Value } from './wasm-engine'

/** A 1×1 convolution is a product of matrices. */
export function kernelShape(shape: readonly number[]): readonly number[] {
  return shape[0] === 1 ? shape.slice(2) : shape
}

export function convolve(x: Tensor, kernel: Tensor, { stride, padding }: Window): Tensor {
  return compose([x, kernel], (tf, x, kernel) => tf.conv2d(x, withFourAxes(tf, kernel), stride, padding))
}

export function convolveWithBias(
  x: Tensor, kernel: Tensor, bias: Tensor, window: Window, { relu, shortcut }: Epilogue,
): Tensor {
  const { stride: strides, padding: pad } = window
  return compose([x, kernel, bias, ...(shortcut ? [shortcut] : [])], (tf, x, kernel, bias, shortcut) => {
    const activation = relu && !shortcut ? 'relu' : 'linear'
    const y = tf.fused.conv2d({ x, filter: withFourAxes(tf, kernel), strides, pad, bias, activation })
    if (!shortcut) return y
    return relu ? tf.relu(tf.add(y, shortcut)) : tf.add(y, shortcut)
  })
}

/**
 * Each number of the kernel's gradient is a sum over the batch: the convolution of x with dy, in which batch and
 * channels have swapped places and the stride has become a dilation.
 */
export function convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor {
  const { kernel, stride, padding } = window
  return compose([x, dy], (tf, x, dy) => {
    if (kernelShape.length === 2) return product(tf, asMatrix(tf, x), asMatrix(tf, dy), { a: true })
    const sums = tf.conv2d(tf.transpose(x, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, padding, 'NHWC', stride)
    // If the last window ends before the image's edge, the sums have rows and columns too many.
    const [inputs, , , outputs] = sums.shape
    return tf.transpose(tf.slice(sums, [0, 0, 0, 0], [inputs, kernel, kernel, outputs]), [1, 2, 0, 3])
  })
}

/** At stride 1, dy convolved with the kernel turned by 180°: a tenth of the time that the backend's operation takes. */
export function convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor {
  const { kernel: size, stride, padding } = window
  const [n, h, w, c] = xShape
  return compose([dy, kernel], (tf, dy, kernel) => {
    if (kernel.rank === 2) return tf.reshape(product(tf, asMatrix(tf, dy), kernel, { b: true }), [n, h, w, c])
    if (stride > 1) return tf.conv2dTranspose(dy, kernel, [n, h, w, c], stride, padding)
    const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2])
    return tf.conv2d(dy, turned, 1, size - 1 - padding)
  })
}

/** All axes but the last joined into one: a row for each pixel. */
function asMatrix(tf: TensorFlowJsCore, x: Value): Value {
  return tf.reshape(x, [countOf(x), x.shape[x.shape.length - 1]]) as unknown as Value
}

/** A matrix [in, out] as the 1×1 kernel [1, 1, in, out]. */
function withFourAxes(tf: TensorFlowJsCore, kernel: Value): Value {
  return kernel.rank === 2 ? tf.reshape(kernel, [1, 1, kernel.shape[0], kernel.shape[1]]) : kernel
}
