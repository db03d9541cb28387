/** The images that a classifier got wrong, the most confident mistakes first. */
import { mostProbable } from './metrics'
import { requirePredictions, type Predictions } from './predictions'

/** One image whose predicted class is not its true class. */
export interface Mistake {
  /** Index of the image within the predictions, and so within the part that was predicted. */
  index: number
  name: string
  truth: string
  predicted: string
  /** Probability of the predicted class, 0 to 1. */
  probability: number
}

/**
 * All mistakes by falling probability of the predicted class; of equal ones the smaller index first.
 * @example findMistakes(predictions).map(mistake => mistake.name)   // the most confident mistake first
 */
export function findMistakes(predictions: Predictions): Mistake[] {
  requirePredictions(predictions)
  const { probabilities, labels, classes, names } = predictions
  const predicted = mostProbable(probabilities, classes.length)
  const wrong = names.map((name, index) => ({
    index, name, truth: classes[labels[index]], predicted: classes[predicted[index]],
    probability: probabilities[index * classes.length + predicted[index]],
  })).filter(({ truth, predicted }) => truth !== predicted)
  return wrong.sort((a, b) => b.probability - a.probability)
}

/** Mistakes in one group. */
export interface GroupMistakes {
  /** 'unknown' where the data set names no groups. */
  group: string
  images: number
  wrong: number
  /** Share wrong, 0 to 1. */
  share: number
}

/**
 * Counts the mistakes of each group, the group with the greatest share first.
 * @example countMistakesByGroup(predictions)[0].share
 */
export function countMistakesByGroup(predictions: Predictions): GroupMistakes[] {
  const wrong = findMistakes(predictions).map(({ index }) => predictions.groups[index])
  const rows = [...new Set(predictions.groups)].map(group => {
    const images = predictions.groups.filter(one => one === group).length
    const count = wrong.filter(one => one === group).length
    return { group: group ?? 'unknown', images, wrong: count, share: count / images }
  })
  return rows.sort((a, b) => b.share - a.share)
}
