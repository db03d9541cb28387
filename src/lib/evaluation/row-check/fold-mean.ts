/** Printed folds against their printed mean. */
import { LabError } from '../../system/errors'
import { likePrint, readPrinted, type Unit } from './printed'

/** A mean beside the folds that it is said to be of. */
export interface FoldMeanCheck {
  agrees: boolean
  /** The mean of the printed folds, as a fraction. */
  mean: number
  words: string[]
}

/**
 * Whether printed folds of equal size have the printed mean, whatever was rounded away.
 * @param folds each fold's figure with the digits as printed
 * @throws LabError 'bad-argument' for fewer than two folds, or figures that are no numbers
 * @example papers.checkFoldMean(['100', '97.6', '96.8', '97.6', '97.6'], '98.08').words
 */
export function checkFoldMean(folds: readonly string[], mean: string, unit?: Unit): FoldMeanCheck {
  if (!Array.isArray(folds) || folds.length < 2)
    throw new LabError('bad-argument', {
      expected: 'two folds or more', received: String(folds?.length ?? folds), remedy: 'List each fold’s figure in quotes',
    })
  const shared = unit ?? readPrinted({ accuracy: mean })[0].unit
  const read = (print: string) => readPrinted({ accuracy: print }, shared)[0]
  const figures = folds.map(read), whole = read(mean)
  const average = figures.reduce((sum, { digits, scale }) => sum + digits / 10 ** scale, 0) / folds.length
  // Half a unit of the last digit each way for every fold, and for the mean; a little more for sums of decimals.
  const ofFolds = figures.reduce((sum, { scale }) => sum + 0.5 / 10 ** scale, 0) / folds.length
  const slack = ofFolds + 0.5 / 10 ** whole.scale + 1e-9
  const agrees = Math.abs(average - whole.digits / 10 ** whole.scale) <= slack
  const words = agrees ? `The printed folds can have the mean ${mean}.`
    : `The printed folds average ${likePrint(average, whole)}, not ${mean}; rounding does not explain the difference, `
      + 'folds of unequal size or other folds would.'
  return { agrees, mean: average, words: [words] }
}
