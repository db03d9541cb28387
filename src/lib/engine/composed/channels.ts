/** Means and sums of each channel, on TensorFlow.js's operations. */
import { sizeOf } from '../../system/shape'
import type { TensorFlowJsCore, Value } from './wasm-engine'

/** How many numbers each channel has. */
export function countOf(x: Value): number {
  return sizeOf(x.shape.slice(0, -1))
}

/** The mean of each channel: first of each image, then over the images, because a long sum in float32 loses digits. */
export function channelMean(tf: TensorFlowJsCore, x: Value): Value {
  const images = x.rank === 4 ? tf.avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid') : x
  return tf.mean(images, images.shape.slice(0, -1).map((_, axis) => axis))
}

export function channelSum(tf: TensorFlowJsCore, x: Value): Value {
  return tf.mul(channelMean(tf, x), countOf(x))
}
