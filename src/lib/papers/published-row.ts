/** One published row with all that is known of it, and whether it can be true. */
import { checkRow } from '../evaluation/row-check/check-row'
import type { RowCheck, RowVerdict } from '../evaluation/row-check/row-check'
import { checkFoldMean } from '../evaluation/row-check/fold-mean'
import { checkMatrix } from '../evaluation/row-check/printed-matrix'
import { checkClasses, correctImages, matrixRows, numberWords, type ClassesCheck } from '../evaluation/row-check/several-classes'
import { readPrinted, type PrintedRow } from '../evaluation/row-check/printed'
import { findContradictions } from '../evaluation/row-check/contradictions'
import { sensitivityRange } from '../evaluation/row-check/fitting'
import type { Paper, Status, Study, StudyRow } from './paper'

/** A row of a paper's table. */
export interface PublishedRow {
  /** The paper's id. */
  paper: string
  /** Such as 'Soares et al. 2020'. */
  citation: string
  method: string
  status: Status
  /** With the digits as printed. */
  figures: PrintedRow
  study: Study
  row: StudyRow
  /** Test images by class, where they are known. */
  counts: Readonly<Record<string, number>> | null
  /** All test images, where they are known. */
  testImages: number | null
}

/** What the check finds of a published row: of one matrix, of a printed matrix, or nothing that can be checked. */
export type PublishedVerdict =
  | RowVerdict | ClassesCheck['verdict'] | 'its matrix gives it' | 'its matrix contradicts it' | 'too little is printed'

/** A published row's check. A row that fits is possible; that does not make it true. */
export interface PublishedCheck {
  verdict: PublishedVerdict
  /** The confusion matrix, where exactly one fits: truth in rows, the positive class first. */
  recovered: string | null
  words: string[]
}

/** The largest test set that is searched where a paper does not say how many images it tested. */
const searched = 800

/** A paper's rows. */
export function rowsOf(paper: Paper): PublishedRow[] {
  const { authors, year } = paper.citation
  return paper.studies.flatMap(study => study.rows.map((row): PublishedRow => {
    const test = row.test ?? study.test, counts = test?.counts ?? null
    return {
      paper: paper.id, citation: year === undefined ? authors : `${authors} ${year}`, method: row.method, status: row.status,
      figures: row.figures, study, row, counts,
      testImages: counts ? Object.values(counts).reduce((a, b) => a + b, 0) : test?.total ?? null,
    }
  }))
}

/**
 * Whether a published row can be true, by what is known of its test set: its printed matrix, else its class counts,
 * else its total, else all test sets of up to 800 images.
 * @example papers.checkPublished((await papers.rows('loey-2020'))[0]).words
 */
export function checkPublished(published: PublishedRow): PublishedCheck {
  const found = check(published)
  const { foldAccuracies } = published.row, { accuracy } = published.figures
  if (!foldAccuracies || accuracy === undefined) return found
  return { ...found, words: [...found.words, ...checkFoldMean(foldAccuracies, accuracy).words] }
}

function check({ row, study, figures, counts, testImages }: PublishedRow): PublishedCheck {
  const labels = Object.keys(counts ?? {})
  if (row.matrix) {
    const { agrees, words } = checkMatrix({
      matrix: row.matrix, labels, printed: figures, positive: study.positive, byClass: row.byClass,
    })
    return { verdict: agrees ? 'its matrix gives it' : 'its matrix contradicts it', recovered: null, words }
  }
  if (counts && labels.length > 2) {
    const of = (metric: 'sensitivity' | 'precision') => Object.fromEntries(Object.entries(row.byClass ?? {})
      .flatMap(([label, printed]) => (printed[metric] === undefined ? [] : [[label, printed[metric]]])))
    const { verdict, matrices, words } = checkClasses({
      counts, accuracy: figures.accuracy, sensitivity: of('sensitivity'), precision: of('precision'),
    })
    return { verdict, recovered: matrices.length === 1 ? matrixRows(matrices[0]) : null, words }
  }
  if (row.averaging) return tooLittle(`The figures are ${row.averaging} averages, and the class counts are not known.`)
  if (counts) {
    // Where no class is named as the positive one, the check tries both.
    const positives = counts[study.positive ?? labels[0]], negatives = testImages! - positives
    return fromRow(checkRow({ positives, negatives, printed: figures, folds: study.split.folds }))
  }
  const read = readPrinted(figures).filter(({ metric }) => metric !== 'auc')
  const [low, high] = sensitivityRange(read)
  const searchable = high - low < 0.5 && read.length > 1
  if (!searchable && findContradictions(read).length === 0) return unknownClasses(figures, testImages)
  return fromRow(checkRow({ printed: figures, ...(testImages === null ? { upTo: searched } : { total: testImages }) }))
}

function fromRow({ verdict, readings, testSets, words }: RowCheck): PublishedCheck {
  const unique = [...readings, ...testSets].map(({ fits }) => fits).filter(({ count }) => count > 0)
  const [fits] = unique
  const decided = verdict === 'one matrix' || (verdict === 'another reading' && unique.length === 1) || verdict === 'one test set'
  const matrix = decided && fits.count === 1 ? fits.matrices[0] : null
  const recovered = matrix && matrixRows([
    [matrix.truePositives, matrix.falseNegatives], [matrix.falsePositives, matrix.trueNegatives],
  ])
  return { verdict: verdict === 'nothing to check' ? 'too little is printed' : verdict, recovered, words }
}

/** An accuracy on a test set of known size is at least a number of images. */
function unknownClasses({ accuracy }: PrintedRow, testImages: number | null): PublishedCheck {
  if (accuracy === undefined || testImages === null)
    return tooLittle('Too little is printed to search the test images.')
  const correct = correctImages(accuracy, testImages)
  return correct.length === 0
    ? { verdict: 'impossible as printed', recovered: null, words: [`No number of correct images among ${testImages} prints as ${accuracy}.`] }
    : { verdict: 'accuracy only', recovered: null, words: [`Accuracy ${accuracy} is ${numberWords(correct)} of ${testImages} images.`] }
}

function tooLittle(reason: string): PublishedCheck {
  return { verdict: 'too little is printed', recovered: null, words: [reason] }
}
