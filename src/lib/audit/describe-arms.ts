/** What the scores of classifiers say about a data set, in words no stronger than the figures. */
import type { Dataset } from '../data/dataset'
import { counted } from '../system/summary'
import type { ArmComparison } from './arm-comparison'
import { armQuestions, type ArmQuestion } from './arm-plan'
import { figure, figureWithSign, rightFor, signed, trained, two } from './arm-words'
import type { ArmScores } from './arms'
import { chosenName, nearestPixels } from './classifiers'
import type { Finding, Question } from './finding'
import { retrainedName } from './retrain'
import { isAboveChance, isDecided, isWanted, judged, type ScoredArm } from './scored-arm'

/** What is known of the set behind the scores. */
export type DescribedSet = Pick<Dataset, 'grouping'>

/**
 * One finding for each question that was asked. What decides was declared beforehand: where several classifiers read
 * the same input, the one that was chosen on validation parts; never the best of those shown.
 * @param dataset whose arms were scored
 */
export function describeArms(dataset: DescribedSet, scores: ArmScores): Finding[] {
  const describers: Record<ArmQuestion, (dataset: DescribedSet, scores: ArmScores) => Finding | null> = {
    'shuffled labels': describeShuffled, 'random against grouped': describeRandomAgainstGrouped, border: describeBorder,
    lungs: describeLungs, 'file facts': describeFileFacts, 'trivial classifiers': describeTrivial,
  }
  return armQuestions.filter(question => scores.questions.includes(question)).flatMap((question): Finding[] => {
    const lack = scores.lacks[question]
    if (lack !== undefined) return [{ question, verdict: 'unknown', sentence: `This cannot be asked here: ${lack}.` }]
    const finding = describers[question](dataset, scores)
    return finding ? [withRetrained(dataset, finding, scores)] : []
  })
}

function describeFileFacts(dataset: DescribedSet, { arms }: ArmScores): Finding | null {
  const arm = chosenArm(arms, { question: 'file facts' })
  if (!arm) return null
  const who = 'A classifier that reads nothing but the files’ width, height, channels and bytes'
  return above('file facts', arm, `${who} ${rightFor(arm)} ${trained(dataset, arm)}`)
}

function describeBorder(dataset: DescribedSet, { arms, lungs }: ArmScores): Finding | null {
  const arm = chosenArm(arms, { question: 'border' })
  if (!arm) return null
  const without = lungs && lungs.found > 0 ? ', without the places where any image has lungs,' : ''
  const who = `A classifier that sees only the outermost sixteenth of the images at each side${without}`
  return above('border', arm, `${who} ${rightFor(arm)} ${trained(dataset, arm)}`)
}

function describeLungs(dataset: DescribedSet, { arms, comparisons, lungs }: ArmScores): Finding | null {
  const covered = chosenArm(arms, { input: 'lungs blacked out' }), shape = chosenArm(arms, { input: 'lung mask only' })
  if (!covered || !shape) return null
  const lost = lungs && lungs.found < lungs.images
    ? ` Lungs were not found in ${lungs.images - lungs.found} of ${counted(lungs.images, 'image')} (${lungs.unknown}), `
      + 'which are left out.' : ''
  const only = chosenArm(arms, { input: 'lungs only' })
  const beside = only ? `; the lungs alone give ${figure(judged(only))}` : ''
  const start = `With the lungs blacked out a classifier ${rightFor(covered)}${beside} ${trained(dataset, covered)}`
  if (!isDecided(judged(covered))) return undecided('lungs', `${start}.${lost}`)
  if (!isAboveChance(covered)) return { question: 'lungs', verdict: 'clear', sentence: `${start}: no more than chance can be seen.${lost}` }
  const gain = comparisons.find(({ question }) => question === 'lungs')
  const more = gain
    ? ` The shape of the lungs alone gives ${figure(judged(shape))}; the image around them differs from that by `
      + `${figureWithSign(gain.difference)}.` : ''
  return gain && gain.difference.low > 0
    ? { question: 'lungs', verdict: 'fault', sentence: `${start}.${more}${lost}` }
    : { question: 'lungs', verdict: 'unknown', sentence: `${start}.${more} What lies around the lungs need not tell more than their shape.${lost}` }
}

function describeShuffled({ grouping }: DescribedSet, { arms }: ArmScores): Finding | null {
  const of = (split: ScoredArm['split']) => arms.find(({ question, classifier, split: by }) =>
    question === 'shuffled labels' && classifier === nearestPixels.name && by === split)
  const random = of('random'), byGroup = of('by group')
  if (!random || !byGroup) return null
  const { accuracy, chance, draws, groups } = random
  const sentence = `With made-up labels, one for each of ${counted(groups, grouping)}, one nearest neighbor is right for ${figure(accuracy)} `
    + `of the images on a random split (mean of ${draws} draws), where the most common label has ${two(chance)}; `
    + `on a split by ${grouping} for ${figure(byGroup.accuracy)}`
  if (!isDecided(accuracy)) return undecided('shuffled labels', `${sentence}.`)
  return accuracy.low > chance
    ? { question: 'shuffled labels', verdict: 'fault', sentence: `${sentence}. It recognizes the ${grouping}.` }
    : { question: 'shuffled labels', verdict: 'clear', sentence: `${sentence}: it does not recognize the ${grouping}.` }
}

