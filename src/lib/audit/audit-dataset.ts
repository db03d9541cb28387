/** Auditing a data set: does an accuracy on it mean what it says? */
import type { Dataset, Progress } from '../data/dataset'
import { regroupByPattern } from '../data/regroup'
import { checkSeed } from '../data/split/split'
import type { Model } from '../model/model'
import { requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { requireAnotherSet, scoreOnAnother } from './another-set'
import { armQuestions } from './arm-plan'
import { scoreArms } from './arms'
import { summarizedAudit, type Audit, type AuditParts } from './audit'
import { auditedSet, requireTwoClasses, withoutEmptyClasses } from './audited-set'
import { findCopies } from './copies'
import { describeAudit, numbersOfAudit } from './describe-audit'
import { inOrderOfWeight, questions, type Question } from './finding'
import { findImageIssues } from './image-issues'
import { findLabelIssues } from './label-issues'
import { findPatients } from './patients'
import type { RetrainOptions } from './retrain'
import { Steps } from './steps'
import { verdictOf } from './verdict'

/** What an audit looks for, and with what. */
export interface AuditOptions {
  /** Another seed gives other folds and other made-up labels. Whole, 0 or more. Default 42. */
  seed?: number
  /** The questions to ask. Default: all. */
  questions?: readonly Question[]
  /** A pattern that finds the patient in a file name, such as 'person(\\d+)_'. Default: the set's own groups. */
  groupPattern?: string
  /**
   * Its frozen stages find candidates of copies, and give features for a linear head. Default: the project's half-width
   * ResNet50, pretrained on fractals; null leaves both out.
   */
  network?: Model | null
  /** Trains a network anew for each input, which takes minutes to hours. Default: none. */
  retrain?: RetrainOptions
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
 *   'data-mismatch' where another set has other classes, or the same images; 'bad-image' naming a damaged file
 */
export async function auditDataset(dataset: Dataset, options: AuditOptions = {}): Promise<Audit> {
  requireKnownKeys('auditDataset', options, {
    seed: true, questions: true, groupPattern: true, network: true, retrain: true, external: true, onProgress: true,
    signal: true,
  })
  const { seed = 42, questions: asked = questions, groupPattern, network, retrain } = options
  const { onProgress, signal } = options
  checkSeed(seed)
  asked.forEach((question, i) => requireOneOf(`questions[${i}]`, question, questions))
  const grouped = groupPattern === undefined ? dataset : regroupByPattern(dataset, groupPattern)
  const set = auditedSet(grouped)
  requireTwoClasses(set)
  const data = withoutEmptyClasses(grouped)
  const external = options.external && withoutEmptyClasses(options.external, data.labels)
  if (external !== undefined) requireAnotherSet(data, external)
  const steps = new Steps(asked, onProgress, signal)
  const asks = (question: Question) => steps.asks(question)
  const needsClassifiers = asks('labels') || (external !== undefined && asks('another set'))
  const armsAsked = armQuestions.filter(question =>
    asks(question) || (needsClassifiers && question === 'trivial classifiers'))

  const copies = await steps.run('duplicates', asks('duplicates'), watch => findCopies(data, seed, network, watch))
  const patients = await steps.run('patients', asks('patients'), () => findPatients(data))
  const arms = await steps.run('classifiers', armsAsked.length > 0, watch =>
    scoreArms(data, { questions: armsAsked, seed, network, ...(retrain ? { retrain } : {}), ...watch }))
  const another = external === undefined ? null : await steps.run('another set', asks('another set'), watch =>
    scoreOnAnother(data, external, { seed, network, ...watch }))
  const predictions = arms?.predictions
  const labels = predictions ? await steps.run('labels', asks('labels'), async () => findLabelIssues(predictions)) : null
  const images = await steps.run('images', asks('images'), ({ onProgress: report, signal: stop }) =>
    findImageIssues(data, { signal: stop, onProgress: (done, count) => report('reading images', done, count) }))

  const found: AuditParts = { copies, patients, arms, another, labels, images }
  const findings = inOrderOfWeight(steps.answers(describeAudit(data, found, external !== undefined)))
  const tested = external === undefined ? null : auditedSet(external)
  const numbers = numbersOfAudit(found, tested?.name).filter(({ question }) => asks(question))
  return summarizedAudit({
    set, external: tested, seed, findings, verdict: verdictOf(set, findings, another && tested), numbers,
    stopped: steps.stopped, ...found,
  })
}
