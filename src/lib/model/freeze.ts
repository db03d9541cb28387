/**
 * Which of a model's layers training may change.
 *
 * A frozen layer keeps every number it holds, a batch normalization's moving mean and variance
 * included: it runs by them, as at inference, while the rest trains.
 */
import { parameters, stages, type Stage } from './architecture'
import { LabError, nearest } from '../system/errors'
import { layersWithParameters, type Model } from './model'

/** Everything up to and including a stage, or layers by their Keras names. */
export type FreezeRule = { through: Stage } | { layers: readonly string[] }

/**
 * A model like `model` in which the layers named by `rule`, and no others, are frozen. `model` stays as it
 * was; the two share their numbers.
 * @example freeze(model, { through: 'conv4' })   // conv5 and the head train
 * @throws LabError 'unknown-layer' naming the three nearest names the model has
 */
export function freeze(model: Model, rule: FreezeRule): Model {
  return { ...model, frozen: new Set('through' in rule ? through(model, rule.through) : known(model, rule.layers)) }
}

/** A model like `model` in which every layer trains. */
export function unfreeze(model: Model): Model {
  return { ...model, frozen: new Set() }
}

/**
 * The last layer up to which a model is frozen and behind which nothing looks back: what it gives for an image stays
 * the same however long the rest trains. Null where the first layers train.
 * @example frozenThrough(freeze(model, { through: 'conv4' }))   // 'conv4_block6_out'
 */
export function frozenThrough(model: Model): string | null {
  const { layers } = model.architecture
  const holdsNumbers = new Set(layersWithParameters(model))
  const changing = layers.findIndex(({ name, kind }) =>
    kind === 'dropout' || (holdsNumbers.has(name) && !model.frozen.has(name)))
  const still = layers.slice(0, changing < 0 ? layers.length : changing)
  const isBoundary = (place: number) => {
    const earlier = new Set(layers.slice(0, place).map(layer => layer.name))
    return layers.slice(place + 1).every(layer => layer.inputs.every(input => !earlier.has(input)))
  }
  const boundaries = still.filter(({ kind }, i) => kind !== 'input' && kind !== 'zero-padding' && isBoundary(i))
  return boundaries.at(-1)?.name ?? null
}

function through(model: Model, stage: Stage): string[] {
  const last = stages.indexOf(stage)
  if (last < 0) throw unknown(stage, stages, 'a stage')
  return model.architecture.layers.filter(layer => stages.indexOf(layer.stage) <= last).map(layer => layer.name)
}

function known(model: Model, names: readonly string[]): readonly string[] {
  const has = layersWithParameters(model)
  for (const name of names) if (!has.includes(name)) throw unknown(name, has, 'a layer with parameters')
  return names
}

function unknown(name: string, has: readonly string[], what: string): LabError {
  return new LabError('unknown-layer', {
    expected: `${what} of the model, such as ${nearest(name, has).join(', ')}`,
    received: name,
    remedy: 'show(summary(model)) lists them all',
  })
}

/** What training moved, one row a stage. */
export interface MovedRow {
  stage: Stage
  /** How many numbers the stage holds. */
  numbers: number
  /** How many of them gradients may change. */
  trainable: number
  /** How many differ between the two models, to the bit. */
  moved: number
}

/** Counts, stage by stage, which numbers differ between a model before and after training. */
export function movedNumbers(before: Model, after: Model): MovedRow[] {
  const stageOf = new Map(before.architecture.layers.map(layer => [layer.name, layer.stage]))
  return stages.map(stage => {
    const own = parameters(before.architecture).filter(parameter => stageOf.get(parameter.layer) === stage)
    const count = (parameter: (typeof own)[number]) => before.weights.get(parameter.name)!.length
    const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0)
    return {
      stage,
      numbers: sum(own.map(count)),
      trainable: sum(own.filter(p => p.trainable && !after.frozen.has(p.layer)).map(count)),
      moved: sum(own.map(p => differences(before.weights.get(p.name)!, after.weights.get(p.name)!))),
    }
  })
}

function differences(a: Float32Array, b: Float32Array): number {
  const left = new Uint32Array(a.buffer, a.byteOffset, a.length)
  const right = new Uint32Array(b.buffer, b.byteOffset, b.length)
  return left.reduce((count, bits, i) => count + (bits === right[i] ? 0 : 1), 0)
}
