/** A linear head on frozen features: logistic regression whose penalty is chosen on the validation part. */
import type { Stage } from '../model/architecture'
import { measurePredictions, type Evaluation } from '../evaluation/evaluation'
import { fitLogisticRegression, logisticProbabilities, type LogisticRegression } from '../baselines/logistic-regression'
import { logLoss } from '../evaluation/metrics'
import type { Model } from '../model/model'
import type { Features } from '../data/feature-rows'
import { predictionsOf, type Predictions } from '../evaluation/predictions'
import type { Part, Split } from '../data/split/split'
import { labelsOf } from '../data/part-labels'
import type { ComputeControl } from '../inference/outputs'
import { concatenateStages, stageFeatures, type StageFeatures } from '../inference/stage-features'

/**
 * Penalties (see `LogisticOptions.penalty`) from strict to lenient. They are tried until the validation loss rises:
 * lenient fits take by far the longest and are hardly ever the best.
 */
const penalties: readonly number[] = [1e4, 1e3, 100, 10, 1]

/** When a fit ends (see `LogisticOptions.tolerance`): scikit-learn's default, which two thousand features need. */
const tolerance = 1e-4

/** Features of the three parts of a split. */
export interface SplitFeatures {
  split: Split
  train: StageFeatures
  validation: StageFeatures
  test: StageFeatures
}

/** The linear head with the lowest validation loss. */
export interface Probe {
  /** Number of features that the head reads. */
  features: number
  /** The chosen penalty. */
  penalty: number
  /** Mean cross-entropy of the validation part at this penalty, in nats. */
  validationLoss: number
  validation: Predictions
  /** Evaluates the head on the test part. Call it once, after every choice has been made. */
  test(): Evaluation
  /** Number of parameters that were fitted: a weight for each feature and class, and a bias for each class. */
  trainedParameters: number
}

/**
 * Features of each stage of a model for all images of a split.
 * @param control `onProgress` counts the images of all parts together
 */
export async function computeFeatures(
  model: Model, split: Split, { onProgress, signal }: ComputeControl = {},
): Promise<SplitFeatures> {
  const parts = [split.train, split.validation, split.test]
  const count = parts.reduce((sum, { indices }) => sum + indices.length, 0)
  const features: StageFeatures[] = []
  let finished = 0
  for (const part of parts) {
    const report = (done: number) => onProgress?.(finished + done, count)
    features.push(await stageFeatures(model, part, { signal, onProgress: report }))
    finished += part.indices.length
  }
  const [train, validation, test] = features
  return { split, train, validation, test }
}

/**
 * Fits a linear head on the training part for several penalties and returns the one with the lowest validation loss.
 * @param stages whose features the head reads, side by side
 * @example strategies.fitProbe(await strategies.computeFeatures(network, parts), ['conv3']).validationLoss
 */
export function fitProbe({ split, train, validation, test }: SplitFeatures, stages: readonly Stage[]): Probe {
  const classes = split.dataset.labels.length
  const examples = { ...concatenateStages(train, stages), labels: labelsOf(split.train) }
  const validationFeatures = concatenateStages(validation, stages), validationLabels = labelsOf(split.validation)
  const fit = (penalty: number) => {
    const head = fitLogisticRegression(examples, classes, { penalty, tolerance })
    const probabilities = logisticProbabilities(head, validationFeatures)
    return { penalty, head, probabilities, loss: logLoss(validationLabels, probabilities, classes) }
  }
  let best = fit(penalties[0])
  for (const penalty of penalties.slice(1)) {
    const next = fit(penalty)
    if (next.loss >= best.loss) break
    best = next
  }
  return {
    features: examples.dimensions, penalty: best.penalty, validationLoss: best.loss,
    validation: predictionsOf(split.validation, best.probabilities),
    test: () => evaluateHead(best.head, split.test, concatenateStages(test, stages)),
    trainedParameters: classes * (examples.dimensions + 1),
  }
}

function evaluateHead(head: LogisticRegression, part: Part, features: Features): Evaluation {
  return measurePredictions(predictionsOf(part, logisticProbabilities(head, features)))
}
