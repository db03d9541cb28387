/** The images that a classifier got wrong, the most confident mistakes first. */
import { calledImages, type CalledImage } from './called-images'
import type { Predictions } from './predictions'

/**
 * All images whose predicted class is not their true class, by falling probability of the predicted class; of equal
 * ones the smaller index first.
 * @example findMistakes(predictions).map(mistake => mistake.name)   // the most confident mistake first
 */
export function findMistakes(predictions: Predictions): CalledImage[] {
  return calledImages(predictions).filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => b.probability - a.probability)
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
  const wrong = findMistakes(predictions).map(({ group }) => group)
  const rows = [...new Set(predictions.groups)].map(group => {
    const images = predictions.groups.filter(one => one === group).length
    const count = wrong.filter(one => one === group).length
    return { group: group ?? 'unknown', images, wrong: count, share: count / images }
  })
  return rows.sort((a, b) => b.share - a.share)
}
