/** Which confusion matrices print as a row of figures: compared with trying all matrices of small test sets. */
import { describe, expect, test } from 'vitest'
import { checkRow } from '../../src/lib/evaluation/row-check/check-row'
import type { Averaging } from '../../src/lib/evaluation/row-check/matrix-metrics'
import type { PrintedRow } from '../../src/lib/evaluation/row-check/printed'
import { testSetsOfTotal, testSetsUpTo, type TestSet } from '../../src/lib/evaluation/row-check/test-sets'
import { readPrinted } from '../../src/lib/evaluation/row-check/printed'
import type { Counts } from '../../src/lib/evaluation/metrics'

type Metric = Exclude<keyof PrintedRow, 'auc'>

/** Metrics as fractions [numerator, denominator] of small whole numbers, written out anew; 0 / 0 is 0. */
function fractions([a, b, c, d]: readonly number[]): Record<Exclude<Metric, 'mcc'>, [number, number]> {
  const share = (part: number, whole: number): [number, number] => (whole === 0 ? [0, 1] : [part, whole])
  const n = a + b + c + d
  const chance = (a + b) * (a + c) + (c + d) * (b + d)
  return {
    accuracy: [a + d, n], precision: share(a, a + c), sensitivity: share(a, a + b), specificity: share(d, c + d),
    npv: share(d, b + d), f1: share(2 * a, 2 * a + b + c),
    kappa: share((a + d) * n - chance, n * n - chance),
    balancedAccuracy: [a * (c + d) + d * (a + b), 2 * (a + b) * (c + d)],
  }
}

/** A fraction of whole numbers as text of so many digits: halves go up, and halves go to the even digit. */
function prints(numerator: number, denominator: number, decimals: number): string[] {
  const negative = numerator < 0
  const scaled = Math.abs(numerator) * 10 ** decimals, below = Math.floor(scaled / denominator)
  const twice = 2 * (scaled - below * denominator)
  const digits = twice < denominator ? [below] : twice > denominator ? [below + 1] : [below + 1, below + (below % 2)]
  const signed = (whole: number) => whole * (negative && whole !== 0 ? -1 : 1)
  return [...new Set(digits)].map(whole => (signed(whole) / 10 ** decimals).toFixed(decimals))
}

function* matrices(positives: number, negatives: number): Generator<number[]> {
  for (let a = 0; a <= positives; a++)
    for (let c = 0; c <= negatives; c++) yield [a, positives - a, c, negatives - c]
}

/** Every matrix of a test set that prints as the row. */
function tryAll(positives: number, negatives: number, row: PrintedRow): number[][] {
  return [...matrices(positives, negatives)].filter(matrix => {
    const of = fractions(matrix)
    return Object.entries(row).every(([metric, print]) => {
      const [numerator, denominator] = of[metric as keyof typeof of]
      return prints(numerator, denominator, print.split('.')[1].length).includes(print)
    })
  })
}

const plain = ({ truePositives, falseNegatives, falsePositives, trueNegatives }: Counts) =>
  [truePositives, falseNegatives, falsePositives, trueNegatives]

