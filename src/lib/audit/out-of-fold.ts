/** A classifier's predictions for every image of a set, each made by a fit that has not seen the image. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dataset } from '../data/dataset'
import type { Examples } from '../data/feature-rows'
import { predictionsOf, type Predictions } from '../evaluation/predictions'
import { selectRows, type ArmFeatures } from './arm-features'
import type { ArmSplits } from './arm-splits'
import { chosenName, type Classifier } from './classifiers'
import { commonestShare, judgingMeasure } from './scored-arm'
import { validationScore } from './validation-score'

/** What is scored: a set's images as some input shows them. */
export interface ArmData {
  /** The set whose items the splits name, with the labels to learn. */
  dataset: Dataset
  /** Features of the images, one row an image. */
  features: ArmFeatures
  /** For each item of the set its row; -1 where the input does not show it. */
  rows: Int32Array
}

/** How a classifier's fits end early, and who hears of them. */
export interface FoldControl {
  signal?: AbortSignal
  /** Called after each fit. */
  onFit?(): void
}

/**
 * The predictions of several classifiers for the test parts of all folds, by the classifiers' names. Where there are
 * two classifiers or more, 'the best on validation' is among them: in each fold the one that is best on the validation
 * part, by the measure that judges the arm; the first of equal ones.
 * @throws the signal's reason when the signal fires
 */
export async function predictOutOfFold(
  classifiers: readonly Classifier[], { folds }: ArmSplits, data: ArmData, { signal, onFit }: FoldControl = {},
): Promise<Map<string, Predictions>> {
  const { dataset, rows } = data, classes = dataset.labels.length
  const names = [...classifiers.map(({ name }) => name), ...(classifiers.length > 1 ? [chosenName] : [])]
  const found = new Map(names.map(name => [name, new Float32Array(dataset.items.length * classes)]))
  const shown = (indices: readonly number[]) => indices.filter(index => rows[index] >= 0)
  const tested = new Set(folds.flatMap(({ test }) => shown(test.indices)))
  const measure = judgingMeasure(commonestShare([...tested].map(index => dataset.items[index].label), classes))
  for (const { train, validation, test } of folds) {
    const asked = shown(test.indices), chosenOn = shown(validation.indices)
    let best: Best = { score: -1, probabilities: new Float32Array() }
    for (const { name, features, fit } of classifiers) {
      const table = await data.features.of(features)
      const examples = (indices: readonly number[]): Examples => ({
        ...selectRows(table, indices.map(index => rows[index])),
        labels: indices.map(index => dataset.items[index].label),
      })
      const heldOut = examples(chosenOn)
      const predict = fit(examples(shown(train.indices)), heldOut, classes)
      const probabilities = predict(examples(asked))
      store(found.get(name)!, asked, probabilities, classes)
      if (classifiers.length > 1) {
        const score = chosenOn.length === 0 ? 0 : validationScore(dataset, chosenOn, predict(heldOut), measure)
        if (score > best.score) best = { score, probabilities }
      }
      onFit?.()
      await nextTurn()
      signal?.throwIfAborted()
    }
    if (classifiers.length > 1) store(found.get(chosenName)!, asked, best.probabilities, classes)
  }
  const indices = [...tested].sort((a, b) => a - b)
  const select = (probabilities: Float32Array) =>
    selectRows({ count: dataset.items.length, dimensions: classes, values: probabilities }, indices).values
  return new Map(names.map(name => [name, predictionsOf({ dataset, role: 'test', indices }, select(found.get(name)!))]))
}

/** The classifier of a fold that is ahead on its validation part. */
interface Best {
  score: number
  probabilities: Float32Array
}

function store(into: Float32Array, indices: readonly number[], probabilities: Float32Array, classes: number): void {
  indices.forEach((index, i) => into.set(probabilities.subarray(i * classes, (i + 1) * classes), index * classes))
}
