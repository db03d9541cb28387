/** Classifiers of one set tested on another one: what they learned about the set does not help them there. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dataset, Progress } from '../data/dataset'
import { checkSeed } from '../data/split/split'
import type { Features } from '../data/feature-rows'
import { readFileFacts } from '../data/look/file-facts'
import { selectItems } from '../data/subset'
import { predictionsOf, type Predictions } from '../evaluation/predictions'
import type { Model } from '../model/model'
import { LabError } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { sameTexts } from '../system/same-texts'
import { resnet50 } from '../weights/resnet50'
import { ArmFeatures, pixelSize, selectRows } from './arm-features'
import { splitsOf } from './arm-splits'
import { chosenName, majorityClass, networkHead, trivialClassifiers } from './classifiers'
import { commonestShare, judgingMeasure, scoreArm, type ScoredArm } from './scored-arm'
import { validationScore } from './validation-score'

/** With what classifiers of one set are tested on another. */
export interface AnotherSetOptions {
  /** Another seed gives another validation part. Whole, 0 or more. Default 42. */
  seed?: number
  /** See `ArmOptions.network`. */
  network?: Model | null
  onProgress?: Progress
  signal?: AbortSignal
}

/** What classifiers of one set are worth on another. */
export interface AnotherSetScores {
  /** The set on which they were tested. */
  title: string
  /** Images of the other set that the first has, too, by their grey levels: they were left out. */
  shared: number
  /** One row a classifier: all its other images. 'the best on validation' is chosen among the trivial ones. */
  arms: readonly ScoredArm[]
  /** Those of 'the best on validation'. */
  predictions: Predictions
}

/**
 * Trains the classifiers of whole images on one set, all of it but a validation part of a fifth (whole groups, where
 * groups are known), and tests them on all images of another set but those that the first has, too.
 * @param test of the same classes, by name; their order does not matter
 * @throws LabError 'data-mismatch' where the classes differ, or where all images are the same; 'bad-argument' where a
 *   class has too few images, and for
 *   an option outside its range; the signal's reason when the signal fires
 */
export async function scoreOnAnother(
  train: Dataset, test: Dataset, options: AnotherSetOptions = {},
): Promise<AnotherSetScores> {
  requireKnownKeys('scoreOnAnother', options, { seed: true, network: true, onProgress: true, signal: true })
  const { seed = 42, onProgress, signal } = options
  checkSeed(seed)
  requireAnotherSet(train, test)
  const { other, shared } = await withoutShared(train, withLabelsOf(train, test)), classes = train.labels.length
  const network = options.network === undefined
    ? await resnet50({ classes: train.labels, weights: 'fractal', width: 'half', size: pixelSize }) : options.network
  const classifiers = [majorityClass, ...trivialClassifiers, ...(network ? [networkHead] : [])]
  const { fitted, heldOut } = trainingParts(train, seed)
  const here = new ArmFeatures(train, network, signal), there = new ArmFeatures(other, network, signal)
  const indices = [...other.items.keys()], found = new Map<string, Predictions>()
  const measure = measureOf(train, other)
  let best = { score: -1, name: '' }
  for (const [done, classifier] of classifiers.entries()) {
    const { name, features, fit } = classifier
    const table = await here.of(features), asked = await there.of(features)
    const validation = examplesOf(table, train, heldOut)
    const predict = fit(examplesOf(table, train, fitted), validation, classes)
    found.set(name, predictionsOf({ dataset: other, role: 'test', indices }, predict(asked)))
    const score = trivialClassifiers.includes(classifier)
      ? validationScore(train, heldOut, predict(validation), measure) : -1
    if (score > best.score) best = { score, name }
    onProgress?.('another set', done + 1, classifiers.length)
    await nextTurn()
    signal?.throwIfAborted()
  }
  const chosen = found.get(best.name)!
  const arm = { question: 'another set', input: 'whole image', labels: 'true', split: 'another set' } as const
  return {
    title: test.title, shared, predictions: chosen,
    arms: [...found, [chosenName, chosen] as const]
      .map(([classifier, one]) => scoreArm({ ...arm, classifier }, one, 1)),
  }
}

/** The area under the ROC curve where one class is much more common in either set. */
function measureOf(...sets: readonly Dataset[]): 'accuracy' | 'auc' {
  const shares = sets.map(({ items, labels }) => commonestShare(items.map(({ label }) => label), labels.length))
  return judgingMeasure(Math.max(...shares))
}

/** All images for fitting but those of a validation part. */
function trainingParts(dataset: Dataset, seed: number): { fitted: number[]; heldOut: readonly number[] } {
  const byGroup = splitsOf(dataset, 'by group', seed)
  const splits = typeof byGroup === 'string' ? splitsOf(dataset, 'random', seed) : byGroup
  if (typeof splits === 'string')
    throw new LabError('bad-argument', {
      expected: `a set from which a validation part can be taken, instead of ${dataset.name}`, received: splits,
      remedy: 'Choose a set with more images of each class',
    })
  const [{ train, validation, test }] = splits.folds
  return { fitted: [...train.indices, ...test.indices].sort((a, b) => a - b), heldOut: validation.indices }
}

function examplesOf(table: Features, { items }: Dataset, indices: readonly number[]) {
  return { ...selectRows(table, indices), labels: indices.map(index => items[index].label) }
}

/** @throws LabError 'data-mismatch' where the classes of two sets differ by name, or where both are the same images */
export function requireAnotherSet({ name, labels, contentHash }: Dataset, other: Dataset): void {
  if (!sameTexts([...labels].sort(), [...other.labels].sort()))
    throw new LabError('data-mismatch', {
      expected: `another set of the same classes: ${labels.join(', ')}`,
      received: `${other.name} with ${other.labels.join(', ')}`,
      remedy: 'Name the folders of the classes alike in both sets',
    })
  if (contentHash === other.contentHash) throw sameImages(name, other)
}

/**
 * The other set without the images that the first has, too.
 * @throws LabError 'data-mismatch' where none is left
 */
async function withoutShared(train: Dataset, other: Dataset): Promise<{ other: Dataset; shared: number }> {
  const known = new Set((await readFileFacts(train)).map(({ fingerprint }) => fingerprint))
  const facts = await readFileFacts(other)
  const left = facts.flatMap(({ fingerprint }, i) => (known.has(fingerprint) ? [] : [i]))
  if (left.length === 0) throw sameImages(train.name, other)
  const shared = facts.length - left.length
  return { other: shared === 0 ? other : selectItems(other, left), shared }
}

function sameImages(name: string, other: Dataset): LabError {
  return new LabError('data-mismatch', {
    expected: `another set than ${name}`, received: `${other.name}, all of whose images ${name} has, too`,
    remedy: 'Name a set of other images: on its own images a classifier loses nothing',
  })
}

/** The other set, its classes numbered as in the first. */
function withLabelsOf({ labels, positive }: Dataset, other: Dataset): Dataset {
  return {
    ...other, labels, ...(positive === undefined ? {} : { positive }),
    items: other.items.map(item => ({ ...item, label: labels.indexOf(other.labels[item.label]) })),
  }
}
