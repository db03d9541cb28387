/** Classifiers without training of a network, each told what it may read. */
import { logLoss } from '../evaluation/metrics'
import { fitStump, stumpProbabilities } from '../baselines/decision-stump'
import { fitLogisticRegression, logisticProbabilities } from '../baselines/logistic-regression'
import { nearestNeighbors } from '../baselines/nearest-neighbors'
import type { Examples, Features } from '../data/feature-rows'
import type { FeatureKind } from './arm-features'

/** What a fitted classifier gives for other images: probabilities, [count, classes]. */
export type Predictor = (queries: Features) => Float32Array

/** A classifier, and the features that it reads. */
export interface Classifier {
  name: string
  features: FeatureKind
  /** @param validation for the choice of settings; never for fitting */
  fit(train: Examples, validation: Examples, classes: number): Predictor
}

/**
 * Factors of ½‖w‖², from strict to lenient, tried until the validation loss rises: lenient fits take by far the longest
 * and are hardly ever the best.
 */
const penalties = [1e3, 100, 10, 1] as const
/** Ten times scikit-learn's default: a share of images does not depend on the fourth digit of a weight. */
const tolerance = 1e-3

const logistic = (name: string, features: FeatureKind): Classifier =>
  ({ name: `${name}, logistic regression`, features, fit: fitLogistic })
const neighbors = (name: string, features: FeatureKind, scaled: boolean): Classifier => ({
  name: `${name}, five nearest neighbours`, features,
  fit: (train, _, classes) => (scaled ? fitScaledNearest : fitNearest)(train, classes, 5),
})

/** Classifiers that read nothing of the pixels, each fact alone first. */
export const fileClassifiers: readonly Classifier[] = [
  logistic('channels', 'channels'), neighbors('width and height', 'image size', true),
  neighbors('bytes', 'file bytes', true), logistic('all file facts', 'file facts'),
  neighbors('all file facts', 'file facts', true),
]

/** The majority class: what every accuracy has to be compared with. */
export const majorityClass: Classifier = { name: 'majority class', features: 'grey levels', fit: fitMajority }

const edges = logistic('edge directions', 'edge directions')
const histogram = logistic('histogram', 'histogram')
/** The one that recognizes a patient best. */
export const nearestPixels: Classifier = {
  name: 'pixels, one nearest neighbour', features: 'pixels', fit: (train, _, classes) => fitNearest(train, classes, 1),
}

/** Whether all fits of the classifier give probabilities that mean the same: those of neighbors count votes. */
export function givesProbabilities({ fit }: Classifier): boolean {
  return fit === fitLogistic
}

/** A linear head on what a frozen network sees. */
export const networkHead: Classifier = { name: 'frozen network, linear head', features: 'network', fit: fitLogistic }

/** Classifiers of pixels that anybody would call trivial, the simplest first. */
export const trivialClassifiers: readonly Classifier[] = [
  logistic('grey levels', 'grey levels'), neighbors('grey levels', 'grey levels', true),
  histogram, neighbors('histogram', 'histogram', false), nearestPixels, edges,
]

/** Those for covered images: brightness, edges, and all that a frozen network sees. */
export const coveredClassifiers: readonly Classifier[] = [histogram, edges, networkHead]

/** The one that sees a small mark: it covers few pixels, and the others weigh all. */
const onePixel: Classifier = { name: 'one pixel, a threshold', features: 'border pixels', fit: fitOneFeature }

/** Those for the border. */
export const borderClassifiers: readonly Classifier[] = [onePixel, ...coveredClassifiers]

/** What a classifier is called that is chosen from several on each fold's validation part, before the test part. */
export const chosenName = 'the best on validation'

function fitMajority({ labels, count }: Examples, _validation: Examples, classes: number): Predictor {
  const shares = new Float32Array(classes)
  for (let i = 0; i < count; i++) shares[labels[i]] += 1 / count
  return ({ count: queries }) => Float32Array.from({ length: queries * classes }, (_, i) => shares[i % classes])
}

function fitOneFeature(train: Examples, _validation: Examples, classes: number): Predictor {
  const stump = fitStump(train, classes)
  return queries => stumpProbabilities(stump, queries)
}

/** The penalty is the one with the lowest validation loss; the strictest where there is no validation part. */
function fitLogistic(train: Examples, validation: Examples, classes: number): Predictor {
  const labels = Int32Array.from(validation.labels)
  const fit = (penalty: number, start?: Float64Array) => {
    const model = fitLogisticRegression(train, classes, { penalty, tolerance, start })
    const predict: Predictor = queries => logisticProbabilities(model, queries)
    const loss = validation.count === 0 ? 0 : logLoss(labels, predict(validation), classes)
    return { predict, weights: model.weights, loss }
  }
  let best = fit(penalties[0])
  for (const penalty of penalties.slice(1)) {
    const next = fit(penalty, best.weights)
    if (!(next.loss < best.loss)) break
    best = next
  }
  return best.predict
}

/** All examples where there are fewer than `count`. */
function fitNearest(train: Examples, classes: number, count: number): Predictor {
  return queries => nearestNeighbors(train, queries, classes, Math.min(count, train.count))
}

/** With each feature divided by its spread among the examples, so that no unit outweighs the others in a distance. */
function fitScaledNearest(train: Examples, classes: number, count: number): Predictor {
  const scale = scaleOf(train), predict = fitNearest({ ...train, ...scale(train) }, classes, count)
  return queries => predict(scale(queries))
}

/** A function that brings features to mean 0 and standard deviation 1 among the examples; an even one becomes 0. */
function scaleOf({ count, dimensions, values }: Features): (features: Features) => Features {
  const means = new Float64Array(dimensions), variances = new Float64Array(dimensions)
  values.forEach((value, i) => { means[i % dimensions] += value / count })
  values.forEach((value, i) => { variances[i % dimensions] += (value - means[i % dimensions]) ** 2 / count })
  const spreads = variances.map(variance => (variance > 1e-12 ? Math.sqrt(variance) : Infinity))
  return features => ({
    ...features, values: features.values.map((value, i) => (value - means[i % dimensions]) / spreads[i % dimensions]),
  })
}