describe('all matrices of small test sets', () => {
  const rowsOf: readonly (readonly [metrics: readonly (keyof ReturnType<typeof fractions>)[], decimals: number])[] = [
    [['accuracy', 'precision', 'sensitivity', 'f1'], 4], [['accuracy', 'sensitivity', 'specificity'], 2],
    [['precision', 'f1'], 2], [['npv', 'kappa'], 3], [['balancedAccuracy', 'accuracy'], 1], [['f1'], 1], [['specificity', 'npv'], 2],
  ]
  test.each([[1, 1], [4, 8], [7, 5], [12, 13]])('%i positives and %i negatives: the same matrices fit', (positives, negatives) => {
    for (const [metrics, decimals] of rowsOf)
      for (const matrix of matrices(positives, negatives)) {
        const of = fractions(matrix)
        const printed = Object.fromEntries(metrics.map(metric => {
          const texts = prints(...of[metric], decimals)
          return [metric, texts[texts.length - 1]]
        }))
        const [{ fits }] = checkRow({ positives, negatives, printed, unit: 'fraction' }).readings
        const expected = tryAll(positives, negatives, printed)
        expect({ printed, count: fits.count }).toEqual({ printed, count: expected.length })
        expect(fits.matrices.map(plain)).toEqual(expected.slice(0, 20))
      }
  })

  test('MCC, whose values are square roots, finds the matrix that it was computed from', () => {
    for (const [a, b, c, d] of matrices(9, 11)) {
      const product = (a + b) * (c + d) * (a + c) * (b + d)
      const mcc = product === 0 ? 0 : (a * d - b * c) / Math.sqrt(product)
      const printed = { mcc: mcc.toFixed(7), accuracy: ((a + d) / 20).toFixed(2) }
      const [{ fits }] = checkRow({ positives: 9, negatives: 11, printed }).readings
      expect(fits.matrices.map(plain)).toContainEqual([a, b, c, d])
      expect(fits.count).toBeLessThanOrEqual(2)
    }
  })

  test.each(['macro', 'weighted'] as const)('%s averages: the same matrices fit', (averaging: Averaging) => {
    const [positives, negatives] = [7, 11]
    const averages = ([a, b, c, d]: readonly number[]) => {
      const first = fractions([a, b, c, d]), second = fractions([d, c, b, a])
      const [p, n] = averaging === 'macro' ? [0.5, 0.5] : [7 / 18, 11 / 18]
      const mean = (metric: 'precision' | 'sensitivity' | 'f1') =>
        (p * first[metric][0] / first[metric][1] + n * second[metric][0] / second[metric][1]).toFixed(6)
      return { precision: mean('precision'), sensitivity: mean('sensitivity'), f1: mean('f1') }
    }
    const all = [...matrices(positives, negatives)]
    for (const matrix of all) {
      const printed = averages(matrix)
      const reading = checkRow({ positives, negatives, printed }).readings.find(({ name }) => name === `${averaging} averages`)!
      const expected = all.filter(one => JSON.stringify(averages(one)) === JSON.stringify(printed))
      expect(reading.fits.count).toBe(expected.length)
    }
  })

  test('searches of unknown class counts miss nothing and add nothing', () => {
    const rows: PrintedRow[] = [
      { accuracy: '0.75', sensitivity: '0.67', specificity: '0.80' }, { accuracy: '0.78', precision: '0.67', sensitivity: '0.80' },
      { precision: '0.75', f1: '0.67', accuracy: '0.80' }, { sensitivity: '0.5', npv: '0.5' },
    ]
    for (const row of rows) {
      const pairs = Array.from({ length: 18 }, (_, p) => Array.from({ length: 18 }, (_, n) => [p + 1, n + 1])).flat()
      const found = pairs.map(([p, n]) => ({ positives: p, negatives: n, count: tryAll(p, n, row).length }))
        .filter(({ positives, negatives, count }) => count > 0 && positives + negatives <= 18)
      const figures = readPrinted(row)
      const short = ({ positives, negatives, fits }: TestSet) => ({ positives, negatives, count: fits.count })
      const bySize = (a: typeof found[number], b: typeof found[number]) =>
        a.positives + a.negatives - b.positives - b.negatives || a.positives - b.positives
      expect(testSetsUpTo(18, figures).sets.map(short)).toEqual(found.sort(bySize))
      const ofSixteen = found.filter(one => one.positives + one.negatives === 16)
      expect(testSetsOfTotal(16, figures).sets.map(short)).toEqual(ofSixteen)
    }
  })
})

