/** The outputs of layers for all images of a part, and how large the corrections of a stage's blocks are. */
import type { Part } from '../data/split/split'
import { measureStrength } from '../images/feature-map'
import { stages } from '../model/architecture'
import type { Model } from '../model/model'
import { requireOneOf } from '../system/errors'
import { computeActivations, type Activation } from './activations'

/** All numbers of one layer's output. */
export interface LayerValues {
  label: string
  values: number[]
}

/**
 * Every number of the named layers' outputs for all images of a part.
 * @returns one entry a layer; `figures.histogram` draws them as they are
 * @throws LabError 'unknown-layer' naming the nearest names
 * @example await anatomy.collectActivations(network, look.selectImages(ct, [0, 1]), ['conv1_conv', 'conv1_bn'])
 */
export async function collectActivations(model: Model, part: Part, layers: readonly string[]): Promise<LayerValues[]> {
  const outputs: Activation[][] = []
  for (const index of part.indices.keys()) outputs.push(await computeActivations(model, part, index, layers))
  return layers.map((label, i) => ({ label, values: outputs.flatMap(output => Array.from(output[i].data)) }))
}

/** One block of a stage. */
export interface Correction {
  block: string
  /** Root mean square of F(x), divided by that of x. */
  strength: number
}

/**
 * How large the correction F(x) of each block is beside the block's input x, from the second block of a stage on (the
 * first has a projection in its skip connection).
 * @param index of the image within the part
 * @param stage 'conv2', 'conv3', 'conv4' or 'conv5'
 * @throws LabError 'bad-argument' for another stage
 * @example (await anatomy.measureCorrections(network, parts.train, 0, 'conv4')).map(row => row.strength)
 */
export async function measureCorrections(
  model: Model, part: Part, index: number, stage: string,
): Promise<Correction[]> {
  requireOneOf('stage', stage, stages.slice(1, -1))
  const names = new Set(model.architecture.layers.map(layer => layer.name))
  const blocks: string[] = []
  for (let block = 2; names.has(`${stage}_block${block}_3_bn`); block++) blocks.push(`${stage}_block${block}`)
  const layers = blocks.flatMap((block, i) => [`${stage}_block${i + 1}_out`, `${block}_3_bn`])
  const strengths = (await computeActivations(model, part, index, layers)).map(measureStrength)
  return blocks.map((block, i) => ({ block, strength: strengths[2 * i + 1] / strengths[2 * i] }))
}
