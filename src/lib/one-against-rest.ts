/** One class's side of predictions, as the functions on scores take it. */
import { LabError } from './errors'
import type { Predictions } from './predict'

/** Truth and score of each image, for one class against all others. */
export interface OneAgainstRest {
  /** 1 where the image is of the class, else 0. */
  positives: Uint8Array
  /** The class's probability. */
  scores: Float32Array
}

/** @throws LabError 'bad-argument' if `positive` is no class */
export function oneAgainstRest({ classes, labels, probabilities }: Predictions, positive: string): OneAgainstRest {
  const k = classes.indexOf(positive)
  if (k < 0)
    throw new LabError('bad-argument', {
      expected: `one of the classes ${classes.join(', ')}`, received: positive, remedy: 'Write it as the data set does',
    })
  return {
    positives: Uint8Array.from(labels, label => (label === k ? 1 : 0)),
    scores: Float32Array.from(labels, (_label, image) => probabilities[image * classes.length + k]),
  }
}