describe('published rows', () => {
  const xdnn = { accuracy: '97.38', precision: '99.16', sensitivity: '95.53', f1: '97.31' }

  test('Soares’s recall is specificity: the row fits only where non-COVID counts as positive', () => {
    const { verdict, readings, words } = checkRow({ positives: 250, negatives: 246, printed: xdnn })
    expect(verdict).toBe('another reading')
    const fitting = readings.filter(({ fits }) => fits.count > 0)
    expect(fitting.map(({ name, fits }) => [name, fits.count, plain(fits.matrices[0])]))
      .toEqual([['the other class is positive', 1, [235, 11, 2, 248]]])
    expect(words.join(' ')).toContain('TP 235, FN 11, FP 2, TN 248')
    expect(words).toContain('A row that fits is possible; that does not make it true.')
  })

  test('Alshazly’s row fits no single matrix: accuracy lies below sensitivity and specificity', () => {
    const printed = { accuracy: '99.4', precision: '99.6', sensitivity: '99.8', specificity: '99.6', f1: '99.4' }
    const { verdict, contradictions } = checkRow({ printed })
    expect(verdict).toBe('impossible as printed')
    expect(contradictions[0]).toContain('accuracy 99.4 lies below both sensitivity 99.8 and specificity 99.6')
    for (const [positives, negatives] of [[250, 246], [251, 246], [500, 500], [3000, 1000]])
      expect(checkRow({ positives, negatives, printed }).readings[0].fits.count).toBe(0)
  })

  test('Loey’s test set is 94 + 105', () => {
    const printed = { accuracy: '82.91', sensitivity: '77.66', specificity: '87.62' }
    const { verdict, testSets: [set] } = checkRow({ printed, upTo: 390 })
    expect(verdict).toBe('one test set')
    expect([set.positives, set.negatives, ...plain(set.fits.matrices[0])]).toEqual([94, 105, 73, 21, 13, 92])
  })

  test('one image fewer explains a row, and a misprint is named', () => {
    const { verdict, oneFigureOff, nearest, words } = checkRow({ positives: 224, negatives: 1204,
      printed: { accuracy: '96.78', sensitivity: '98.66', specificity: '96.46' } })
    expect(verdict).toBe('impossible as printed')
    expect(oneFigureOff.map(({ figure, matrix }) => [figure.print, ...plain(matrix)])).toEqual([['96.46', 221, 3, 43, 1161]])
    expect(plain(nearest!.matrix)).toEqual([221, 3, 43, 1161])
    expect(nearest!.figures.filter(({ agrees }) => !agrees).map(({ figure }) => figure.metric)).toEqual(['specificity'])
    expect(words.join(' ')).toContain('specificity 96.43 where 96.46 is printed')
    const near = checkRow({ positives: 98, negatives: 105, printed: { accuracy: '88.6', precision: '87.9', sensitivity: '88.8' } })
    expect(near.readings.filter(({ fits }) => fits.count > 0).map(({ name, classes }) => [name, classes]))
      .toEqual([['one image more or fewer', { positives: 98, negatives: 104 }]])
  })

  test('an F1 above precision and sensitivity is a contradiction', () => {
    const { contradictions, verdict } = checkRow({ printed: { precision: '85.92', sensitivity: '87.41', f1: '89.53' } })
    expect(contradictions[0]).toMatch(/^F1 89.53 lies above both precision 85.92 and sensitivity 87.41/)
    expect(verdict).toBe('impossible as printed')
  })
})

