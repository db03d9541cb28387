/**
 * Classifiers that need no network. A network's accuracy means little unless it is well above theirs,
 * on the same parts of the same split.
 */
import { labelsOf } from '../data/part-labels'
import { loadPixels, type Pixels } from '../data/resized-images'
import { requireOneOf } from '../system/errors'
import { measurePredictions } from '../evaluation/evaluation'
import { fitLogisticRegression, logisticProbabilities } from './logistic-regression'
import { nearestNeighbors } from './nearest-neighbors'
import type { Examples, Features } from '../data/feature-rows'
import type { Predictions } from '../evaluation/predictions'
import { predictionsOf } from '../evaluation/predictions'
import type { Split } from '../data/split/split'

/** The features that a baseline reads, and how it classifies them. */
interface Baseline {
  features(pixels: Pixels, indices: readonly number[]): Features
  /** @returns probabilities, [test.count, classes] */
  classify(train: Examples, test: Features, classes: number): Float32Array
}

/** The baselines by name, the simplest first. */
const baselines: Record<string, Baseline> = {
  'majority class': { features: pixelFeatures, classify: majority },
  'histogram, logistic regression': { features: histogramFeatures, classify: logistic },
  'histogram, five nearest neighbours': {
    features: histogramFeatures, classify: (train, test, classes) => nearestNeighbors(train, test, classes, 5),
  },
  'pixels, one nearest neighbour': { features: pixelFeatures, classify: nearestNeighbors },
}

/** The names that {@link predictBaseline} knows, the simplest first. */
export const baselineNames: readonly string[] = Object.keys(baselines)

/** One row of the baseline table: accuracy on the test part with its 95 % interval. */
export interface BaselineRow {
  baseline: string
  accuracy: number
  low: number
  high: number
}

/** Width and height of the baselines' images in pixels. */
const size = 64
const bins = 32

/**
 * Trains each baseline on the split's training part and evaluates it on the test part, on grey images of 64×64 pixels.
 * Intervals go by group where groups are known. No setting is tuned, so that the validation part is not needed.
 * @returns one row for each baseline, the simplest baseline first
 */
export async function evaluateBaselines(split: Split): Promise<BaselineRow[]> {
  const rows: BaselineRow[] = []
  for (const baseline of baselineNames) {
    const { accuracy } = measurePredictions(await predictBaseline(baseline, split))
    rows.push({ baseline, accuracy: accuracy.value, low: accuracy.low, high: accuracy.high })
  }
  return rows
}

/**
 * One baseline's predictions for the test part, as `measurePredictions` takes them.
 * @param name one of {@link baselineNames}
 * @throws LabError 'bad-argument' for an unknown name
 * @example measurePredictions(await predictBaseline('majority class', parts)).accuracy
 */
export async function predictBaseline(name: string, split: Split): Promise<Predictions> {
  requireOneOf('baseline', name, baselineNames)
  const baseline = baselines[name]
  const { dataset, train, test } = split
  const pixels = await loadPixels(dataset, { size })
  const examples = { ...baseline.features(pixels, train.indices), labels: labelsOf(train) }
  const queries = baseline.features(pixels, test.indices)
  return predictionsOf(test, baseline.classify(examples, queries, dataset.labels.length))
}

/**
 * Grey levels, one feature for each pixel, block by block of 4 × 4 pixels. The order of the features changes no
 * distance; it allows `nearestNeighbors` to rule out candidates by the sums of blocks.
 */
export function pixelFeatures({ data, size, channels }: Pixels, indices: readonly number[]): Features {
  const dimensions = size * size * channels
  const order = blockOrder(size, channels)
  const values = new Float32Array(indices.length * dimensions)
  indices.forEach((index, row) => {
    for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = data[index * dimensions + order[i]]
  })
  return { count: indices.length, dimensions, values }
}

/** Positions in an image, block by block. */
function blockOrder(size: number, channels: number): number[] {
  const block = (position: number) => {
    const pixel = Math.floor(position / channels)
    return Math.floor(pixel / size / 4) * size + Math.floor(pixel % size / 4)
  }
  return Array.from({ length: size * size * channels }, (_, i) => i).sort((a, b) => block(a) - block(b) || a - b)
}

/**
 * A histogram of 32 ranges of grey, wherever in the image. The features are square roots of the shares of pixels: the
 * Euclidean distance of two histograms is then Hellinger's, and one full bin does not outweigh the other bins.
 */
export function histogramFeatures(pixels: Pixels, indices: readonly number[]): Features {
  const length = pixels.size * pixels.size * pixels.channels
  const values = new Float32Array(indices.length * bins)
  indices.forEach((index, row) => {
    for (let i = index * length; i < (index + 1) * length; i++)
      values[row * bins + (pixels.data[i] * bins >> 8)] += 1 / length
  })
  return { count: indices.length, dimensions: bins, values: values.map(Math.sqrt) }
}

/** The training part's class shares, for every image. */
function majority({ labels, count }: Examples, test: Features, classes: number): Float32Array {
  const shares = new Float32Array(classes)
  for (let i = 0; i < count; i++) shares[labels[i]] += 1 / count
  return Float32Array.from({ length: test.count * classes }, (_, i) => shares[i % classes])
}

function logistic(train: Examples, test: Features, classes: number): Float32Array {
  return logisticProbabilities(fitLogisticRegression(train, classes), test)
}
