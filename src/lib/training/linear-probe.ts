/** A linear head on frozen features: logistic regression, its penalty chosen on the validation part. */
import type { Stage } from '../model/architecture'
import { measurePredictions, type Evaluation } from '../evaluation/evaluation'
import { fitLogisticRegression, logisticProbabilities, type LogisticRegression } from '../baselines/logistic-regression'
import { logLoss } from '../evaluation/metrics'
import type { Model } from '../model/model'
import type { Features } from '../data/feature-rows'
import type { Predictions } from '../evaluation/predictions'
import { predictionsOf } from '../evaluation/predictions'
import type { Part, Split } from '../data/split/split'
import { labelsOf } from '../data/part-labels'
import type { ComputeControl } from '../inference/outputs'
import { concatenateStages, stageFeatures, type StageFeatures } from '../inference/stage-features'

/**
 * Penalties tried, from strict to lenient, until the validation loss rises: see `LogisticOptions.penalty`. Lenient fits
 * take the longest by far, and are hardly ever the best.
 */
const penalties: readonly number[] = [1e4, 1e3, 100, 10, 1]

/** When a fit ends (see `LogisticOptions.tolerance`): scikit-learn's usual one, which two thousand features need. */
const tolerance = 1e-4

/** Features of the three parts of a split. */
export interface SplitFeatures {
  split: Split
  train: StageFeatures
  validation: StageFeatures
  test: StageFeatures
}

/** A linear head that has been fitted and chosen. */
export interface Probe {
  /** Features read by the head. */
  features: number
  /** The chosen penalty, and the validation part's mean cross-entropy (nats) that chose it. */
  penalty: number
  validationLoss: number
  validation: Predictions
  /** Judges the test part. To be called once, when nothing is left to choose. */
  test(): Evaluation
  /** Numbers that the fit could change: a weight for each feature and class, and a bias for each class. */
  trainedParameters: number
}

/** What each stage of a model makes of all images of a split. */
export async function computeFeatures(
  model: Model, split: Split, { onProgress, signal }: ComputeControl = {},
): Promise<SplitFeatures> {
  const parts = [split.train, split.validation, split.test]
  const count = parts.reduce((sum, { indices }) => sum + indices.length, 0)
  const found: StageFeatures[] = []
  let before = 0
  for (const part of parts) {
    found.push(await stageFeatures(model, part, { signal, onProgress: done => onProgress?.(before + done, count) }))
    before += part.indices.length
  }
  const [train, validation, test] = found
  return { split, train, validation, test }
}

/**
 * Fits a linear head for one penalty after the other on the training part and keeps the one with the lowest validation
 * loss.
 * @param reads which stages' features, side by side
 * @example fitProbe(await computeFeatures(start, split), ['conv3']).validationLoss
 */
export function fitProbe({ split, train, validation, test }: SplitFeatures, reads: readonly Stage[]): Probe {
  const classes = split.dataset.labels.length
  const examples = { ...concatenateStages(train, reads), labels: labelsOf(split.train) }
  const held = concatenateStages(validation, reads), heldLabels = labelsOf(split.validation)
  const fitted = (penalty: number) => {
    const head = fitLogisticRegression(examples, classes, { penalty, tolerance })
    const probabilities = logisticProbabilities(head, held)
    return { penalty, head, probabilities, loss: logLoss(heldLabels, probabilities, classes) }
  }
  let best = fitted(penalties[0])
  for (const penalty of penalties.slice(1)) {
    const next = fitted(penalty)
    if (next.loss >= best.loss) break
    best = next
  }
  return {
    features: examples.dimensions, penalty: best.penalty, validationLoss: best.loss,
    validation: predictionsOf(split.validation, best.probabilities),
    test: () => judged(best.head, split.test, concatenateStages(test, reads)),
    trainedParameters: classes * (examples.dimensions + 1),
  }
}

function judged(head: LogisticRegression, part: Part, features: Features): Evaluation {
  return measurePredictions(predictionsOf(part, logisticProbabilities(head, features)))
}
