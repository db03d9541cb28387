/** What confident learning says about a set's labels, in words. */
import { wilson, type Estimate } from '../evaluation/intervals'
import { counted } from '../system/summary'
import type { Finding } from './finding'
import type { LabelIssues } from './label-issues'

/** Share of wrong labels among the surest images that every set may have. */
const tolerated = 0.02
/** With so few at most among the surest images, the labels pass for right. */
const clearBelow = 0.1
/** Where more images are odd, patients have images of several classes as a rule. */
const oddBelow = 0.3

/**
 * The finding on labels. 'fault': a good classifier (its balanced accuracy lies clearly more than half of the way
 * from guessing to 1) contradicts more labels among the images of which it is surest than hard images explain: the
 * interval lies above 2 %. Or it contradicts labels that the rest of their patient contradicts as well. 'unknown': the
 * classifier is too weak, or hard images explain as much.
 * @example statistics.describeLabelIssues(statistics.findLabelIssues(predictions)).verdict
 */
export function describeLabelIssues(issues: LabelIssues): Finding {
  const { balancedAccuracy, chance, surest, images, odd, contradicted } = issues
  const oddWords = odd?.length ? `${counted(odd.length, 'image')} ${odd.length === 1 ? 'has' : 'have'} another label than most `
    + `images of the same patient; the classifier contradicts ${odd.filter(one => one.contradicted).length} of them. ` : ''
  const of = (verdict: Finding['verdict'], sentence: string): Finding => ({ question: 'labels', verdict, sentence })
  if (!(balancedAccuracy.low > chance))
    return of('unknown', `${oddWords}The classifier's balanced accuracy on images that it was fitted without is `
      + `${between(balancedAccuracy)}, not clearly above the ${twoDigits(chance)} of guessing: it cannot tell wrong labels.`)
  const words = `${oddWords}The classifier contradicts the labels of ${surest.otherwise} of the ${surest.images} images of which `
    + `it is surest (${between(surest.share, percent)}). Over all ${images} images, confident learning counts `
    + `${Math.round(contradicted.value)} contradicted labels (${range(contradicted, whole)}), hard images among them`
  if (judgesWell(issues) && surest.share.low > tolerated || oddAndContradicted(issues)) return of('fault', `${words}.`)
  if (surest.share.high <= clearBelow && !odd?.length) return of('clear', `${words}.`)
  return of('unknown', `${words}: hard images explain as many.`)
}

/**
 * Whether the classifier is right more than half of the way from guessing to always. A weaker one is also wrong about
 * whole patients of whom it is sure.
 */
function judgesWell({ balancedAccuracy, chance }: LabelIssues): boolean {
  return balancedAccuracy.low >= (1 + chance) / 2
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
  return Number.isNaN(share) ? 'not defined' : `${(100 * share).toFixed(0)} %`
}

function whole(value: number): string {
  return String(Math.round(value))
}
