/** Whether the facts of a saved model can be true of it: its classes, its numbers, and the counts among each other. */
import { sum } from 'd3-array'
import type { SavedFacts } from './saved-facts'
import { hashOfArrays } from './seal'

/** What in the facts cannot be: what was expected, and what the file says. */
export interface Impossible {
  expected: string
  received: string
}

/**
 * The first fact that cannot be true of a model; null where all can.
 * @param labels the model's classes
 * @param weights the model's numbers as the file has them
 */
export function findImpossible(
  facts: SavedFacts, labels: readonly string[], weights: ReadonlyMap<string, Float32Array>,
): Impossible | null {
  const { positive, threshold, data, split, evaluation } = facts
  for (const name of [positive, evaluation?.positive])
    if (typeof name === 'string' && !labels.includes(name)) return { expected: 'a positive class among the labels', received: name }
  if (threshold !== null && positive === null)
    return { expected: 'the positive class together with a threshold', received: 'a threshold alone' }
  for (const images of [data?.images, split?.train.images, split?.validation.images, split?.test.images]) {
    const foreign = Object.keys(images ?? {}).find(label => !labels.includes(label))
    if (foreign !== undefined) return { expected: 'images of the classes among the labels', received: foreign }
  }
  return (evaluation && findMiscount(evaluation, labels.length)) ?? findOtherNumbers(facts, weights)
}

/** A confusion matrix that is none of these classes and these images. */
function findMiscount(
  { confusion, images, figures: { accuracy } }: NonNullable<SavedFacts['evaluation']>, classes: number,
): Impossible | null {
  const lengths = confusion.map(row => row.length)
  if (lengths.length !== classes || lengths.some(length => length !== classes))
    return { expected: `a confusion matrix of ${classes} × ${classes}`, received: `rows of ${lengths.join(', ') || '–'}` }
  const judged = sum(confusion, row => sum(row)), right = sum(confusion, (row, k) => row[k])
  if (judged !== images) return { expected: `${images} images in the confusion matrix`, received: String(judged) }
  // A sum of shares and a share of sums differ by roundings.
  if (accuracy && images > 0 && !(Math.abs(accuracy.value - right / images) <= 1e-9))
    return { expected: `the accuracy of the confusion matrix, ${right} of ${images}`, received: String(accuracy.value) }
  return null
}

function findOtherNumbers(
  { weights: hash }: SavedFacts, weights: ReadonlyMap<string, Float32Array>,
): Impossible | null {
  return hash === hashOfArrays(weights) ? null : { expected: 'the SHA-256 of the numbers in the file', received: hash.slice(0, 80) }
}
