/** Training where classes have unequal numbers of images: weights in the loss, or batches with equally many of each. */
import { labelsOf } from '../data/part-labels'
import type { Part } from '../data/split/split'
import { LabError, oneOf, requireInRange } from '../system/errors'
import { permutation, stream } from '../system/random'

/** 'balanced': images / (classes · images of the class). Else a weight above 0 for each class, by its name. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>

/** @throws LabError 'bad-argument' for another word, or for weights that are no numbers above 0 */
export function checkClassWeights(weights: ClassWeights | undefined, balancedBatches: boolean | undefined): void {
  if (weights === undefined) return
  if (weights === 'balanced') {
    if (!balancedBatches) return
    throw new LabError('bad-argument', {
      expected: "classWeights: 'balanced' or balancedBatches: true", received: 'both',
      remedy: 'Choose one: both together would make the rarest class count twice over',
    })
  }
  if (typeof weights !== 'object' || weights === null || Array.isArray(weights))
    throw oneOf('classWeights', weights, ['balanced'], 'Or write a weight for each class: { name: 2, … }')
  for (const [label, weight] of Object.entries(weights))
    requireInRange(`classWeights.${label}`, weight, { above: 0, high: 1e6 })
}

/**
 * The weight of each class in the order of the data set's labels; undefined where all classes count alike.
 * @throws LabError 'bad-argument' where a class has no weight or no training images, or where a weight has no class
 */
export function classWeightsOf(weights: ClassWeights | undefined, part: Part): readonly number[] | undefined {
  if (weights === undefined) return undefined
  const { labels } = part.dataset
  if (weights === 'balanced') {
    const counts = countLabels(part)
    return counts.map(count => part.indices.length / (labels.length * count))
  }
  const unknown = Object.keys(weights).find(name => !labels.includes(name))
  if (unknown !== undefined) throw oneOf('a class of classWeights', unknown, labels)
  return labels.map(label => {
    if (Object.hasOwn(weights, label)) return weights[label]
    throw new LabError('bad-argument', {
      expected: `classWeights for every class: ${labels.join(', ')}`, received: `none for ${label}`,
      remedy: "Add the class, or write classWeights: 'balanced'",
    })
  })
}

/**
 * The order in which an epoch visits images so that every stretch of it has as many images of each class, or one more
 * of some. An epoch has as many images as the part: those of a rare class come several times in it, those of a frequent
 * class in some epochs only. Over the epochs all images of a class come equally often, or once more.
 * @param labels class number of each image
 * @returns indices of the images, as many as there are labels
 */
export function balancedOrder(labels: ArrayLike<number>, classes: number, seed: number, epoch: number): Uint32Array {
  const members = Array.from({ length: classes }, (_, k) => indicesOf(labels, k))
  const count = labels.length, orders = new Map<string, Uint32Array>()
  return Uint32Array.from({ length: count }, (_, position) => {
    const k = position % classes
    const anEpoch = Math.ceil((count - k) / classes), turn = epoch * anEpoch + Math.floor(position / classes)
    const pass = Math.floor(turn / members[k].length), key = `${k} ${pass}`
    const order = orders.get(key) ?? permutation(members[k].length, stream('balanced batches', seed, k, pass))
    orders.set(key, order)
    return members[k][order[turn % members[k].length]]
  })
}

/** @throws LabError 'bad-argument' where a class has no images in the part */
export function requireEveryClass(part: Part): void {
  countLabels(part)
}

function countLabels(part: Part): number[] {
  const { labels } = part.dataset, numbers = labelsOf(part)
  const counts = labels.map((_, k) => indicesOf(numbers, k).length)
  const empty = counts.indexOf(0)
  if (empty >= 0)
    throw new LabError('bad-argument', {
      expected: 'training images of every class', received: `none of ${labels[empty]}`,
      remedy: 'Split the data set again, or leave classWeights and balancedBatches out',
    })
  return counts
}

function indicesOf(labels: ArrayLike<number>, k: number): number[] {
  return Array.from(labels, (_, i) => i).filter(i => labels[i] === k)
}