describe('reading the print', () => {
  const units = (printed: PrintedRow) => readPrinted(printed).map(({ unit, digits, scale }) => [unit, digits, scale])

  test('percent and fraction are told apart figure by figure, and zeros at the end count as digits', () => {
    expect(units({ accuracy: '94.96', precision: '93.00' })).toEqual([['percent', 9496, 4], ['percent', 9300, 4]])
    expect(units({ accuracy: '90.77', precision: '.8848' })).toEqual([['percent', 9077, 4], ['fraction', 8848, 4]])
    expect(units({ accuracy: '0.5%' })).toEqual([['percent', 5, 3]])
    expect(units({ accuracy: '62.2', sensitivity: '0' })).toEqual([['percent', 622, 3], ['percent', 0, 2]])
    expect(checkRow({ positives: 336, negatives: 336, printed: { accuracy: '90.77', sensitivity: '.9375' } }).words[0])
      .toBe('Read as percent: accuracy 90.77; as fractions: sensitivity .9375.')
  })

  test.each([
    [{ accuracy: '94,96' }, /a number in quotes/], [{ accuracy: '97.59±.48' }, /without a deviation/], [{ accuracy: '' }, /a number/],
    [{ accuracy: '940' }, /at most 100/], [{ accuracy: '-1' }, /at least 0/], [{ acuracy: '94' } as PrintedRow, /did you mean accuracy/],
    [{ accuracy: 94.96 as unknown as string }, /a number in quotes/],
  ])('%j is refused', (printed, message) => expect(() => checkRow({ positives: 5, negatives: 5, printed })).toThrow(message))

  test('halves: 1 of 8 prints as 12.5, and as 13 or 12 without decimals, but not as 12 where halves go up', () => {
    const fits = (sensitivity: string) =>
      checkRow({ positives: 8, negatives: 1, printed: { sensitivity, specificity: '100' } }).readings[0].fits.count
    expect([fits('12.5'), fits('13'), fits('12'), fits('14')]).toEqual([1, 1, 1, 0])
    const cut = checkRow({ positives: 3, negatives: 1, printed: { sensitivity: '66', specificity: '100' } })
    expect(cut.readings.filter(({ fits }) => fits.count > 0).map(({ name }) => name)).toEqual(['cut off'])
  })
})

describe('what is not known', () => {
  test('the AUC is ignored, and the words say so', () => {
    const { verdict, words } = checkRow({ positives: 5, negatives: 5, printed: { auc: '.97' } })
    expect([verdict, words[0]]).toEqual(['nothing to check', 'AUC .97 is ignored: no confusion matrix gives it.'])
  })

  test('a mean over folds is tested for accuracy, sensitivity and specificity only', () => {
    const printed = { accuracy: '75', sensitivity: '80', specificity: '70', precision: '99' }
    const reading = (folds: number) => checkRow({ positives: 10, negatives: 10, printed, folds }).readings
      .find(({ name }) => name === 'mean of folds')
    expect(reading(5)).toMatchObject({ untested: ['precision'], fits: { count: 1 } })
    expect(reading(3)).toBeUndefined()
  })

  test('a search without bounds on the sensitivity is refused; one that would not end says so', () => {
    expect(() => checkRow({ printed: { accuracy: '95' } })).toThrow(/expected the sensitivity, or precision and F1/)
    expect(checkRow({ printed: { accuracy: '99', sensitivity: '99', f1: '99' } }).verdict).toBe('too many test sets')
  })

  test.each([
    [{ positives: 5 }, /two class counts/], [{ positives: 5, negatives: 5, total: 11 }, /two class counts/],
    [{ positives: 0, negatives: 5 }, /positives to be a whole number from 1/], [{ positives: 9, total: 9 }, /two class counts/],
  ])('%j is refused', (counts, message) =>
    expect(() => checkRow({ ...counts, printed: { accuracy: '90' } })).toThrow(message))

  test('one class count and the total are enough', () =>
    expect(checkRow({ positives: 2, total: 5, printed: { accuracy: '80' } }).readings[0].classes).toEqual({ positives: 2, negatives: 3 }))
})

test('ten thousand images take no noticeable time', () => {
  // Processor time: other programs may keep the test waiting.
  const start = process.cpuUsage()
  checkRow({ positives: 5000, negatives: 5000, printed: { accuracy: '96.25', precision: '96.29', f1: '96.30' } })
  checkRow({ total: 10_000, printed: { accuracy: '96.25', precision: '96.29', sensitivity: '96.29', specificity: '96.21' } })
  const { user, system } = process.cpuUsage(start)
  // About half a second; trying all 25 million matrices takes minutes.
  expect((user + system) / 1e6, 'seconds').toBeLessThan(5)
})
