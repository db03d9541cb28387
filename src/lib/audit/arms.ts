/** Classifiers scored as an audit needs them: on parts of images, on made-up labels, on several kinds of split. */
import { sum } from 'd3-array'
import { borderLeft } from '../data/covered'
import type { Dataset, Progress } from '../data/dataset'
import { checkSeed } from '../data/split/split'
import type { Predictions } from '../evaluation/predictions'
import type { Model } from '../model/model'
import { requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { resnet50 } from '../weights/resnet50'
import { compareAll, type ArmComparison, type ScoredPredictions } from './arm-comparison'
import { armDataOf, findSetLungs, type LungSummary } from './arm-data'
import { pixelSize } from './arm-features'
import { armQuestions, planArms, type ArmQuestion, type PlannedArms } from './arm-plan'
import { lackOfSiblings, splitsOf, type ArmSplit, type ArmSplits } from './arm-splits'
import { givesProbabilities, networkHead, trivialClassifiers } from './classifiers'
import { predictOutOfFold, type ArmData, type FoldControl } from './out-of-fold'
import {
  checkRetraining, planRetraining, scoreRetrained, type RetrainOptions,
} from './retrain'
import { scoreArm, type ArmInput, type ScoredArm } from './scored-arm'
import { scoreShuffledLabels, shuffledFits } from './shuffled-labels'

/** Of a smaller share of the border nothing can be said. */
const leastBorder = 0.05

/** Which arms are scored, and with what. */
export interface ArmOptions {
  /** Default: all of `armQuestions`. */
  questions?: readonly ArmQuestion[]
  /** Another seed gives other folds and other made-up labels. Whole, 0 or more. Default 42. */
  seed?: number
  /** How many times labels are made up. 1 to 100, default 5. */
  draws?: number
  /**
   * Its frozen stages give features for a linear head. Default: the project's half-width ResNet50, pretrained on
   * fractals; null leaves these arms out.
   */
  network?: Model | null
  /** Trains a network anew for each input, which takes minutes to hours. Default: none. */
  retrain?: RetrainOptions
  /** Called after each fit: the question, and how many fits of how many are done. */
  onProgress?: Progress
  signal?: AbortSignal
}

/** Everything that the arms of an audit found: plain data. */
export interface ArmScores {
  /** What was asked. */
  questions: readonly ArmQuestion[]
  /** One row for each input, classifier and split. */
  arms: readonly ScoredArm[]
  /** Random and grouped for each classifier; the lungs' shape and all but the lungs; trivial and network. */
  comparisons: readonly ArmComparison[]
  /** In how many images lungs were found; null where no question needs them, or where they cannot be looked for. */
  lungs: LungSummary | null
  /** Why a question could not be asked, in words. */
  lacks: Readonly<Partial<Record<ArmQuestion, string>>>
  /**
   * Probabilities of every image by one classifier of whole images, made by fits that have not seen its group (its
   * image, where no groups are known): the linear head on the frozen network; without a network the best logistic
   * regression. Null where no classifier of whole images was asked for.
   */
  predictions: Predictions | null
}

/**
 * Scores classifiers of a data set, each on images that it has not seen: trivial ones and a linear head on a frozen
 * network; on whole images, on the files' facts, on images without lungs or with nothing but a border; with made-up
 * labels; on random folds, on folds by group and on the split that the set's makers gave. Five folds, fewer where
 * images or groups are few. The images are 64 × 64 pixels.
 * @throws LabError 'bad-argument' for an option outside its range; 'bad-image' naming a damaged file; the signal's
 *   reason when the signal fires
 */
export async function scoreArms(dataset: Dataset, options: ArmOptions = {}): Promise<ArmScores> {
  requireKnownKeys('scoreArms', options, {
    questions: true, seed: true, draws: true, network: true, retrain: true, onProgress: true, signal: true,
  })
  const { questions = armQuestions, seed = 42, draws = 5, retrain, onProgress, signal } = options
  checkSeed(seed)
  requireInRange('draws', draws, { low: 1, high: 100, whole: true })
  checkRetraining(retrain)
  questions.forEach((question, i) => requireOneOf(`questions[${i}]`, question, armQuestions))
  const has = (question: ArmQuestion) => questions.includes(question)
  const lacks: Partial<Record<ArmQuestion, string>> = {}
  const network = options.network === undefined
    ? await resnet50({ classes: dataset.labels, weights: 'fractal', width: 'half', size: pixelSize }) : options.network
  const splits = allSplits(dataset, seed)
  if (typeof splits.random === 'string') questions.forEach(question => { lacks[question] = splits.random as string })
  const unrecognizable = typeof splits['by group'] === 'string' ? splits['by group'] : lackOfSiblings(dataset)
  if (has('random against grouped') && unrecognizable !== null) lacks['random against grouped'] ??= unrecognizable
  const lungs = has('lungs') || has('border') ? await findSetLungs(dataset, signal) : null
  if (has('lungs') && lungs?.lack) lacks.lungs ??= lungs.lack
  if (has('border') && borderLeft(lungs?.masks ?? null) < leastBorder)
    lacks.border ??= 'nearly everywhere along the border some image has lungs'
  const planned = planArms(questions, network !== null).filter(({ question }) => lacks[question] === undefined)
  const rounds = planned.flatMap(one => splitsFor(one.splits, splits).map(split => ({ ...one, split })))
  const trainings = retrain ? planRetraining(dataset, rounds, has('shuffled labels') ? splits.random : 'not asked') : []
  const control = controlOf(sum(rounds, round => round.classifiers.length * round.split.folds.length)
    + (has('shuffled labels') ? shuffledFits : 0) + trainings.length * (retrain?.folds ?? 1), onProgress, signal)

  const scored: ScoredPredictions[] = []
  const open = (input: ArmInput) => armDataOf(dataset, input, lungs?.masks ?? null, network, signal)
  let shown: ArmInput = 'whole image', data: ArmData = await open(shown)
  for (const { question, input, classifiers, split } of rounds) {
    const needed = input === 'no pixels' ? 'whole image' : input
    if (needed !== shown) data = await open(needed)
    shown = needed
    const found = await predictOutOfFold(classifiers, split, data, control(question))
    for (const [classifier, predictions] of found) {
      const arm = { question, input, labels: 'true', classifier, split: split.split } as const
      scored.push({ arm: scoreArm(arm, predictions, split.folds.length), predictions })
    }
  }
  const shuffled = has('shuffled labels')
    ? await scoreShuffledLabels(dataset, seed, draws, control('shuffled labels')) : null
  const retrained = retrain
    ? await scoreRetrained(dataset, trainings, lungs?.masks ?? null, seed, retrain, control('trivial classifiers')) : []
  if (typeof shuffled === 'string') lacks['shuffled labels'] ??= shuffled
  return {
    questions, comparisons: compareAll(scored),
    arms: [...scored.map(({ arm }) => arm), ...(Array.isArray(shuffled) ? shuffled : []), ...retrained],
    lungs: lungs?.summary ?? null, lacks, predictions: bestPredictions(scored),
  }
}

type AllSplits = Record<ArmSplit, ArmSplits | string>

function allSplits(dataset: Dataset, seed: number): AllSplits {
  const of = (split: ArmSplit) => splitsOf(dataset, split, seed)
  return { random: of('random'), 'by group': of('by group'), 'as given': of('as given') }
}

/** The splits of some kinds that there are; random ones in the place of those by group where there are none. */
function splitsFor(kinds: PlannedArms['splits'], splits: AllSplits): ArmSplits[] {
  const named = kinds.map(kind => (kind === 'by group' && typeof splits[kind] === 'string' ? 'random' : kind))
  return [...new Set(named)].flatMap(kind => {
    const split = splits[kind]
    return typeof split === 'string' ? [] : [split]
  })
}

/** Counts fits, whichever question they belong to. */
function controlOf(total: number, onProgress?: Progress, signal?: AbortSignal): (question: ArmQuestion) => FoldControl {
  let done = 0
  return question => ({ signal, onFit: () => onProgress?.(question, Math.min(++done, total), total) })
}

/**
 * Labels are compared with how sure a classifier is: it has to be the same one in all folds, and to give probabilities.
 * Where there is no network, the best of a few is hardly flattered.
 */
function bestPredictions(scored: readonly ScoredPredictions[]): Predictions | null {
  const names = trivialClassifiers.filter(givesProbabilities).map(({ name }) => name)
  const of = (split: ArmSplit) => scored.filter(({ arm }) => arm.input === 'whole image' && arm.split === split
    && [networkHead.name, ...names].includes(arm.classifier))
  const candidates = of('by group').length > 0 ? of('by group') : of('random')
  const [best] = candidates.sort((a, b) => b.arm.balancedAccuracy.value - a.arm.balancedAccuracy.value)
  return (candidates.find(({ arm }) => arm.classifier === networkHead.name) ?? best)?.predictions ?? null
}
