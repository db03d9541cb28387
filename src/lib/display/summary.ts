/** A model as a table: what Keras's `summary` prints. */
import { parameters, stages } from '../model/architecture'
import { sizeOf } from '../system/shape'
import type { Model } from '../model/model'
import { countParameters } from '../model/parameter-count'
import { dataTable, type Table } from './tables'

/** Every layer: name, kind, output shape for one image, numbers it holds, what feeds it. */
export function layerTable(model: Model): Table {
  const held = heldBy(model)
  const rows = model.architecture.layers.map(layer => ({
    layer: layer.name,
    kind: layer.kind,
    output: layer.shape.join(' × '),
    numbers: held(layer.name),
    frozen: held(layer.name) === 0 ? '' : model.frozen.has(layer.name) ? 'frozen' : 'trains',
    reads: layer.inputs.join(', '),
  }))
  const { total, trainable, fixed } = countParameters(model)
  const [all, some, rest] = [total, trainable, fixed].map(n => n.toLocaleString('en-US'))
  return dataTable('summary', `${model.architecture.name}, start weights: ${model.start}`, rows, undefined,
    `${all} numbers: ${some} train, ${rest} do not.`)
}

/** The same, one row a stage. */
export function stageTable(model: Model): Table {
  const held = heldBy(model)
  const rows = stages.map(stage => {
    const layers = model.architecture.layers.filter(layer => layer.stage === stage)
    const withNumbers = layers.filter(layer => held(layer.name) > 0)
    const frozen = withNumbers.filter(layer => model.frozen.has(layer.name)).length
    return {
      stage,
      layers: layers.length,
      output: layers[layers.length - 1].shape.join(' × '),
      numbers: withNumbers.reduce((sum, layer) => sum + held(layer.name), 0),
      frozen: frozen === 0 ? 'trains' : frozen === withNumbers.length ? 'frozen' : `${frozen} of ${withNumbers.length} layers frozen`,
    }
  })
  return dataTable('stages', model.architecture.name, rows)
}

function heldBy(model: Model): (layer: string) => number {
  const sums = new Map<string, number>()
  for (const { layer, shape } of parameters(model.architecture)) sums.set(layer, (sums.get(layer) ?? 0) + sizeOf(shape))
  return layer => sums.get(layer) ?? 0
}
