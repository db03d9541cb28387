/** The head that contrastive learning trains behind ResNet50 and throws away afterwards. */
import { LayerList, parameters, type Architecture } from '../../model/architecture'
import type { Model } from '../../model/model'
import { initialWeights } from '../../model/start-weights'

/** How many numbers an image is projected to. */
export const projectionWidth = 128

/**
 * A network like `model` with a projection head in its head's place: dense, batch normalization, ReLU, dense. What
 * makes views of one image alike is forgotten there, and so not in the stages (Chen et al. 2020, section 4.2).
 * @param seed names the head's start values
 */
export function withProjection(model: Model, seed: number): Model {
  const list = new LayerList()
  const { layers } = model.architecture
  list.layers.push(...layers.filter(({ kind, stage }) => stage !== 'head' || kind === 'global-average-pooling'))
  const features = list.layers[list.layers.length - 1].shape[0]
  list.add('head', 'projection_hidden', { kind: 'dense', units: features, activation: 'linear' })
  list.add('head', 'projection_bn', { kind: 'batch-normalization', epsilon: 1e-3, momentum: 0.9 })
  list.add('head', 'projection_relu', { kind: 'relu' })
  list.add('head', 'projection', { kind: 'dense', units: projectionWidth, activation: 'linear' })
  const architecture = { name: `${model.architecture.name}, projection`, layers: list.layers }
  const weights = new Map([...initialWeights(architecture, seed), ...stageWeights(model.architecture, model.weights)])
  return { ...model, architecture, weights }
}

/** Those of the numbers that belong to ResNet50's stages. */
export function stageWeights(
  architecture: Architecture, weights: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const heads = new Set(architecture.layers.filter(({ stage }) => stage === 'head').map(({ name }) => name))
  return new Map(parameters(architecture).filter(({ layer }) => !heads.has(layer))
    .map(({ name }) => [name, weights.get(name)!]))
}
