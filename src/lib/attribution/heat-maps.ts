/** Heat maps: for each image a number a pixel that says how much the pixel speaks for a class. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inOrder, openImageInputs } from '../batches/inputs'
import type { Batch } from '../batches/batch'
import type { Part } from '../data/split/split'
import { release } from '../engine/engine'
import type { FeatureMap } from '../images/feature-map'
import { checkFit, checkLabels } from '../inference/predict'
import type { Stage } from '../model/architecture'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { softmax } from '../model/softmax'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { counted, withSummary } from '../system/summary'

export type Method = 'Grad-CAM' | 'Grad-CAM++' | 'occlusion' | 'integrated gradients'

/** Where a model looks in each image of a part. Plain data. */
export interface HeatMaps {
  method: Method
  /** The stage whose output Grad-CAM and Grad-CAM++ read. */
  stage?: Stage
  part: Part
  /** The class that each map explains, in the part's order. */
  classes: readonly string[]
  /** The model's probability of that class, 0 to 1. */
  probabilities: Float32Array
  /**
   * One map an image, of the model's size. A number above 0 speaks for the class, a number below 0 against it;
   * Grad-CAM and Grad-CAM++ have no numbers below 0. Numbers are in units of the class's score before softmax, and
   * compare within a map: see each method.
   */
  maps: readonly FeatureMap[]
}

/** Which class is explained, and how the work goes on. */
export interface ExplainOptions {
  /** The class to explain in all images. Default: for each image the class that the model finds likeliest. */
  label?: string
  /** Images in a batch: more images take more memory. Default 32. */
  batch?: number
  onProgress?(done: number, count: number): void
  /** Ends the work with the signal's reason, after the current batch. */
  signal?: AbortSignal
}

/** The names of these options, by which a misspelt one is found. */
export const explainOptionNames = { label: true, batch: true, onProgress: true, signal: true } as const

/** Chooses the class that is explained in each image, from the scores [images, classes] of a batch. */
export type ChooseClasses = (scores: Float32Array) => number[]

/** The maps of one batch. */
export interface BatchMaps {
  /** Class scores before softmax, [images, classes]. */
  scores: Float32Array
  /** The number of the explained class of each image. */
  explained: readonly number[]
  maps: readonly FeatureMap[]
}

/** A method, ready for a model. */
export interface Explainer {
  /** @param batch whose input the caller releases */
  explain(batch: Batch, choose: ChooseClasses): BatchMaps | Promise<BatchMaps>
  close(): void
}

/**
 * Explains all images of a part, batch by batch.
 * @param open opens the method, once the arguments are known to be sound
 * @throws LabError 'bad-argument' for a class that the model does not have, where the data set has other classes or
 *   another fit than the model, or where the model's numbers are not finite; 'engine-failed' where the maps are not
 */
export async function explainPart(
  model: Model, part: Part, options: ExplainOptions, facts: Pick<HeatMaps, 'method' | 'stage'>, open: () => Explainer,
): Promise<HeatMaps> {
  const { label, batch = 32, onProgress, signal } = options
  if (label !== undefined) requireOneOf('label', label, model.labels)
  requireInRange('batch', batch, { low: 1, whole: true })
  checkLabels(model, part)
  checkFit(model, part)
  requireFiniteWeights(model)
  const width = model.labels.length
  const choose: ChooseClasses = scores => Array.from({ length: scores.length / width }, (_, row) =>
    (label === undefined ? likeliest(scores.subarray(row * width, (row + 1) * width)) : model.labels.indexOf(label)))
  const inputs = await openImageInputs(part, model)
  const explainer = open()
  const classes: string[] = [], probabilities: number[] = [], maps: FeatureMap[] = []
  try {
    for await (const images of inputs.batches(inOrder(inputs.count, batch))) {
      const found = await explained(explainer, images, choose)
      found.maps.forEach((map, i) => requireFiniteMap(map, part, maps.length + i))
      const shares = softmax(found.scores, width)
      classes.push(...found.explained.map(k => model.labels[k]))
      probabilities.push(...found.explained.map((k, row) => shares[row * width + k]))
      maps.push(...found.maps)
      signal?.throwIfAborted()
      onProgress?.(maps.length, inputs.count)
      await nextTurn()
    }
  } finally {
    explainer.close()
  }
  return summarizedMaps({ ...facts, part, classes, probabilities: Float32Array.from(probabilities), maps })
}

async function explained(explainer: Explainer, images: Batch, choose: ChooseClasses): Promise<BatchMaps> {
  try {
    return await explainer.explain(images, choose)
  } finally {
    release(images.input)
  }
}

/** Gradient of the sum of the explained scores with respect to all scores: 1 for the explained class, else 0. */
export function startAtClasses(explained: readonly number[], classes: number): Float32Array {
  const gradient = new Float32Array(explained.length * classes)
  explained.forEach((k, row) => { gradient[row * classes + k] = 1 })
  return gradient
}

function likeliest(row: Float32Array): number {
  return row.indexOf(Math.max(...row))
}

function requireFiniteMap({ data }: FeatureMap, { dataset, indices }: Part, index: number): void {
  if (data.every(Number.isFinite)) return
  throw new LabError('engine-failed', {
    expected: `a heat map of numbers for ${dataset.items[indices[index]].name}`,
    received: 'NaN: the network’s numbers are too large', remedy: 'Train again with a lower learning rate',
  })
}

function summarizedMaps(maps: HeatMaps): HeatMaps {
  return withSummary(maps, ({ method, stage, part, maps: { length } }) =>
    `${counted(length, 'heat map')} by ${method}${stage ? ` at ${stage}` : ''}, ${part.dataset.name}`,
  'show(await figures.whereItLooks(x))')
}
