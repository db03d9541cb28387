/** Questions about a model's numbers, layer by layer. */
import { parameters, stages, type Stage } from './architecture'
import { freeze } from './freeze'
import { layersWithParameters, type Model } from './model'
import { countParameters } from './parameter-count'
import { unknownLayer } from './unknown-layer'

/**
 * The names of the layers that hold numbers, in the order in which data meets them: the names that `freeze` takes.
 * @example anatomy.listLayers(network).slice(-1)   // the last layer
 */
export function listLayers(model: Model): string[] {
  return layersWithParameters(model)
}

/**
 * Counts the moving averages (means and variances) of a model's batch normalizations. Gradients never change them; data
 * does, unless the layer is frozen.
 * @returns how many lie in frozen layers, and how many in the others
 * @example anatomy.countMovingAverages(freeze(network, { through: 'conv4' })).frozen
 */
export function countMovingAverages(model: Model): { frozen: number; moving: number } {
  const counts = { frozen: 0, moving: 0 }
  for (const { layer, trainable, shape } of parameters(model.architecture))
    if (!trainable) counts[model.frozen.has(layer) ? 'frozen' : 'moving'] += shape[0]
  return counts
}

/**
 * How many numbers still train, for every depth of freezing: nothing frozen, through the stem, …, through conv5.
 * @returns rows that `figures.barChart` draws as they are
 * @example anatomy.countTrainableByDepth(network)[0].value   // all that gradients can change
 */
export function countTrainableByDepth(model: Model): { label: string; value: number }[] {
  const through = (stage: Stage) =>
    ({ label: `frozen through ${stage}`, value: countParameters(freeze(model, { through: stage })).trainable })
  const nothing = { ...model, frozen: new Set<string>() }
  return [{ label: 'nothing frozen', value: countParameters(nothing).trainable }, ...stages.slice(0, -1).map(through)]
}

/**
 * By how much training moved the moving mean of each of a layer's first channels.
 * @param layers names of batch normalizations
 * @param channels how many channels. Default 64
 * @returns one curve a layer; `figures.lineChart` draws them
 * @throws LabError 'unknown-layer' for a layer without a moving mean
 * @example anatomy.traceDrift(network, network, ['conv4_block6_3_bn'])
 */
export function traceDrift(
  before: Model, after: Model, layers: readonly string[], channels = 64,
): { label: string; points: { x: number; y: number }[] }[] {
  return layers.map(label => {
    const [start, end] = [before, after].map(model => movingMean(model, label))
    return { label, points: Array.from(start.slice(0, channels), (mean, x) => ({ x, y: end[x] - mean })) }
  })
}

function movingMean(model: Model, layer: string): Float32Array {
  const mean = model.weights.get(`${layer}/moving_mean`)
  if (mean) return mean
  const averages = parameters(model.architecture).filter(parameter => !parameter.trainable)
  const names = averages.map(parameter => parameter.layer)
  throw unknownLayer(layer, [...new Set(names)], 'a batch normalization')
}
