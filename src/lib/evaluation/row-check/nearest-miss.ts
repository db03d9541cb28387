/** Where no matrix fits: the matrix that comes nearest, and the figure without which exactly one would fit. */
import type { Counts } from '../metrics'
import { compareWithPrint, fittingMatrices, firstWhere, matrixOf, type ClassCounts, type FigureOfMatrix } from './fitting'
import { metricOf } from './matrix-metrics'
import type { ReadFigure } from './printed'
import { toNumber } from './ratio'

/** A matrix that does not fit. */
export interface NearMiss {
  matrix: Counts
  figures: FigureOfMatrix[]
  /** The largest distance of a figure, in units of its last printed digit; rounding alone explains half a unit. */
  distance: number
}

/** A row but for one figure. */
export interface OneFigureOff {
  figure: ReadFigure
  /** The only matrix that fits all others, and its value of the figure, as a fraction. */
  matrix: Counts
  value: number
}

/** The matrix whose worst figure is the least wrong. */
export function nearestMiss(classes: ClassCounts, figures: readonly ReadFigure[]): NearMiss {
  let best: { matrix: Counts; distance: number } | null = null
  for (let truePositives = 0; truePositives <= classes.positives; truePositives++) {
    const errors = (falsePositives: number) => {
      const matrix = matrixOf(classes, truePositives, falsePositives)
      return figures.map(({ metric, digits, scale }) => toNumber(metricOf(matrix, metric)) * 10 ** scale - digits)
    }
    // As false positives are added, the largest error above falls and the largest below rises: they cross at the best.
    const crossing = firstWhere(0, classes.negatives, falsePositives => {
      const found = errors(falsePositives)
      return Math.max(...found) + Math.min(...found) <= 0
    })
    for (const falsePositives of [crossing - 1, crossing]) {
      if (falsePositives < 0 || falsePositives > classes.negatives) continue
      const distance = Math.max(...errors(falsePositives).map(Math.abs))
      if (best === null || distance < best.distance)
        best = { matrix: matrixOf(classes, truePositives, falsePositives), distance }
    }
  }
  return { ...best!, figures: compareWithPrint(best!.matrix, figures) }
}

/**
 * The figures that alone stand against a matrix: without one of them exactly one matrix fits. At least two must
 * remain.
 */
export function oneFigureOff(classes: ClassCounts, figures: readonly ReadFigure[]): OneFigureOff[] {
  if (figures.length < 3) return []
  return figures.flatMap(figure => {
    const { count, matrices: [matrix] } = fittingMatrices(classes, figures.filter(one => one !== figure))
    return count === 1 ? [{ figure, matrix, value: toNumber(metricOf(matrix, figure.metric)) }] : []
  })
}
