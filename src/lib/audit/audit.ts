/** An audit of a data set: does an accuracy on it mean what it says? */
import type { Dataset, Progress } from '../data/dataset'
import { checkSeed } from '../data/split/split'
import { requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { auditedSet, requireTwoClasses, type AuditedSet } from './audited-set'
import { inOrderOfWeight, questions, type Finding, type Question } from './finding'
import { verdictOf } from './verdict'

/** What an audit looks for, and with what. */
export interface AuditOptions {
  /** Another seed gives other folds and other made-up labels. Whole, 0 or more. Default 42. */
  seed?: number
  /** The questions to ask. Default: all. */
  questions?: readonly Question[]
  /** Another set of the same classes, on which classifiers of the audited set are tested. Default: none. */
  external?: Dataset
  /** Called as the work goes on: the stage, and how much of how much is done. */
  onProgress?: Progress
  /** Ends the audit early: questions that are still open stay 'unknown'. */
  signal?: AbortSignal
}

/** What an audit found: plain data, indices into the set's items. */
export interface Audit {
  set: AuditedSet
  seed: number
  /** The heaviest first: faults, then what is unknown, then what is clear. */
  findings: readonly Finding[]
  /** The whole in a few sentences, no stronger than the findings. */
  verdict: string
  /** Whether the signal ended the audit before its last question. */
  stopped: boolean
}

/**
 * Looks in a data set for whatever makes accuracies too good or labels wrong: the same images or patients on both sides
 * of a split, classes that trivial classifiers tell, or that are told without the lungs, wrong labels and odd images.
 * Nothing in the set is changed.
 * @returns findings in order of weight, each with the figures behind it, and a verdict of the whole in words
 * @throws LabError 'bad-argument' for an option outside its range, or where fewer than two classes have images;
 *   'bad-image' naming a damaged file
 */
export async function auditDataset(dataset: Dataset, options: AuditOptions = {}): Promise<Audit> {
  requireKnownKeys('auditDataset', options, {
    seed: true, questions: true, external: true, onProgress: true, signal: true,
  })
  const { seed = 42, questions: asked = questions, signal } = options
  checkSeed(seed)
  asked.forEach((question, i) => requireOneOf(`questions[${i}]`, question, questions))
  const set = auditedSet(dataset)
  requireTwoClasses(set)
  const findings: Finding[] = []
  const stopped = signal?.aborted ?? false
  const ordered = inOrderOfWeight(findings)
  return { set, seed, findings: ordered, verdict: verdictOf(set, ordered), stopped }
}
