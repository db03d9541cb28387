/**
 * Which of a model's layers training may change.
 *
 * A frozen layer keeps all its numbers, including a batch normalization's moving mean and variance: it normalizes with
 * the moving averages, as at inference, while the other layers train.
 */
import { LabError } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { stages, type Stage } from './architecture'
import { layersWithParameters, type Model } from './model'
import { summarizedModel } from './model-summary'
import { unknownLayer } from './unknown-layer'

/** Everything up to and including a stage, or layers by their Keras names. */
export type FreezeRule = { through: Stage } | { layers: readonly string[] }

/**
 * A model like `model` in which exactly the layers that `rule` names are frozen. `model` itself does not change; the
 * two models share their numbers.
 * @throws LabError 'unknown-layer' naming the three nearest names of the model; 'bad-argument' for another rule
 * @example freeze(network, { through: 'conv4' })   // conv5 and the head train
 */
export function freeze(model: Model, rule: FreezeRule): Model {
  checkRule(rule)
  const frozen = new Set('through' in rule ? layersThrough(model, rule.through) : known(model, rule.layers))
  return summarizedModel({ ...model, frozen })
}

/**
 * A model like `model` in which every layer trains.
 * @example countParameters(unfreeze(freeze(network, { through: 'conv4' }))).trainable
 */
export function unfreeze(model: Model): Model {
  return summarizedModel({ ...model, frozen: new Set() })
}

/**
 * The end of a model's frozen first layers: the last layer that no later layer bypasses (no skip connection crosses
 * it) and before which every layer is frozen. Its output for an image stays the same however long the other layers
 * train.
 * @returns the layer's name; null where the first layers train
 * @example frozenThrough(freeze(model, { through: 'conv4' }))   // 'conv4_block6_out'
 */
export function frozenThrough(model: Model): string | null {
  const { layers } = model.architecture
  const withParameters = new Set(layersWithParameters(model))
  const firstChanging = layers.findIndex(({ name, kind }) =>
    kind === 'dropout' || (withParameters.has(name) && !model.frozen.has(name)))
  const unchanging = layers.slice(0, firstChanging < 0 ? layers.length : firstChanging)
  const isBoundary = (index: number) => {
    const earlier = new Set(layers.slice(0, index).map(layer => layer.name))
    return layers.slice(index + 1).every(layer => layer.inputs.every(input => !earlier.has(input)))
  }
  const boundaries = unchanging.filter(({ kind }, i) => kind !== 'input' && kind !== 'zero-padding' && isBoundary(i))
  return boundaries.at(-1)?.name ?? null
}

function checkRule(rule: FreezeRule): void {
  requireKnownKeys<{ through?: Stage; layers?: readonly string[] }>('freeze', rule ?? null, { through: true, layers: true })
  const { through, layers } = rule as { through?: unknown; layers?: unknown }
  if (typeof through === 'string' ? layers === undefined : through === undefined && Array.isArray(layers)) return
  throw new LabError('bad-argument', {
    expected: "{ through: 'conv4' } or { layers: [names] }", received: JSON.stringify(rule),
    remedy: 'Name the last frozen stage, or the frozen layers',
  })
}

function layersThrough(model: Model, stage: Stage): string[] {
  const last = stages.indexOf(stage)
  if (last < 0) throw unknownLayer(stage, stages, 'a stage')
  return model.architecture.layers.filter(layer => stages.indexOf(layer.stage) <= last).map(layer => layer.name)
}

function known(model: Model, names: readonly string[]): readonly string[] {
  const existing = layersWithParameters(model)
  for (const name of names) if (!existing.includes(name)) throw unknownLayer(name, existing, 'a layer with parameters')
  return names
}
