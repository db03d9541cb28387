/** The images behind a confusion matrix: what each one is, what a classifier calls it, and how surely. */
import type { Part } from '../data/split/split'
import { LabError } from '../system/errors'
import { mostProbable } from './metrics'
import { requirePredictions, type Predictions } from './predictions'

/** One image as a classifier calls it. */
export interface CalledImage {
  /** Index of the image within the predictions, and so within the part that was predicted. */
  index: number
  name: string
  /** Null where the group is unknown. */
  group: string | null
  truth: string
  predicted: string
  /** Probability of the predicted class, 0 to 1. */
  probability: number
}

/** Every image with the class that it is called, in the order of the predictions. */
export function calledImages(predictions: Predictions): CalledImage[] {
  requirePredictions(predictions)
  const { probabilities, labels, classes, names, groups } = predictions
  const predicted = mostProbable(probabilities, classes.length)
  return names.map((name, index) => ({
    index, name, group: groups[index], truth: classes[labels[index]], predicted: classes[predicted[index]],
    probability: probabilities[index * classes.length + predicted[index]],
  }))
}

/**
 * The images of each cell of the confusion matrix, `[truth][predicted]`. The most confident mistakes come first, and of
 * the images that are called rightly the least confident; of equal ones the smaller index.
 */
export function imagesByCell(predictions: Predictions): CalledImage[][][] {
  const { classes } = predictions, called = calledImages(predictions)
  return classes.map(truth => classes.map(predicted => {
    const rising = truth === predicted ? 1 : -1
    return called.filter(image => image.truth === truth && image.predicted === predicted)
      .sort((a, b) => rising * (a.probability - b.probability))
  }))
}

/**
 * Refuses a part other than the one that was predicted: the images shown would not be those that the numbers are about.
 * @throws LabError 'bad-argument' naming the first image that differs
 */
export function requirePredictedPart({ names }: Pick<Predictions, 'names'>, { dataset, indices }: Part): void {
  const found = indices.map(index => dataset.items[index]?.name)
  const first = names.findIndex((name, i) => name !== found[i])
  if (first < 0 && names.length === found.length) return
  const difference = first < 0 ? `${found.length} images for ${names.length} predictions`
    : `${found[first] ?? 'no image'} in the place of ${names[first]}`
  throw new LabError('bad-argument', {
    expected: 'the part that was predicted', received: difference, remedy: 'Pass the part whose images were predicted',
  })
}