function describeRandomAgainstGrouped({ grouping }: DescribedSet, { comparisons }: ArmScores): Finding | null {
  const of = (classifier: string) => comparisons.find(({ question, first }) => question === 'random against grouped'
    && first.classifier === classifier)
  const chosen = of(chosenName), neighbor = of('pixels, one nearest neighbour')
  if (!chosen) return null
  const gap = ({ first, second, difference }: ArmComparison) => `${two(judged(first).value)} on random folds and `
    + `${two(judged(second).value)} on folds by ${grouping} (${signed(difference)})`
  const beside = neighbor ? `; one nearest neighbor on pixels has ${gap(neighbor)}` : ''
  const measure = chosen.measure === 'accuracy' ? 'accuracy' : 'area under the ROC curve'
  const sentence = `The trivial classifier that validation chooses has the ${measure} ${gap(chosen)}${beside}`
  if (!isDecided(chosen.difference) || !isDecided(judged(chosen.first)))
    return undecided('random against grouped', `${sentence}.`)
  return chosen.difference.high < 0 && isAboveChance(chosen.first)
    ? { question: 'random against grouped', verdict: 'fault', sentence: `${sentence}. A random split flatters.` }
    : { question: 'random against grouped', verdict: 'clear', sentence: `${sentence}: no difference that stands out from chance.` }
}

function describeTrivial(dataset: DescribedSet, { arms, comparisons }: ArmScores): Finding | null {
  const arm = chosenArm(arms, { question: 'trivial classifiers' })
  if (!arm) return null
  const start = `The trivial classifier that validation chooses (greys, edges, nearest neighbors) ${rightFor(arm)} ${trained(dataset, arm)}`
  if (!isDecided(judged(arm))) return undecided('trivial classifiers', `${start}.`)
  if (!isAboveChance(arm))
    return { question: 'trivial classifiers', verdict: 'clear', sentence: `${start}: no more than chance can be seen.` }
  const gain = comparisons.find(({ question, second }) => question === 'trivial classifiers' && second.split === arm.split)
  const beside = gain ? ` A linear head on a frozen network has ${figure(judged(gain.second))} (${signed(gain.difference)}).` : ''
  return gain && gain.difference.low > 0
    ? { question: 'trivial classifiers', verdict: 'clear', sentence: `${start}.${beside} An accuracy counts above these only.` }
    : { question: 'trivial classifiers', verdict: 'unknown', sentence: `${start}.${beside} An accuracy counts above this only; `
      + 'whether disease or the making of the images shows in greys and edges, these figures do not tell.' }
}

/** 'unknown': a figure without an interval tells nothing. */
export function undecided(question: Question, start: string): Finding {
  return { question, verdict: 'unknown', sentence: `${start} The interval cannot be computed, so that the figures do not decide.` }
}

/** What shows nothing of disease: a network that is above chance on it stands against 'clear'. */
const withoutDisease: readonly ScoredArm['input'][] = ['border only', 'lungs blacked out']

/**
 * The finding with what networks say that were trained anew for the question. They judge fewer images, and decide no
 * fault; but where one of them is above chance, the finding is not 'clear'.
 */
function withRetrained({ grouping }: DescribedSet, finding: Finding, { arms }: ArmScores): Finding {
  const retrained = arms.filter(({ classifier, question }) =>
    classifier === retrainedName && question === finding.question)
  const kinds = { 'by group': `by ${grouping}`, random: 'at random', 'as given': 'as given', 'another set': '' }
  const words = retrained.map(arm => ` A network trained anew (${arm.input}, ${counted(arm.folds, 'fold')} ${kinds[arm.split]}) `
    + `${rightFor(arm)}.`)
  const against = retrained.some(arm => isAboveChance(arm)
    && (withoutDisease.includes(arm.input) || (arm.labels !== 'true' && arm.split === 'random')))
  return {
    ...finding, sentence: finding.sentence + words.join(''),
    verdict: finding.verdict === 'clear' && against ? 'unknown' : finding.verdict,
  }
}

/** 'fault' where the interval lies above chance. */
function above(question: ArmQuestion, arm: ScoredArm, start: string): Finding {
  if (!isDecided(judged(arm))) return undecided(question, `${start}.`)
  return isAboveChance(arm) ? { question, verdict: 'fault', sentence: `${start}.` }
    : { question, verdict: 'clear', sentence: `${start}: no more than chance can be seen.` }
}

/** The arm that decides: chosen on validation, on folds by group where there are such. */
export function chosenArm(arms: readonly ScoredArm[], wanted: Partial<ScoredArm>): ScoredArm | undefined {
  const matching = arms.filter(arm => isWanted(arm, { ...wanted, classifier: chosenName }))
  return matching.find(({ split }) => split === 'by group') ?? matching.find(({ split }) => split === 'random')
}
