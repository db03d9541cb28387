/** Figures as a paper prints them: which metric, which digits, percent or fraction. Digits are never rounded again. */
import { LabError } from '../../system/errors'
import { requireKnownKeys, type OptionNames } from '../../system/options'

/** The figures that a row may print. All but the AUC follow from a confusion matrix. */
export const printedMetrics = [
  'accuracy', 'precision', 'sensitivity', 'specificity', 'npv', 'f1', 'mcc', 'kappa', 'balancedAccuracy', 'auc',
] as const
export type PrintedMetric = (typeof printedMetrics)[number]

/** A row's figures, each with the digits as printed, such as '94.96', '.847' or '99 %'. */
export type PrintedRow = Partial<Record<PrintedMetric, string>>

export type Unit = 'percent' | 'fraction'

/** One figure, read. As a fraction its value is `digits / 10 ** scale`. */
export interface ReadFigure {
  metric: PrintedMetric
  print: string
  unit: Unit
  /** The printed digits as one whole number: 9496 for '94.96'. */
  digits: number
  /** How many digits the last one stands behind the point of the fraction: 4 for '94.96' in percent. */
  scale: number
}

/** The metric's name in a sentence. */
export const metricNames: Readonly<Record<PrintedMetric, string>> = {
  accuracy: 'accuracy', precision: 'precision', sensitivity: 'sensitivity', specificity: 'specificity',
  npv: 'negative predictive value', f1: 'F1', mcc: 'MCC', kappa: 'kappa', balancedAccuracy: 'balanced accuracy', auc: 'AUC',
}

const known = Object.fromEntries(printedMetrics.map(metric => [metric, true])) as OptionNames<PrintedRow>

/**
 * Reads a row's figures. A figure with a percent sign or above 1 is in percent, one below 1 a fraction; a printed 0 is
 * read like the rest of its row, a printed 1 as a fraction.
 * @param unit of all figures, where the row does not tell
 * @returns in the order of `printedMetrics`, the AUC among them
 * @throws LabError 'bad-argument' for a metric that is not known or a figure that is no number in its range
 */
export function readPrinted(printed: PrintedRow, unit?: Unit): ReadFigure[] {
  requireKnownKeys('printed', printed ?? null, known)
  const metrics = printedMetrics.filter(metric => printed[metric] !== undefined)
  const numbers = metrics.map(metric => parse(metric, printed[metric]!))
  const percents = numbers.some(({ sign, value }) => sign === 'percent' || Math.abs(value) > 1)
  return numbers.map(({ metric, print, digits, decimals, value, sign }) => {
    const read = sign ?? unit ?? (Math.abs(value) > 1 ? 'percent' : value === 0 && percents ? 'percent' : 'fraction')
    const largest = read === 'percent' ? 100 : 1
    if (Math.abs(value) > largest) throw refused(metric, print, `at most ${largest}`, 'Check the digits')
    const scale = decimals + (read === 'percent' ? 2 : 0)
    return { metric, print, unit: read, digits, scale }
  })
}

function parse(metric: PrintedMetric, print: string) {
  const text = typeof print === 'string' ? print.trim() : ''
  const match = /^([-−]?)(\d*)(?:\.(\d+))?\s*(%?)$/.exec(text)
  const [, minus, whole = '', decimals = '', percent] = match ?? []
  if (!match || whole + decimals === '')
    throw refused(metric, print, 'a number in quotes, such as \'94.96\' or \'.847\'',
      'Write the digits as printed, without a deviation; quotes preserve zeros at the end')
  const negative = Boolean(minus)
  if (negative && metric !== 'mcc' && metric !== 'kappa') throw refused(metric, print, 'at least 0', 'Check the sign')
  if (decimals.length > 7) throw refused(metric, print, 'a figure of at most 7 decimals', 'Leave decimals out')
  const digits = Number(whole + decimals) * (negative ? -1 : 1)
  return {
    metric, print: text, digits: digits === 0 ? 0 : digits, decimals: decimals.length,
    value: digits / 10 ** decimals.length,
    sign: percent ? 'percent' as const : undefined,
  }
}

function refused(metric: PrintedMetric, print: unknown, expected: string, remedy: string): LabError {
  return new LabError('bad-argument', { expected: `${metricNames[metric]} to be ${expected}`, received: String(print), remedy })
}

/**
 * A value with the digits of a printed figure: .964349 beside '96.46' is '96.43'.
 * @param value a fraction
 */
export function likePrint(value: number, { unit, scale }: ReadFigure): string {
  return unit === 'percent' ? (100 * value).toFixed(scale - 2) : value.toFixed(scale)
}
