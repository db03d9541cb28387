/** Auditing a data set: does an accuracy on it mean what it says? */
import type { Dataset, Progress } from '../data/dataset'
import { checkSeed } from '../data/split/split'
import { requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { summarizedAudit, type Audit } from './audit'
import { auditedSet, requireTwoClasses } from './audited-set'
import { inOrderOfWeight, questions, type Question } from './finding'
import { Steps } from './steps'
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
  const { seed = 42, questions: asked = questions, onProgress, signal } = options
  checkSeed(seed)
  asked.forEach((question, i) => requireOneOf(`questions[${i}]`, question, questions))
  const set = auditedSet(dataset)
  requireTwoClasses(set)
  const steps = new Steps(asked, onProgress, signal)
  const findings = inOrderOfWeight(steps.answers([]))
  return summarizedAudit({
    set, seed, findings, verdict: verdictOf(set, findings), numbers: [], stopped: steps.stopped,
  })
}
