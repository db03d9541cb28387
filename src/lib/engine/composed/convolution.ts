/** Convolutions on TensorFlow.js's operations. Gradients that the backend lacks, or is slow at, are convolutions. */
import type { Tensor } from '../tensor'
import { compose, type TensorFlowJsCore, type Value } from './wasm-engine'
import type { After, Window } from '../operations'
import { product } from './arithmetic'
import { countOf } from './channels'

export function convolve(x: Tensor, kernel: Tensor, { stride, padding }: Window): Tensor {
  return compose([x, kernel], (tf, image, weights) => tf.conv2d(image, fourAxes(tf, weights), stride, padding))
}

export function convolveWithBias(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, after: After): Tensor {
  const { stride: strides, padding: pad } = window
  const { side, relu } = after
  return compose([x, kernel, bias, ...(side ? [side] : [])], (tf, image, weights, shift, brought) => {
    const activation = relu && !brought ? 'relu' : 'linear'
    const y = tf.fused.conv2d({ x: image, filter: fourAxes(tf, weights), strides, pad, bias: shift, activation })
    if (!brought) return y
    return relu ? tf.relu(tf.add(y, brought)) : tf.add(y, brought)
  })
}

/**
 * Each of the kernel's numbers is a sum over the batch: a convolution of x by dy in which batch and channels have
 * changed places, and the stride has become a dilation.
 */
export function convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor {
  const { kernel, stride, padding } = window
  return compose([x, dy], (tf, image, gradient) => {
    if (kernelShape.length === 2) return product(tf, asMatrix(tf, image), asMatrix(tf, gradient), { a: true })
    const sums = tf.conv2d(
      tf.transpose(image, [3, 1, 2, 0]), tf.transpose(gradient, [1, 2, 0, 3]), 1, padding, 'NHWC', stride)
    // Where the stride did not reach the image's edge there are rows and columns too many.
    const [inputs, , , outputs] = sums.shape
    return tf.transpose(tf.slice(sums, [0, 0, 0, 0], [inputs, kernel, kernel, outputs]), [1, 2, 0, 3])
  })
}

/** At stride 1 a convolution of dy with the kernel turned by 180°, which takes a tenth of the backend's own time. */
export function convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor {
  const { kernel: size, stride, padding } = window
  const [n, h, w, c] = xShape
  return compose([dy, kernel], (tf, gradient, weights) => {
    if (weights.rank === 2) return tf.reshape(product(tf, asMatrix(tf, gradient), weights, { b: true }), [n, h, w, c])
    if (stride > 1) return tf.conv2dTranspose(gradient, weights, [n, h, w, c], stride, padding)
    const turned = tf.transpose(tf.reverse(weights, [0, 1]), [0, 1, 3, 2])
    return tf.conv2d(gradient, turned, 1, size - 1 - padding)
  })
}

/** All axes but the last joined into one. */
function asMatrix(tf: TensorFlowJsCore, x: Value): Value {
  return tf.reshape(x, [countOf(x), x.shape[x.shape.length - 1]]) as unknown as Value
}

/** A matrix [in, out] as the 1×1 kernel that it is. */
function fourAxes(tf: TensorFlowJsCore, kernel: Value): Value {
  return kernel.rank === 2 ? tf.reshape(kernel, [1, 1, kernel.shape[0], kernel.shape[1]]) : kernel
}
