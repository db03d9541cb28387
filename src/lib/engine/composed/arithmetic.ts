/** Sums, products and shapes on TensorFlow.js's operations. */
import type { Tensor } from '../tensor'
import { compose, composeAll, type TensorFlowJsCore, type Value } from './wasm-engine'
import { channelSum } from './channels'

export function multiply(a: Tensor, b: Tensor, transposed: { a?: boolean; b?: boolean } = {}): Tensor {
  return compose([a, b], (tf, left, right) => product(tf, left, right, transposed))
}

/** Transposes the factors first: the backend's own product of transposed factors takes ten times as long. */
export function product(
  tf: TensorFlowJsCore, a: Value, b: Value, transposed: { a?: boolean; b?: boolean } = {},
): Value {
  // aᵀb = (bᵀa)ᵀ: of two tall matrices, the narrower one is faster to transpose.
  if (transposed.a && !transposed.b && b.shape[1] < a.shape[1])
    return tf.transpose(tf.matMul<Value>(tf.transpose(b), a))
  return tf.matMul(transposed.a ? tf.transpose(a) : a, transposed.b ? tf.transpose(b) : b)
}

export function crossEntropyGradient(scores: Tensor, targets: Tensor, shares: Tensor): Tensor {
  return compose([scores, targets, shares], (tf, value, target, share) =>
    tf.mul(tf.sub(tf.softmax(value), target), share))
}

export function add(a: Tensor, b: Tensor): Tensor {
  return compose([a, b], (tf, left, right) => tf.add(left, right))
}

export function subtract(a: Tensor, b: Tensor): Tensor {
  return compose([a, b], (tf, left, right) => tf.sub(left, right))
}

export function times(a: Tensor, b: Tensor): Tensor {
  return compose([a, b], (tf, left, right) => tf.mul(left, right))
}

export function scale(x: Tensor, factor: number): Tensor {
  return compose([x], (tf, value) => tf.mul(value, factor))
}

export function numbersOf(vector: Tensor): Tensor[] {
  return composeAll([vector], (tf, value) => tf.unstack(value))
}

export function zeros(shape: readonly number[]): Tensor {
  return compose([], tf => tf.zeros([...shape]))
}

export function concatenate(vectors: readonly Tensor[]): Tensor {
  return compose(vectors, (tf, ...all) => tf.concat([...all], 0))
}

export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return compose([x], (tf, value) => tf.reshape(value, [...shape]))
}

export function addBias(x: Tensor, bias: Tensor): Tensor {
  return add(x, bias)
}

export function sumOverChannels(dy: Tensor): Tensor {
  return compose([dy], channelSum)
}

export function relu(x: Tensor): Tensor {
  return compose([x], (tf, value) => tf.relu(value))
}

export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return compose([dy, y], (tf, gradient, value) => tf.mul(gradient, tf.step(value)))
}

export function averageOverSpace(x: Tensor): Tensor {
  const [n, h, w, c] = x.shape
  return compose([x], (tf, value) => tf.reshape(tf.avgPool(value, [h, w], 1, 'valid'), [n, c]))
}

export function averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  return compose([dy], (tf, gradient) =>
    tf.mul(tf.fill([n, h, w, c], 1 / (h * w)), tf.reshape(gradient, [n, 1, 1, c])))
}
