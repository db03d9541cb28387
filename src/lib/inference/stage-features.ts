/** What each stage of a network makes of images, averaged over places: features for a linear head. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { stages, type Stage } from '../model/architecture'
import { openBatches } from '../batches/batches'
import { read, release } from '../engine/engine'
import { imageInputs, inOrder } from '../batches/inputs'
import { operations } from '../engine/operations-in-use'
import type { Model } from '../model/model'
import type { Features } from '../data/feature-rows'
import { Network } from '../network/network'
import type { Part } from '../data/split/split'

/** The stages whose features there are: all but the head. */
export const featureStages: readonly Stage[] = stages.slice(0, -1)

/** Features of each stage for all images of a part, in its order. */
export type StageFeatures = ReadonlyMap<Stage, Features>

/** How computing features is watched, and stopped. */
export interface FeatureControl {
  onProgress?(done: number, count: number): void
  /** Ends the computing with its reason. */
  signal?: AbortSignal
}

/**
 * Each stage's output, averaged over places, as at inference; the model's head is not used. Images go through the
 * network once for all stages.
 * @example (await stageFeatures(model, parts.train)).get('conv3')   // 512 numbers an image at full width
 */
export async function stageFeatures(
  model: Model, part: Part, { onProgress, signal }: FeatureControl = {},
): Promise<StageFeatures> {
  const inputs = imageInputs(await openBatches(part, model), model.size)
  const sections = sectionsOf(model)
  const features = new Map(sections.map(({ stage, channels }) =>
    [stage, { count: inputs.count, dimensions: channels, values: new Float32Array(inputs.count * channels) }]))
  try {
    let done = 0
    for await (const { input, count } of inputs.batches(inOrder(inputs.count, 64))) {
      let x = input
      for (const { stage, channels, network } of sections) {
        const y = network.infer(x), average = operations().averageOverSpace(y)
        features.get(stage)!.values.set(read(average), done * channels)
        release(x, average)
        x = y
      }
      release(x)
      done += count
      onProgress?.(done, inputs.count)
      await nextTurn()
      signal?.throwIfAborted()
    }
    return features
  } finally {
    sections.forEach(({ network }) => network.close())
  }
}

/** The features of some stages side by side. */
export function joined(features: StageFeatures, wanted: readonly Stage[]): Features {
  const parts = wanted.map(stage => features.get(stage)!)
  const dimensions = parts.reduce((sum, part) => sum + part.dimensions, 0), { count } = parts[0]
  const values = new Float32Array(count * dimensions)
  for (let row = 0, at = 0; row < count; row++)
    for (const part of parts) {
      values.set(part.values.subarray(row * part.dimensions, (row + 1) * part.dimensions), at)
      at += part.dimensions
    }
  return { count, dimensions, values }
}

/** One stage of a model as a network of its own, which reads what the stage before it gives. */
interface Section {
  stage: Stage
  channels: number
  network: Network
}

function sectionsOf(model: Model): Section[] {
  const { layers } = model.architecture
  const ends = featureStages.map(stage => layers.filter(layer => layer.stage === stage).at(-1)!)
  return ends.map(({ stage, name, shape }, i) => ({
    stage, channels: shape[shape.length - 1],
    network: new Network(model, 'infer', { after: i ? ends[i - 1].name : undefined, through: name }),
  }))
}
