/** Printed figures against a printed confusion matrix. */
import { requireKnownKeys } from '../../system/options'
import { LabError, requireOneOf } from '../../system/errors'
import { accuracy, countsOf, type Confusion } from '../metrics'
import { compareWithPrint, type FigureOfMatrix } from './fitting'
import { likePrint, metricNames, readPrinted, type PrintedRow, type Unit } from './printed'

/** A matrix and the figures printed beside it. */
export interface MatrixQuestion {
  /** Truth in rows, prediction in columns: `matrix[truth][predicted]`. */
  matrix: Confusion
  /** The classes, in the matrix's order. */
  labels: readonly string[]
  /** Figures over all images, or of the positive class of two. */
  printed?: PrintedRow
  /** Which of two classes `printed` counts as positive. */
  positive?: string
  /** Figures by class. */
  byClass?: Readonly<Record<string, PrintedRow>>
  unit?: Unit
}

/** One printed figure, beside the matrix's. */
export interface MatrixFigure extends FigureOfMatrix {
  /** Null for a figure over all images. */
  label: string | null
}

/** Whether a matrix gives the figures printed beside it. */
export interface MatrixCheck {
  agrees: boolean
  figures: MatrixFigure[]
  words: string[]
}

/**
 * Compares a printed matrix with the figures printed beside it, rounded half up or half even.
 * @throws LabError 'bad-argument' where the matrix is not square, a class is not known, or figures of a class lack its
 *   name
 * @example papers.checkMatrix({ labels: ['infected', 'normal'], matrix: [[475, 140], [14, 871]],
 *   printed: { accuracy: '.95' } }).words
 */
export function checkMatrix(question: MatrixQuestion): MatrixCheck {
  requireKnownKeys('checkMatrix', question ?? null,
    { matrix: true, labels: true, printed: true, positive: true, byClass: true, unit: true })
  const { matrix, labels, printed = {}, positive, byClass = {}, unit } = question
  checkShape(matrix, labels)
  const figures = [
    ...overall(matrix, labels, printed, positive, unit),
    ...Object.entries(byClass).flatMap(([label, row]) => {
      requireOneOf('byClass', label, labels)
      const counts = countsOf(matrix, labels.indexOf(label))
      return compareWithPrint(counts, checked(row, unit)).map(figure => ({ ...figure, label }))
    }),
  ]
  const wrong = figures.filter(({ agrees }) => !agrees)
  return {
    agrees: wrong.length === 0, figures,
    words: wrong.length === 0 ? ['The printed matrix gives the printed figures.']
      : wrong.map(({ figure, value, label }) => `The printed matrix gives ${label === null ? '' : `${label} `}`
        + `${metricNames[figure.metric]} ${likePrint(value, figure)}, not ${figure.print}.`),
  }
}

function overall(
  matrix: Confusion, labels: readonly string[], printed: PrintedRow, positive: string | undefined, unit?: Unit,
): MatrixFigure[] {
  const figures = checked(printed, unit)
  const ofOneClass = figures.filter(({ metric }) => metric !== 'accuracy')
  if (ofOneClass.length > 0 && labels.length > 2)
    throw new LabError('bad-argument', {
      expected: 'only the accuracy over three classes or more', received: ofOneClass.map(({ metric }) => metric).join(', '),
      remedy: 'Name the figures of each class in byClass',
    })
  if (ofOneClass.length > 0) requireOneOf('positive', positive, labels)
  if (labels.length === 2) {
    const counts = countsOf(matrix, positive === undefined ? 0 : labels.indexOf(positive))
    return compareWithPrint(counts, figures).map(figure => ({ ...figure, label: null }))
  }
  const correct = matrix.reduce((sum, row, k) => sum + row[k], 0), all = matrix.flat().reduce((a, b) => a + b, 0)
  // Accuracy is that of a two-class matrix with the same numbers of right and wrong images.
  const counts = { truePositives: correct, falseNegatives: all - correct, falsePositives: 0, trueNegatives: 0 }
  return compareWithPrint(counts, figures).map(figure => ({ ...figure, value: accuracy(matrix), label: null }))
}

function checked(printed: PrintedRow, unit?: Unit) {
  return readPrinted(printed, unit).filter(({ metric }) => metric !== 'auc')
}

function checkShape(matrix: Confusion, labels: readonly string[]): void {
  const size = labels.length
  const square = matrix.length === size && size > 1 && matrix.every(row => row.length === size)
  if (square && matrix.flat().every(count => Number.isInteger(count) && count >= 0)) return
  throw new LabError('bad-argument', {
    expected: `a matrix of whole numbers with a row and a column for each of ${labels.length} labels`,
    received: matrix.map(row => row.join(', ')).join(' / '), remedy: 'Write truth in rows, prediction in columns',
  })
}
