/** Sums over everything but the channels, on TensorFlow.js's operations. */
import type { TensorFlowJsCore, Value } from './wasm-engine'
import { sizeOf } from '../../system/shape'

/** How many numbers there are of each channel. */
export function countOf(x: Value): number {
  return sizeOf(x.shape.slice(0, -1))
}

/** The mean of each channel: of each image first, then of those, for a long sum in float32 loses digits. */
export function channelMean(tf: TensorFlowJsCore, x: Value): Value {
  const images = x.rank === 4 ? tf.avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid') : x
  return tf.mean(images, images.shape.slice(0, -1).map((_, axis) => axis))
}

export function channelSum(tf: TensorFlowJsCore, x: Value): Value {
  return tf.mul(channelMean(tf, x), countOf(x))
}
