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

/** The same with 6 added to every β, so that ReLU's inputs are 6 ± 1 and all pass. */
export function positiveModel(): Model {
  const model = hashedModel()
  const weights = new Map(model.weights)
  for (const [name, values] of weights) if (name.endsWith('/beta')) weights.set(name, values.map(value => value + 6))
  return { ...model, weights }
}

/** A model cut off behind a layer, whose output takes the place of the scores. */
export function upTo(model: Model, layer: string): Model {
  const { layers } = model.architecture
  const end = layers.findIndex(({ name }) => name === layer) + 1
  return { ...model, architecture: { ...model.architecture, layers: layers.slice(0, end) } }
}

/** Root of the mean square of the differences, against that of `expected`. */
export function relativeDifference(values: ArrayLike<number>, expected: readonly number[]): number {
  const squares = (difference: (value: number, i: number) => number) =>
    expected.reduce((sum, value, i) => sum + difference(value, i) ** 2, 0)
  return Math.sqrt(squares((value, i) => values[i] - value) / squares(value => value))
}
