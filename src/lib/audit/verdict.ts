/** The verdict of a whole audit in words: what the faults mean for an accuracy, and what is unknown. */
import type { AuditedSet } from './audited-set'
import type { Finding, Question } from './finding'

/**
 * What a fault means for whoever reads an accuracy on the set. GROUP is 'patient', or what stands in for patients. That
 * a trivial classifier is good is never a fault.
 */
const meanings: Readonly<Record<Exclude<Question, 'trivial classifiers'>, string>> = {
  'shuffled labels': 'An accuracy on a random split of this set rewards recognizing the GROUP',
  'random against grouped': 'A random split of this set gives higher accuracies than a split by GROUP',
  patients: 'Images of the same patient are in two parts of the split',
  duplicates: 'The same images, or nearly the same, are there more than once',
  border: 'The border of the images, where no disease shows, tells the class',
  lungs: 'The class can be told without the lungs',
  'file facts': 'The files tell the class without their pixels',
  'another set': 'What is learned on this set does not carry over to the other set',
  labels: 'Some labels may be wrong',
  images: 'Some images are odd',
}

/** How many faults the paragraph spells out. */
const spelledOut = 3

/**
 * The paragraph.
 * @param findings in order of weight
 * @param external the other set, on which classifiers of the first were tested
 */
export function verdictOf(set: AuditedSet, findings: readonly Finding[], external: AuditedSet | null = null): string {
  const { title, grouping, emptyClasses } = set
  const of = (verdict: Finding['verdict']) => findings.filter(finding => finding.verdict === verdict)
  const faults = of('fault'), unknown = of('unknown'), clear = of('clear')
  const first = distinct(faults).slice(0, spelledOut)
  const spelled = new Set(first.map(({ question }) => question))
  const others = questionsOf(distinct(faults).slice(spelledOut)).filter(question => !spelled.has(question))
  return [
    ...(findings.length === 0 ? [`Nothing was asked about ${title}.`] : []),
    ...(faults.length === 0 && clear.length > 0 ? ['The audit saw no fault. That is no proof that there is none.'] : []),
    ...first.map(fault => `${meaningOf(fault).replace('GROUP', grouping)}. ${fault.sentence}`),
    ...(others.length ? [`Faults were seen also in: ${others.join(', ')}.`] : []),
    ...(unknown.length ? [`Not known: ${questionsOf(unknown).join(', ')}.`] : []),
    ...(emptyClasses.length ? [`Left out, since no image is of it: the class ${emptyClasses.join(', the class ')}.`] : []),
    ...limits(set, 'the images'), ...(external ? limits(external, `the images of the other set (${external.title})`) : []),
  ].join(' ')
}

/** What images that are not real do not say. */
function limits({ evidence }: AuditedSet, images: string): string[] {
  if (evidence === 'real') return []
  const words = evidence === 'phantom' ? `${images} are drawn by code` : `faults were planted in ${images}`
  return [`${words[0].toUpperCase()}${words.slice(1)}: this says something about the audit, and nothing about disease.`]
}

function meaningOf({ question, meaning }: Finding): string {
  return meaning ?? (question === 'trivial classifiers' ? 'A trivial classifier is good' : meanings[question])
}

/** The first finding of each question and meaning. */
function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ question, meaning }, i) =>
    findings.findIndex(other => other.question === question && other.meaning === meaning) === i)
}

function questionsOf(findings: readonly Finding[]): Question[] {
  return [...new Set(findings.map(({ question }) => question))]
}
