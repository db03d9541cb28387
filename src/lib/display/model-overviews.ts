/** Tables that show a model: layer by layer, as Keras's `summary` prints, and stage by stage. */
import { rollup, sum } from 'd3-array'
import { parameters, stages, type ParameterSpec } from '../model/architecture'
import type { Model } from '../model/model'
import { countParameters } from '../model/parameter-count'
import { sizeOf } from '../system/shape'
import { dataTable, type Table } from './tables'

/**
 * Every layer: name, kind, output shape for one image, how many numbers it holds, which layers it reads.
 * @example show(tables.layers(network))
 */
export function layers(model: Model): Table {
  const count = numbersByLayer(model)
  const rows = model.architecture.layers.map(layer => ({
    layer: layer.name,
    kind: layer.kind,
    output: layer.shape.join(' × '),
    numbers: count(layer.name),
    frozen: count(layer.name) === 0 ? '' : model.frozen.has(layer.name) ? 'frozen' : 'trains',
    reads: layer.inputs.join(', '),
  }))
  const { total, trainable, fixed } = countParameters(model)
  const [all, training, others] = [total, trainable, fixed].map(n => n.toLocaleString('en-US'))
  return dataTable('summary', `${model.architecture.name}, start weights: ${model.start}`, rows, undefined,
    `${all} numbers: ${training} train, ${others} do not.`)
}

/** Every stage: how many layers it has, its output shape for one image, how many numbers it holds, what is frozen. */
export function stageTable(model: Model): Table {
  const count = numbersByLayer(model)
  const rows = stages.map(stage => {
    const layers = model.architecture.layers.filter(layer => layer.stage === stage)
    const withNumbers = layers.filter(layer => count(layer.name) > 0)
    const frozen = withNumbers.filter(layer => model.frozen.has(layer.name)).length
    return {
      stage,
      layers: layers.length,
      // A network from elsewhere may lack a stage.
      output: layers.at(-1)?.shape.join(' × ') ?? '',
      numbers: sum(withNumbers, layer => count(layer.name)),
      frozen: layers.length === 0 ? '' : frozen === 0 ? 'trains'
        : frozen === withNumbers.length ? 'frozen' : `${frozen} of ${withNumbers.length} layers frozen`,
    }
  })
  return dataTable('stages', model.architecture.name, rows)
}

/** How many numbers each layer holds, moving averages included. */
function numbersByLayer({ architecture }: Model): (layer: string) => number {
  const total = (arrays: readonly ParameterSpec[]) => sum(arrays, ({ shape }) => sizeOf(shape))
  const counts = rollup(parameters(architecture), total, ({ layer }) => layer)
  return layer => counts.get(layer) ?? 0
}
