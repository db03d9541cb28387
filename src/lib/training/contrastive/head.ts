/** The projection head: contrastive learning trains it behind ResNet50's stages and discards it afterwards. */
import { LayerList, parameters, type Architecture } from '../../model/architecture'
import type { Model } from '../../model/model'
import { initialWeights } from '../../model/start-weights'

/** Numbers that the projection of an image has. */
export const projectionWidth = 128

/**
 * A network like `model` with a projection head instead of its head: dense, batch normalization, ReLU, dense. The
 * projection head discards whatever differs between views of an image, so that the stages need not (Chen et al. 2020,
 * section 4.2).
 * @param seed names the projection head's start weights
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

/** The weights of all stages but the head. */
export function stageWeights(
  architecture: Architecture, weights: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const heads = new Set(architecture.layers.filter(({ stage }) => stage === 'head').map(({ name }) => name))
  return new Map(parameters(architecture).filter(({ layer }) => !heads.has(layer))
    .map(({ name }) => [name, weights.get(name)!]))
}
