/** What confident learning says about a set's labels, in words. */
import { wilson, type Estimate } from '../evaluation/intervals'
import { counted } from '../system/summary'
import type { Finding } from './finding'
import type { LabelIssues } from './label-issues'

/** Share of wrong labels among the surest images that every set may have. */
const tolerated = 0.02
/** A classifier that is equally sure of a greater share of all images gives too few values to tell its surest. */
const surestBelow = 1 / 3
/** With so few at most among the surest images, the labels pass for right. */
const clearBelow = 0.1
/** Where more images are odd, patients have images of several classes as a rule. */
const oddBelow = 0.3

/**
 * The finding on labels. 'fault': a good classifier (its balanced accuracy lies clearly more than half of the way
 * from guessing to 1) contradicts more labels among the images of which it is surest than hard images explain: the
 * interval lies above 2 %, by more than other resamples would move its end. Or it contradicts labels that the rest of
 * their patient contradicts as well. 'unknown': the classifier is too weak, it is equally sure of more than a third of
 * the images, the figures lie too near to these bounds, or hard images explain as much.
 * @example statistics.describeLabelIssues(statistics.findLabelIssues(predictions)).verdict
 */
export function describeLabelIssues(issues: LabelIssues): Finding {
  const { balancedAccuracy, chance, surest, odd, contradicted, resamples } = issues, images = counted(issues.images, 'image')
  const oddWords = odd?.length ? `${counted(odd.length, 'image')} ${odd.length === 1 ? 'has' : 'have'} another label than most `
    + `images of the same patient; the classifier contradicts ${odd.filter(one => one.contradicted).length} of them. ` : ''
  const of = (verdict: Finding['verdict'], sentence: string): Finding => ({ question: 'labels', verdict, sentence })
  if (!(balancedAccuracy.low > chance))
    return of('unknown', `${oddWords}The classifier's balanced accuracy on images that it was fitted without is `
      + `${between(balancedAccuracy)}, not clearly above the ${twoDigits(chance)} of guessing: it cannot tell wrong labels.`)
  const good = goodBalancedAccuracy(issues)
  const words = `${oddWords}The classifier, whose balanced accuracy is ${between(balancedAccuracy)}, contradicts the labels `
    + `of ${whole(surest.otherwise)} of the ${counted(surest.images, 'image')} of which it is surest `
    + `(${between(surest.share, percent)}). Labels pass for wrong above ${percent(tolerated)}, if the balanced accuracy `
    + `is above ${twoDigits(good)}. Over all ${images}, confident learning counts ${whole(contradicted.value)} contradicted labels `
    + `(${range(contradicted, whole)}), hard images among them`
  if (oddAndContradicted(issues)) return of('fault', `${words}.`)
  if (surest.images > surestBelow * issues.images)
    return of('unknown', `${words}: it is equally sure of so many that none of them are the surest.`)
  if (balancedAccuracy.low > good && surest.share.low > tolerated)
    return isSettled(balancedAccuracy, good, resamples)
      && (surest.exact || isSettled(surest.share, tolerated, resamples)) ? of('fault', `${words}.`)
      : of('unknown', `${words}: an interval ends so near to its bound that other resamples would decide otherwise.`)
  if (surest.share.high <= clearBelow && !odd?.length) return of('clear', `${words}.`)
  return of('unknown', `${words}: hard images explain as many.`)
}

/** Halfway from guessing to always right. A weaker classifier is also wrong about whole patients of whom it is sure. */
function goodBalancedAccuracy({ chance }: LabelIssues): number {
  return (1 + chance) / 2
}

/**
 * Whether the interval's low end lies above a bound by more than two of its own standard errors. Each is that of the
 * 2.5 % quantile of as many draws of a normal distribution: .68 of the interval's width, divided by √resamples.
 */
function isSettled({ low, high }: Estimate, bound: number, resamples: number): boolean {
  return low - bound > 2 * 0.68 * (high - low) / Math.sqrt(resamples)
}

/** Whether the classifier contradicts odd labels more often than others: a disease that changes it would follow. */
function oddAndContradicted({ odd, images, otherwise }: LabelIssues): boolean {
  if (!odd?.length || odd.length > oddBelow * images) return false
  const contradicted = odd.filter(one => one.contradicted).length
  return wilson(contradicted, odd.length).low > (otherwise - contradicted) / (images - odd.length)
}

function between(estimate: Estimate, format = twoDigits): string {
  return `${format(estimate.value)}, ${range(estimate, format)}`
}

function range({ low, high }: Estimate, format: (value: number) => string): string {
  return Number.isNaN(low) ? 'interval not known' : `interval ${format(low)} to ${format(high)}`
}

function twoDigits(value: number): string {
  return Number.isNaN(value) ? 'not defined' : value.toFixed(2)
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'not defined' : `${Number((100 * share).toFixed(1))} %`
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
