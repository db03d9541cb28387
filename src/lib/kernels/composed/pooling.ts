/** Pooling on TensorFlow.js's operations. */
import type { Tensor } from '../../engine/tensor'
import { compose } from '../../engine/wasm'
import type { Window } from '../kernels'

export function maxPool(x: Tensor, { kernel, stride, padding }: Window): { y: Tensor; saved: readonly Tensor[] } {
  return { y: compose([x], (tf, image) => tf.maxPool(image, kernel, stride, padding)), saved: [] }
}

/** Where several numbers of a window are the largest, the first takes the gradient, as in TensorFlow. */
export function maxPoolGradient(
  dy: Tensor, x: Tensor, y: Tensor, _saved: readonly Tensor[], { kernel, stride, padding }: Window,
): Tensor {
  return compose([dy, x, y], (tf, gradient, input, output) => tf.engine().runKernel(tf.MaxPoolGrad,
    { dy: gradient, input, output }, { filterSize: kernel, strides: stride, pad: padding }))
}

/** 1×1 average pooling of stride 2 copies without arithmetic, and many times faster than a strided slice. */
export function subsample(x: Tensor): Tensor {
  return compose([x], (tf, image) => tf.avgPool(image, 1, 2, 'valid'))
}

/** Zeros go behind each pixel and below each row. */
export function subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  const [, rows, columns] = dy.shape
  return compose([dy], (tf, gradient) => {
    const apart = tf.reshape(gradient, [n * rows, 1, columns, 1, c])
    const spread = tf.reshape(tf.pad(apart, [[0, 0], [0, 1], [0, 0], [0, 1], [0, 0]]), [n, 2 * rows, 2 * columns, c])
    return h % 2 || w % 2 ? tf.slice(spread, [0, 0, 0, 0], [n, h, w, c]) : spread
  })
}
