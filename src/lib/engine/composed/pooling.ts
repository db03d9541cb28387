/** Pooling on TensorFlow.js's operations. */
import type { Window } from '../operations'
import type { Tensor } from '../tensor'
import { compose, wasmEngine } from './wasm-engine'

const { read, tensor } = wasmEngine

export function maxPool(x: Tensor, { kernel, stride, padding }: Window): { y: Tensor; saved: readonly Tensor[] } {
  return { y: compose([x], (tf, x) => tf.maxPool(x, kernel, stride, padding)), saved: [] }
}

/**
 * The gradient of each window goes to its largest number: to the first one, if several are equal, as in TensorFlow and
 * PyTorch. The backend's own operation gives it to the last one, and takes longer than this loop.
 */
export function maxPoolGradient(
  dy: Tensor, x: Tensor, y: Tensor, _saved: readonly Tensor[], { kernel, stride, padding }: Window,
): Tensor {
  const [images, gradients, largest] = [x, dy, y].map(read)
  const [count, height, width, channels] = x.shape
  const [, rows, columns] = y.shape
  const dx = new Float32Array(images.length)
  /** By channel, whether the window's gradient has been given to a pixel. */
  const assigned = new Uint8Array(channels)
  for (let window = 0; window < count * rows * columns; window++) {
    const top = Math.floor(window / columns) % rows * stride - padding, left = window % columns * stride - padding
    const firstRow = Math.floor(window / (rows * columns)) * height
    assigned.fill(0)
    for (let row = Math.max(top, 0); row < Math.min(top + kernel, height); row++)
      for (let column = Math.max(left, 0); column < Math.min(left + kernel, width); column++)
        for (let c = 0, i = ((firstRow + row) * width + column) * channels; c < channels; c++, i++) {
          if (assigned[c] || images[i] !== largest[window * channels + c]) continue
          dx[i] += gradients[window * channels + c]
          assigned[c] = 1
        }
  }
  return tensor(dx, x.shape)
}

/** Average pooling with 1×1 windows and stride 2: it only copies, many times faster than a strided slice. */
export function subsample(x: Tensor): Tensor {
  return compose([x], (tf, x) => tf.avgPool(x, 1, 2, 'valid'))
}

/** Puts a zero behind each pixel and a row of zeros below each row. */
export function subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  const [, rows, columns] = dy.shape
  return compose([dy], (tf, dy) => {
    const pixels = tf.reshape(dy, [n * rows, 1, columns, 1, c])
    const spread = tf.reshape(tf.pad(pixels, [[0, 0], [0, 1], [0, 0], [0, 1], [0, 0]]), [n, 2 * rows, 2 * columns, c])
    return h % 2 || w % 2 ? tf.slice(spread, [0, 0, 0, 0], [n, h, w, c]) : spread
  })
}
