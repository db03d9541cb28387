/** The ResNet50 that the golden scripts build in Python, with the same numbers. */
import { parameters } from '../../src/lib/model/architecture'
import { describeResNet50, type Head } from '../../src/lib/model/resnet50-layers'
import type { Model } from '../../src/lib/model/model'
import { tensor as hashed } from './hash'

/** Full width, 64 × 64, two classes, every parameter from the hash of its name. */
export function hashedModel(head: Head = 'linear'): Model {
  const architecture = describeResNet50({ size: 64, width: 'full', head, classes: 2 })
  const weights = new Map(parameters(architecture).map(({ name, shape }) => [name, hashed(name, shape)]))
  return {
    name: 'ResNet50', architecture, weights, frozen: new Set(), labels: ['a', 'b'], size: 64,
    preprocessing: 'unit', start: 'hash',
  }
}

/** The same model with 6 added to every β: the inputs of every ReLU are then 6 ± 1, so that ReLU passes all of them. */
export function positiveModel(): Model {
  const model = hashedModel()
  const weights = new Map(model.weights)
  for (const [name, values] of weights) if (name.endsWith('/beta')) weights.set(name, values.map(value => value + 6))
  return { ...model, weights }
}

/** The model up to and including a layer, whose outputs replace the scores. */
export function upTo(model: Model, layer: string): Model {
  const { layers } = model.architecture
  const end = layers.findIndex(({ name }) => name === layer) + 1
  return { ...model, architecture: { ...model.architecture, layers: layers.slice(0, end) } }
}

/** Root mean square of the differences, divided by the root mean square of `expected`. */
export function relativeDifference(values: ArrayLike<number>, expected: readonly number[]): number {
  const squares = (difference: (value: number, i: number) => number) =>
    expected.reduce((sum, value, i) => sum + difference(value, i) ** 2, 0)
  return Math.sqrt(squares((value, i) => values[i] - value) / squares(value => value))
}
