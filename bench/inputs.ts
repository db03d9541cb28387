/** The weights, images and settings that all contenders share; see python/inputs.py. */
import { parameters, type Width } from '../src/lib/model/architecture'
import { describeResNet50, type Head } from '../src/lib/model/resnet50-layers'
import type { Model } from '../src/lib/model/model'
import { images, tensor } from '../test/golden/hash'

export const settings = {
  /** So small that four steps on one batch still tell a right optimizer from a wrong one. */
  rate: 1e-4, beta1: 0.9, beta2: 0.999,
  /** The reference protocol's, as Keras means it: added before the bias is corrected. */
  epsilon: 0.1,
  /** Steps whose losses are compared before anything is timed. */
  trialSteps: 4,
} as const

/** How many images of a data set contenders must see alike. */
export const compared = 16

/** Two classes, every parameter from the hash of its name. */
export function hashedNetwork(size: number, width: Width = 'full', head: Head = 'linear'): Model {
  const architecture = describeResNet50({ size, width, head, classes: 2 })
  const weights = new Map(parameters(architecture).map(({ name, shape }) => [name, tensor(name, shape)]))
  return {
    name: 'ResNet50', architecture, weights, frozen: new Set(), labels: ['COVID', 'non-COVID'], size,
    preprocessing: 'unit', start: 'hash',
  }
}

/** Images [batch, size, size, 3] in [0, 1), and alternating labels. */
export function hashedBatch(batch: number, size: number) {
  const shape = [batch, size, size, 3]
  return { shape, images: images('images', shape), labels: Int32Array.from({ length: batch }, (_, i) => i % 2) }
}
