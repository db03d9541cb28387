/** What a test on another set says, in words no stronger than the figures. */
import { counted } from '../system/summary'
import type { AnotherSetScores } from './another-set'
import { rightFor, trained } from './arm-words'
import type { ArmScores } from './arms'
import { chosenName } from './classifiers'
import { chosenArm, undecided, type DescribedSet } from './describe-arms'
import type { Finding } from './finding'
import { comparable, isDecided, judged } from './scored-arm'

/**
 * What a test on another set says beside the accuracy within the set.
 * @param within the scores of the set on which the classifiers were trained
 */
export function describeAnother(dataset: DescribedSet, within: ArmScores, another: AnotherSetScores): Finding {
  const question = 'another set', here = chosenArm(within.arms, { question: 'trivial classifiers' })
  const there = another.arms.find(({ classifier }) => classifier === chosenName)!
  const classes = another.predictions.classes.length
  const found = here ? comparable(here, there, classes) : { first: null, second: judged(there) }
  const shared = another.shared === 0 ? ''
    : ` ${counted(another.shared, 'image')} of it that this set has, too, ${another.shared === 1 ? 'was' : 'were'} left out.`
  const start = `Trained on this set and tested on ${another.title}, the classifier that validation chooses ${rightFor(there, found.second)}`
  if (!here || !found.first)
    return { question, verdict: 'unknown', sentence: `${start}. Within this set nothing was measured to compare it with.${shared}` }
  const { first, second } = found, beside = `within this set it ${rightFor(here, first)} ${trained(dataset, here)}`
  if (!isDecided(first) || !isDecided(second)) return undecided(question, `${start}; ${beside}.${shared}`)
  return second.high < first.low
    ? { question, verdict: 'fault', sentence: `${start}; ${beside}. What it learned does not carry over.${shared}` }
    : { question, verdict: 'clear', sentence: `${start}; ${beside}: no loss that stands out from chance.${shared}` }
}
