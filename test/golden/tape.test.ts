/** The backward pass against TensorFlow.js's automatic differentiation, on a small network with every kind of layer. */
import { describe, expect, test } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { read, release, tensor, tensorFlowJs } from '../../src/lib/engine/engine'
import { crossEntropy } from '../../src/lib/network/loss'
import { Network } from '../../src/lib/network/network'
import { stream } from '../../src/lib/system/random'
import { smallModel } from '../fixtures/small-model'

const tf = tensorFlowJs()
type Tensor = ReturnType<typeof tf.tensor>
type Image = ReturnType<typeof tf.tensor4d>
type Matrix = ReturnType<typeof tf.tensor2d>

const model = smallModel()
const count = 6
const numbers = stream('tape images')
const images = Float32Array.from({ length: count * 16 * 16 * 3 }, () => numbers.uniform())
const labels = [0, 1, 1, 0, 1, 0]

/** The loss of the same network in TensorFlow.js's operations, batch normalization written out from its definition. */
function automaticLoss(weights: Record<string, Tensor>): ReturnType<typeof tf.scalar> {
  const normalize = (x: Tensor, name: string, axes: number[]) => {
    const { mean, variance } = tf.moments(x, axes)
    return x.sub(mean).div(variance.add(1e-3).sqrt()).mul(weights[`${name}/gamma`]).add(weights[`${name}/beta`])
  }
  const unit = (x: Tensor, name: string, stride: number) => {
    const kernel = weights[`${name}_conv/kernel`] as Image
    const convolved = tf.conv2d(x as Image, kernel, stride, kernel.shape[0] === 3 ? 'same' : 'valid')
    return normalize(convolved.add(weights[`${name}_conv/bias`]), `${name}_bn`, [0, 1, 2])
  }
  const first = unit(tf.tensor4d(images, [count, 16, 16, 3]), 'first', 1).relu()
  const pooled = tf.maxPool(first.pad([[0, 0], [1, 1], [1, 1], [0, 0]]) as Image, 3, 2, 'valid')
  const main = unit(unit(unit(pooled, 'down', 2).relu(), 'middle', 1).relu(), 'up', 1)
  const out = unit(pooled, 'shortcut', 2).add(main).relu()
  const features = normalize(out.mean([1, 2]), 'head_bn', [0]) as Matrix
  const dense = (x: Matrix, name: string) =>
    x.matMul(weights[`${name}/kernel`] as Matrix).add(weights[`${name}/bias`]) as Matrix
  const scores = dense(dense(features, 'hidden').relu(), 'predictions')
  return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(labels, 'int32'), 2), scores).asScalar()
}

/** Loss and gradients of the library. */
function writtenOut() {
  const network = new Network(model, 'train')
  const input = tensor(images, [count, 16, 16, 3])
  const scores = network.trainForward(input, { seed: 0, step: 0 })
  const { loss, gradient } = crossEntropy(read(scores), labels, 2)
  const start = tensor(gradient, [count, 2])
  const gradients = new Map(network.backward(start))
  const values = new Map([...gradients].map(([name, one]) => [name, read(one)]))
  release(input, scores, start, ...gradients.values())
  network.close()
  return { loss, values }
}

describe('the backward pass against automatic differentiation', () => {
  const trainable = parameters(model.architecture).filter(parameter => parameter.trainable)
  const variables = Object.fromEntries(trainable.map(({ name, shape }) =>
    [name, tf.variable(tf.tensor(model.weights.get(name)!, [...shape]), true, name)]))
  const automatic = tf.variableGrads(() => automaticLoss(variables), Object.values(variables))
  const found = writtenOut()

  test('the loss is the same', () => expect(found.loss).toBeCloseTo(automatic.value.dataSync()[0], 5))

  for (const { name } of trainable) {
    const beforeNormalization = name.endsWith('_conv/bias')
    const expected = automatic.grads[name].dataSync()
    if (beforeNormalization)
      // Batch normalization subtracts the bias again: automatic differentiation finds rounding noise, the library
      // leaves the gradient out.
      test(`${name} has no gradient`, () => {
        expect(Math.max(...expected.map(Math.abs))).toBeLessThan(1e-5)
        expect(found.values.has(name)).toBe(false)
      })
    else
      // float32 rounding through nine layers: a few 1e-7 of the largest gradients, which are about 1.
      test(name, () => {
        const gradient = found.values.get(name)!
        expect(gradient.length).toBe(expected.length)
        expected.forEach((value, i) => expect(Math.abs(gradient[i] - value)).toBeLessThan(1e-5))
        expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-5)
      })
  }
})
