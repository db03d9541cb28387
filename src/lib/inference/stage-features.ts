/** The output of each stage of a network, averaged over height and width: features for a linear head. */
import { sum } from 'd3-array'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inOrder, openImageInputs } from '../batches/inputs'
import type { Features } from '../data/feature-rows'
import type { Part } from '../data/split/split'
import { read, release } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import { stages, type Stage } from '../model/architecture'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import type { ComputeControl } from './outputs'

/** The stages that give features: all but the head. */
export const featureStages: readonly Stage[] = stages.slice(0, -1)

/** Features of each stage for all images of a part, in the part's order. */
export type StageFeatures = ReadonlyMap<Stage, Features>

/**
 * Each stage's output, averaged over height and width, as at inference; the model's head is not used. Each image passes
 * through the network once for all stages.
 * @example (await stageFeatures(model, parts.train)).get('conv3')   // 512 numbers an image at full width
 * @throws the signal's reason when the signal fires
 */
export async function stageFeatures(
  model: Model, part: Part, { onProgress, signal }: ComputeControl = {},
): Promise<StageFeatures> {
  requireFiniteWeights(model)
  const inputs = await openImageInputs(part, model)
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

/** The features of several stages side by side: in each row the stages' numbers one after the other. */
export function concatenateStages(features: StageFeatures, requested: readonly Stage[]): Features {
  const parts = requested.map(stage => features.get(stage)!)
  const dimensions = sum(parts, part => part.dimensions), { count } = parts[0]
  const values = new Float32Array(count * dimensions)
  for (let row = 0, start = 0; row < count; row++)
    for (const part of parts) {
      values.set(part.values.subarray(row * part.dimensions, (row + 1) * part.dimensions), start)
      start += part.dimensions
    }
  return { count, dimensions, values }
}

/** One stage of a model as a network that reads the output of the stage before it. */
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
