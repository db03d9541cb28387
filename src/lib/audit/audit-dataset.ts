/** Auditing a data set: does an accuracy on it mean what it says? */
import type { Dataset, Progress } from '../data/dataset'
import { regroupByPattern } from '../data/regroup'
import { checkSeed } from '../data/split/split'
import type { Model } from '../model/model'
import { requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { numbersOfArms } from './arm-numbers'
import { armQuestions } from './arm-plan'
import { scoreArms } from './arms'
import { summarizedAudit, type Audit } from './audit'
import { auditedSet, requireTwoClasses } from './audited-set'
import { describeCopies, findCopies, numbersOfCopies } from './copies'
import { describeArms } from './describe-arms'
import { describePatients } from './describe-patients'
import { inOrderOfWeight, questions, type Finding, type Question } from './finding'
import { numbersOfPatients } from './patient-numbers'
import { findPatients } from './patients'
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
    seed: true, questions: true, groupPattern: true, network: true, external: true, onProgress: true, signal: true,
  })
  const { seed = 42, questions: asked = questions, groupPattern, network, external, onProgress, signal } = options
  checkSeed(seed)
  asked.forEach((question, i) => requireOneOf(`questions[${i}]`, question, questions))
  const data = groupPattern === undefined ? dataset : regroupByPattern(dataset, groupPattern), set = auditedSet(data)
  requireTwoClasses(set)
  const steps = new Steps(asked, onProgress, signal)
  const asksLabels = steps.asks('labels')
  const armsAsked = armQuestions.filter(question => steps.asks(question) || (asksLabels && question === 'trivial classifiers'))

  const copies = await steps.run('duplicates', steps.asks('duplicates'), watch => findCopies(data, seed, network, watch))
  const patients = await steps.run('patients', steps.asks('patients'), () => findPatients(data))
  const arms = await steps.run('classifiers', armsAsked.length > 0, watch =>
    scoreArms(data, { questions: armsAsked, seed, network, ...watch }))

  const findings = inOrderOfWeight(steps.answers([
    ...(copies ? describeCopies(data, copies) : []), ...(patients ? describePatients(patients) : []),
    ...(arms ? describeArms(data, arms) : []), ...(external ? [] : [noOtherSet]), ...notYet,
  ]))
  const numbers = [
    ...(copies ? numbersOfCopies(copies) : []), ...(patients ? numbersOfPatients(patients) : []),
    ...(arms ? numbersOfArms(arms) : []),
  ].filter(({ question }) => steps.asks(question))
  return summarizedAudit({
    set, seed, findings, verdict: verdictOf(set, findings), numbers, stopped: steps.stopped, copies, patients, arms,
  })
}

const noOtherSet: Finding = { question: 'another set', verdict: 'unknown', sentence: 'No other set of the same classes was named.' }

/** Questions that this version does not ask yet. */
const notYet = (['labels', 'images'] as const).map((question): Finding =>
  ({ question, verdict: 'unknown', sentence: 'This version of the audit does not look for it yet.' }))
