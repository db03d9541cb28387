/** The verdict of a whole audit in words: what the faults mean for an accuracy, and what is unknown. */
import type { AuditedSet } from './audited-set'
import type { Finding, Question } from './finding'

/** What a fault means for whoever reads an accuracy on the set. GROUP is 'patient', or what stands in for patients. */
const meanings: Readonly<Record<Question, string>> = {
  'shuffled labels': 'An accuracy on a random split of this set rewards recognizing the GROUP',
  'random against grouped': 'A random split of this set gives higher accuracies than a split by GROUP',
  patients: 'Patients are not kept apart',
  duplicates: 'The same images, or nearly the same, are there more than once',
  border: 'The border of the images, where no disease shows, tells the class',
  lungs: 'The class can be told without the lungs',
  'file facts': 'The files tell the class without their pixels',
  'trivial classifiers': 'A trivial classifier is good already, so that a network has to be compared with it',
  'another set': 'What is learned on this set does not carry over to the other set',
  labels: 'Some labels may be wrong',
  images: 'Some images are odd',
}

/** How many faults the paragraph spells out. */
const spelledOut = 3

/**
 * The paragraph.
 * @param findings in order of weight
 */
export function verdictOf({ evidence, title, grouping }: AuditedSet, findings: readonly Finding[]): string {
  const of = (verdict: Finding['verdict']) => findings.filter(finding => finding.verdict === verdict)
  const faults = of('fault'), unknown = of('unknown'), clear = of('clear')
  const first = distinct(faults).slice(0, spelledOut)
  const others = distinct(faults).slice(spelledOut).map(({ question }) => question)
  return [
    ...(findings.length === 0 ? [`Nothing was asked about ${title}.`] : []),
    ...(faults.length === 0 && clear.length > 0 ? ['The audit saw no fault. That is no proof that there is none.'] : []),
    ...first.map(({ question, sentence }) => `${meanings[question].replace('GROUP', grouping)}. ${sentence}`),
    ...(others.length ? [`Faults were seen also in: ${others.join(', ')}.`] : []),
    ...(unknown.length ? [`Not known: ${distinct(unknown).map(({ question }) => question).join(', ')}.`] : []),
    ...(evidence === 'phantom' ? ['The images are drawn by code: this says something about the audit, and nothing about disease.'] : []),
    ...(evidence === 'planted' ? ['Faults were planted in the images: this says something about the audit, and nothing about disease.'] : []),
  ].join(' ')
}

/** The first finding of each question. */
function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ question }, i) => findings.findIndex(other => other.question === question) === i)
}
