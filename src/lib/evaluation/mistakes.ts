/** Where a classifier is wrong, the surest mistakes first. */
import { mostProbable } from './metrics'
import type { Predictions } from './predictions'

/** One image that was called what it is not. */
export interface Mistake {
  /** Its place in the predictions, and so in the part that was predicted. */
  place: number
  name: string
  truth: string
  predicted: string
  /** Probability of the class it was called. */
  probability: number
}

/** All mistakes, by falling probability of the wrong class; of equals the earlier place first. */
export function mistakes({ probabilities, labels, classes, names }: Predictions): Mistake[] {
  const predicted = mostProbable(probabilities, classes.length)
  const wrong = names.map((name, place) => ({
    place, name, truth: classes[labels[place]], predicted: classes[predicted[place]],
    probability: probabilities[place * classes.length + predicted[place]],
  })).filter(({ truth, predicted }) => truth !== predicted)
  return wrong.sort((a, b) => b.probability - a.probability)
}
