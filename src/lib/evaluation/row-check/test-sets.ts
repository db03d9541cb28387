/** Which test sets a row can come from, where the classes' sizes are not known. */
import { LabError, requireInRange } from '../../system/errors'
import type { Counts } from '../metrics'
import {
  asPrinted, falsePositiveRange, firstWhere, fittingMatrices, listed, matrixOf, sensitivityRange, truePositiveRange,
  type ClassCounts, type Fits,
} from './fitting'
import { metricOf } from './matrix-metrics'
import { metricNames, type ReadFigure } from './printed'
import { compareToPrint, widestRange } from './rounding'

/** A test set, and the matrices with which it gives the row's figures. */
export type TestSet = ClassCounts & { fits: Fits }

/** What a search found. */
export interface FoundTestSets {
  sets: TestSet[]
  /** False where the search stopped: the figures leave too many test sets. */
  complete: boolean
}

/** The largest test set of unknown classes for which nothing bounds the sensitivity. */
const unboundedTotal = 600
/**
 * A search stops at so many test sets, or after so many numbers of true positives, false positives or negatives tried.
 */
const mostSets = 10_000
const mostSteps = 300_000
/** The largest bound on the size of a test set of which nothing is known. */
export const greatestBound = 3000

/** All pairs of class counts with the same sum that some matrix gives. @throws LabError 'bad-argument' */
export function testSetsOfTotal(total: number, figures: readonly ReadFigure[]): FoundTestSets {
  requireInRange('total', total, { low: 2, high: 100_000, whole: true })
  if (total > unboundedTotal) requireSensitivity(figures)
  const sets: TestSet[] = []
  for (let positives = 1, steps = 0; positives < total; positives++) {
    const [low, high] = truePositiveRange(positives, figures), classes = { positives, negatives: total - positives }
    steps += high - low + 1
    if (steps > mostSteps) return { sets, complete: false }
    const fits = fittingMatrices(classes, figures)
    if (fits.count > 0) sets.push({ ...classes, fits })
  }
  return { sets, complete: true }
}

/**
 * All pairs of class counts up to a size of the test set that some matrix gives, the smallest test set first.
 * @param upTo the largest size looked at, both classes together
 * @throws LabError 'bad-argument' where neither sensitivity, nor precision and F1, bound the true positives
 */
export function testSetsUpTo(upTo: number, figures: readonly ReadFigure[]): FoundTestSets {
  requireInRange('upTo', upTo, { low: 2, high: greatestBound, whole: true })
  requireSensitivity(figures)
  const search = new Search(upTo, figures)
  const beside = figures.some(({ metric }) => metric === 'precision' || metric === 'f1') ? addByFalsePositives : addByNegatives
  for (let positives = 1; positives < upTo; positives++) {
    const [low, high] = truePositiveRange(positives, figures)
    for (let truePositives = low; truePositives <= high && !search.stopped; truePositives++)
      if (sensitivityFits(positives, truePositives, figures)) beside(positives, truePositives, search)
  }
  const sets = [...search.sets.values()].sort((a, b) =>
    a.positives + a.negatives - b.positives - b.negatives || a.positives - b.positives)
  return { sets, complete: !search.stopped }
}

/** The test sets found so far. */
class Search {
  readonly sets = new Map<number, TestSet>()
  private steps = 0

  constructor(readonly upTo: number, readonly figures: readonly ReadFigure[]) {}

  get stopped(): boolean {
    return this.sets.size > mostSets || this.steps > mostSteps
  }

  step(): void {
    this.steps++
  }

  add(classes: ClassCounts, matrix: Counts): void {
    const key = classes.positives * (greatestBound + 1) + classes.negatives
    const set = this.sets.get(key) ?? { ...classes, fits: { count: 0, matrices: [] } }
    set.fits.count++
    if (set.fits.matrices.length < listed) set.fits.matrices.push(matrix)
    this.sets.set(key, set)
  }
}

/** For figures that precision or F1 bound: they depend on the false positives alone, so the negatives come last. */
function addByFalsePositives(positives: number, truePositives: number, search: Search): void {
  const { upTo, figures } = search
  const [low, high] = boundedFalsePositives(positives, truePositives, figures)
  const last = Math.min(high, upTo - positives)
  for (let falsePositives = low; falsePositives <= last && !search.stopped; falsePositives++) {
    search.step()
    const matrix = (trueNegatives: number): Counts =>
      ({ truePositives, falseNegatives: positives - truePositives, falsePositives, trueNegatives })
    let least = falsePositives === 0 ? 1 : 0, most = upTo - positives - falsePositives
    for (const figure of figures) {
      const compare = (trueNegatives: number) =>
        compareToPrint(metricOf(matrix(trueNegatives), figure.metric), figure, 'nearest')
      // Every metric rises, or stays, as true negatives are added.
      least = firstWhere(least, most, trueNegatives => compare(trueNegatives) >= 0)
      most = firstWhere(least, most, trueNegatives => compare(trueNegatives) > 0) - 1
    }
    for (let trueNegatives = least; trueNegatives <= most; trueNegatives++)
      search.add({ positives, negatives: falsePositives + trueNegatives }, matrix(trueNegatives))
  }
}

function addByNegatives(positives: number, truePositives: number, search: Search): void {
  const { upTo, figures } = search
  for (let negatives = 1; negatives <= upTo - positives && !search.stopped; negatives++) {
    search.step()
    const [low, high] = falsePositiveRange(truePositives, { positives, negatives }, figures, asPrinted)
    for (let falsePositives = low; falsePositives <= high; falsePositives++)
      search.add({ positives, negatives }, matrixOf({ positives, negatives }, truePositives, falsePositives))
  }
}

/** The false positives that precision and F1 leave possible: a little too many, never too few. */
function boundedFalsePositives(
  positives: number, truePositives: number, figures: readonly ReadFigure[],
): [low: number, high: number] {
  let low = 0, high = Infinity
  for (const figure of figures) {
    const [least, most] = widestRange(figure)
    if (least <= 0) continue
    // precision = TP / (TP + FP); F1 = 2 TP / (TP + FP + positives)
    const [factor, rest] = figure.metric === 'precision' ? [1, truePositives]
      : figure.metric === 'f1' ? [2, truePositives + positives] : [0, 0]
    if (factor === 0) continue
    low = Math.max(low, Math.floor(factor * truePositives / most - rest))
    high = Math.min(high, Math.ceil(factor * truePositives / least - rest))
  }
  return [low, high]
}

function sensitivityFits(positives: number, truePositives: number, figures: readonly ReadFigure[]): boolean {
  const figure = figures.find(({ metric }) => metric === 'sensitivity')
  return !figure || compareToPrint({ numerator: truePositives, denominator: positives }, figure, 'nearest') === 0
}

function requireSensitivity(figures: readonly ReadFigure[]): void {
  const [low, high] = sensitivityRange(figures)
  if (high - low < 0.5 && figures.length > 1) return
  throw new LabError('bad-argument', {
    expected: 'the sensitivity, or precision and F1, and one figure more, to search class counts',
    received: figures.map(({ metric }) => metricNames[metric]).join(', ') || 'no figure',
    remedy: 'State both class counts, or a smaller total',
  })
}
