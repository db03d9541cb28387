/** Pooling on TensorFlow.js's operations. */
import type { Tensor } from '../tensor'
import { compose, wasmEngine } from './wasm-engine'
import type { Window } from '../operations'

const { read, tensor } = wasmEngine

export function maxPool(x: Tensor, { kernel, stride, padding }: Window): { y: Tensor; saved: readonly Tensor[] } {
  return { y: compose([x], (tf, image) => tf.maxPool(image, kernel, stride, padding)), saved: [] }
}

/**
 * Each window's gradient goes to its largest number: the first, where several are, as in TensorFlow and PyTorch. The
 * backend's own operation gives it to the last, and takes longer than this loop.
 */
export function maxPoolGradient(
  dy: Tensor, x: Tensor, y: Tensor, _saved: readonly Tensor[], { kernel, stride, padding }: Window,
): Tensor {
  const [images, gradients, largest] = [x, dy, y].map(read)
  const [count, height, width, channels] = x.shape
  const [, rows, columns] = y.shape
  const dx = new Float32Array(images.length), given = new Uint8Array(channels)
  for (let window = 0; window < count * rows * columns; window++) {
    const top = Math.floor(window / columns) % rows * stride - padding, left = window % columns * stride - padding
    const first = Math.floor(window / (rows * columns)) * height
    given.fill(0)
    for (let row = Math.max(top, 0); row < Math.min(top + kernel, height); row++)
      for (let column = Math.max(left, 0); column < Math.min(left + kernel, width); column++)
        for (let c = 0, at = ((first + row) * width + column) * channels; c < channels; c++, at++) {
          if (given[c] || images[at] !== largest[window * channels + c]) continue
          dx[at] += gradients[window * channels + c]
          given[c] = 1
        }
  }
  return tensor(dx, x.shape)
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
