/** The weights, images and settings that all contenders share. python/inputs.py has the same for programs in Python. */
import { parameters, type Width } from '../src/lib/model/architecture'
import { describeResNet50, type Head } from '../src/lib/model/resnet50-layers'
import type { Model } from '../src/lib/model/model'
import { images, tensor } from '../test/golden/hash'

export const settings = {
  /** Small enough that four steps on one batch show whether an optimizer is right. */
  rate: 1e-4, beta1: 0.9, beta2: 0.999,
  /** The reference protocol's ε, with Keras's meaning: added before the bias correction. */
  epsilon: 0.1,
  /** How many steps' losses are compared before anything is timed. */
  trialSteps: 4,
} as const

/** For how many images of a data set the contenders' outputs are compared. */
export const compared = 16

/** A network with two classes; every parameter comes from a hash of its name. */
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
