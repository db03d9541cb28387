/**
 * A handful of cheap settings, tried on the validation part: which frozen stages a linear head should read, at which
 * image size, and whether training the last layers does better. The test part is not there: its images are left out of
 * the data set before anything is read.
 */
import type { Part, Split } from '../data/split/split'
import { selectItems } from '../data/subset'
import { stageFeatures } from '../inference/stage-features'
import { freeze } from '../model/freeze'
import type { Model } from '../model/model'
import type { Stage } from '../model/architecture'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { measurePredictions } from '../evaluation/evaluation'
import { predict } from '../inference/predict'
import { resnet50 } from '../weights/resnet50'
import { requireImageSize, type ResNet50Options } from '../weights/resnet50-options'
import { adviceOn } from './advice'
import { countEpochs, defaultBatch } from './config'
import { fitProbes } from './probe-results'
import { train } from './train'

/** What is tried. */
export interface RecommendOptions extends Pick<ResNet50Options, 'weights' | 'weightsFile'> {
  /** Default 'half'. */
  width?: ResNet50Options['width']
  /** Image sizes in pixels, 32 to 1024 each. Default 64 and 128. */
  sizes?: readonly number[]
  /** About how many optimizer steps each trained setting takes, 1 or more. Default 100. */
  steps?: number
  /** Images a step, 2 or more. Default 64. */
  batch?: number
  /** Names every random choice. Default 0. */
  seed?: number
  /** Called as settings are finished: how many of how many, and what comes next. */
  onProgress?(done: number, count: number, note: string): void
  /** Ends the search after the current batch, with the signal's reason. */
  signal?: AbortSignal
}

/** One setting, and what it reaches on the validation part. */
export interface TriedSetting {
  /** In words. */
  setting: string
  /** Image size in pixels. */
  size: number
  /** What trains: a linear head on averaged features (no network is trained), or layers of the network. */
  trains: 'linear head' | 'head' | 'conv5 and head'
  /** The stage, or 'every stage', whose features a linear head reads; null where layers of the network train. */
  reads: Stage | 'every stage' | null
  /** Mean cross-entropy of the validation part, in nats: what the settings are ordered by. */
  loss: number
  /** On the validation part, with its 95 % interval. */
  accuracy: number
  low: number
  high: number
}

/** All settings, and the one to begin with. */
export interface Recommendation {
  /** The lowest validation loss first. */
  rows: TriedSetting[]
  best: TriedSetting
  /** Which setting to begin with, and how the accuracies of the others stand to its own, in sentences. */
  advice: string
}

/**
 * Tries cheap settings on a split's training and validation parts: linear heads on each frozen stage at several image
 * sizes, and, at the size of the best one, training the head, and conv5 with it. Small sets overfit: there a linear
 * head on frozen stages is often better than training the network.
 *
 * The validation part chooses among many settings, so that its figures are too good: judge the chosen setting once on
 * the test part.
 * @throws LabError 'bad-argument' for an option that is unknown or out of range, or where validation and test share
 *   images
 * @example (await recommend(parts, { weights: 'none', width: 'quarter', sizes: [32], steps: 1 })).best.setting
 */
export async function recommend(split: Split, options: RecommendOptions = {}): Promise<Recommendation> {
  const { sizes, steps, batch, seed, signal } = complete(options)
  const seen = withoutTest(split)
  const count = sizes.length + 2
  let done = 0
  const begin = (note: string) => {
    signal?.throwIfAborted()
    options.onProgress?.(done++, count, note)
  }
  const modelFor = (size: number): Promise<Model> => resnet50({
    classes: split.dataset.labels, width: options.width ?? 'half', weights: options.weights,
    weightsFile: options.weightsFile, size, seed, signal,
  })
  const rows: TriedSetting[] = []
  for (const size of sizes) {
    begin(`linear heads at ${size} pixels`)
    const model = await modelFor(size)
    const features = {
      split: seen, train: await stageFeatures(model, seen.train, { signal }),
      validation: await stageFeatures(model, seen.validation, { signal }), test: new Map(),
    }
    for (const { reads, validationLoss: loss, accuracy, low, high } of fitProbes(features)) {
      const setting = `linear head on ${reads}, ${size} pixels`
      rows.push({ setting, size, trains: 'linear head', reads: reads as TriedSetting['reads'], loss, accuracy, low, high })
    }
  }
  const { size } = lowest(rows)
  for (const [trains, through] of [['head', 'conv5'], ['conv5 and head', 'conv4']] as const) {
    begin(`${trains}, trained at ${size} pixels`)
    const start = freeze(await modelFor(size), { through })
    const { model, stopped } = await train(start, seen, {
      epochs: countEpochs(seen.train, steps, batch), batch, optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 },
      schedule: { name: 'one-cycle' }, keepBest: true, seed,
    }, { signal })
    if (stopped === 'cancelled') signal?.throwIfAborted()
    const { loss, accuracy: { value, low, high } } = measurePredictions(await predict(model, seen.validation))
    rows.push({ setting: `${trains}, trained at ${size} pixels`, size, trains, reads: null, loss, accuracy: value, low, high })
  }
  options.onProgress?.(count, count, 'done')
  rows.sort((a, b) => a.loss - b.loss)
  return { rows, best: rows[0], advice: adviceOn(rows) }
}

/** A split of the training and validation images only: those of the test part are no items of its data set. */
function withoutTest(split: Split): Split {
  const { dataset, train, validation, test } = split
  const tested = new Set(test.indices)
  if (validation.indices.some(index => tested.has(index)))
    throw new LabError('bad-argument', {
      expected: 'a validation part without test images', received: 'validation and test parts that share images',
      remedy: 'Split with splitByGroup or splitRandom: settings that were chosen on the test part cannot be judged on it',
    })
  const chosen = [...train.indices, ...validation.indices].sort((a, b) => a - b)
  const seen = selectItems(dataset, chosen)
  const positions = new Map(chosen.map((index, i) => [index, i]))
  const partOf = ({ role, indices }: Part): Part =>
    ({ dataset: seen, role, indices: indices.map(index => positions.get(index)!) })
  return {
    ...split, dataset: seen, purged: [], train: partOf(train), validation: partOf(validation),
    test: { dataset: seen, role: 'test', indices: [] },
  }
}

function lowest(rows: readonly TriedSetting[]): TriedSetting {
  return rows.reduce((best, row) => (row.loss < best.loss ? row : best))
}

function complete(options: RecommendOptions) {
  requireKnownKeys('recommend', options, {
    weights: true, weightsFile: true, width: true, sizes: true, steps: true, batch: true, seed: true, onProgress: true,
    signal: true,
  })
  const { sizes = [64, 128], steps = 100, batch = defaultBatch, seed = 0, signal } = options
  if (!Array.isArray(sizes) || sizes.length === 0)
    throw new LabError('bad-argument', {
      expected: 'a list of one or more image sizes', received: String(sizes), remedy: 'Write sizes: [64, 128]',
    })
  sizes.forEach(requireImageSize)
  requireInRange('steps', steps, { low: 1, whole: true })
  requireInRange('batch', batch, { low: 2, whole: true })
  requireInRange('seed', seed, { whole: true })
  return { sizes, steps, batch, seed, signal }
}
