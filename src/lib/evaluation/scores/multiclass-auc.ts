/** The area under the ROC curve for more than two classes: each class against the rest, or each pair of classes. */
import { averageOf, type Average } from './averages'
import { areaUnderRoc } from '../metrics'

/** Truth and probabilities of images, for any number of classes. */
export interface ClassProbabilities {
  /** The class number of each image. */
  truth: ArrayLike<number>
  /** [count, classes], row by row. */
  probabilities: ArrayLike<number>
  classes: number
  /** How often each image counts. Default: once. */
  weights?: ArrayLike<number>
}

/** The area of each class against all others; NaN for a class that all or no images have. */
export function areasOneVsRest(input: ClassProbabilities): number[] {
  return Array.from({ length: input.classes }, (_, k) => areaOf(input, k, () => true))
}

/**
 * The areas of {@link areasOneVsRest} as one figure: `roc_auc_score(multi_class='ovr')` of scikit-learn. 'micro' takes
 * every pair of an image and a class as one decision.
 */
export function aucOneVsRest(input: ClassProbabilities, average: Average): number {
  const { truth, probabilities, classes, weights } = input
  if (average === 'micro') {
    const decisions = { length: truth.length * classes }, imageOf = (at: number) => Math.floor(at / classes)
    const positives = Uint8Array.from(decisions, (_, at) => Number(truth[imageOf(at)] === at % classes))
    const repeated = weights && Float64Array.from(decisions, (_, at) => weights[imageOf(at)])
    return areaUnderRoc(positives, probabilities, repeated)
  }
  return averageOf(areasOneVsRest(input), average === 'weighted' ? imagesOf(input) : undefined)
}

/**
 * The mean over all pairs of classes, of which only the pair's images count (Hand and Till 2001):
 * `roc_auc_score(multi_class='ovo')` of scikit-learn. It does not depend on how frequent the classes are; 'weighted'
 * weighs a pair by its images.
 */
export function aucOneVsOne(input: ClassProbabilities, average: 'macro' | 'weighted'): number {
  const images = imagesOf(input), areas: number[] = [], pairImages: number[] = []
  for (let a = 0; a < input.classes; a++)
    for (let b = a + 1; b < input.classes; b++) {
      const inPair = (label: number) => label === a || label === b
      areas.push((areaOf(input, a, inPair) + areaOf(input, b, inPair)) / 2)
      pairImages.push(images[a] + images[b])
    }
  return averageOf(areas, average === 'weighted' ? pairImages : undefined)
}

/** The area of class k's probability, for class k against the other images that count. */
function areaOf(
  { truth, probabilities, classes, weights }: ClassProbabilities, k: number, counts: (label: number) => boolean,
): number {
  const images = Array.from({ length: truth.length }, (_, i) => i).filter(i => counts(truth[i]))
  return areaUnderRoc(
    images.map(i => Number(truth[i] === k)), images.map(i => probabilities[i * classes + k]),
    weights && images.map(i => weights[i]))
}

function imagesOf({ truth, classes, weights }: ClassProbabilities): number[] {
  const images = new Array<number>(classes).fill(0)
  for (let i = 0; i < truth.length; i++) images[truth[i]] += weights ? weights[i] : 1
  return images
}
