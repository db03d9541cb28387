/** Rows of several classes, printed matrices, printed folds, and rows of one table. */
import { describe, expect, test } from 'vitest'
import { papers, tables } from '../../src/lib/index'

/** A three-class matrix's figures with so many digits, halves up. */
function figuresOf(matrix: readonly (readonly number[])[], decimals: number) {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  const labels = ['a', 'b', 'c'], columns = labels.map((_, k) => sum(matrix.map(row => row[k])))
  const print = (part: number, whole: number) => whole === 0 ? (0).toFixed(decimals) :
    (Math.floor((2 * part * 10 ** decimals + whole) / (2 * whole)) / 10 ** decimals).toFixed(decimals)
  return {
    counts: Object.fromEntries(labels.map((label, k) => [label, sum(matrix[k])])),
    accuracy: print(matrix[0][0] + matrix[1][1] + matrix[2][2], sum(matrix.flat())),
    sensitivity: Object.fromEntries(labels.map((label, k) => [label, print(matrix[k][k], sum(matrix[k]))])),
    precision: Object.fromEntries(labels.map((label, k) => [label, print(matrix[k][k], columns[k])])),
  }
}

describe('three classes', () => {
  test('every small matrix is among as many as trying all of them finds', () => {
    const rows = (size: number) => Array.from({ length: size + 1 }, (_, a) =>
      Array.from({ length: size + 1 - a }, (_, b) => [a, b, size - a - b])).flat()
    const all = rows(3).flatMap(a => rows(2).flatMap(b => rows(4).map(c => [a, b, c])))
    const texts = all.map(matrix => JSON.stringify(figuresOf(matrix, 5)))
    all.forEach((matrix, i) => {
      const { count, matrices: [one] } = papers.checkClasses({ ...figuresOf(matrix, 5), unit: 'fraction' })
      const expected = texts.filter(text => text === texts[i]).length
      expect(count).toBe(expected)
      if (expected === 1) expect(one).toEqual(matrix)
    })
  })

  const counts = { normal: 100, pneumonia: 100, COVID: 31 }

  test('COVID-Net Large’s figures leave its published matrix and few others, with the same column totals', () => {
    const { matrices, predicted, verdict } = papers.checkClasses({ counts, accuracy: '94.4',
      sensitivity: { normal: '99.0', pneumonia: '89.0', COVID: '96.8' }, precision: { normal: '91.7', pneumonia: '98.9', COVID: '90.9' } })
    expect(verdict).toBe('several matrices')
    expect(matrices).toContainEqual([[99, 1, 0], [8, 89, 3], [1, 0, 30]])
    expect([matrices.length, predicted]).toEqual([2, [[108, 90, 33]]])
  })

  test('column totals that do not add up are impossible', () => {
    const { verdict, words } = papers.checkClasses({ counts, accuracy: '94.4',
      sensitivity: { normal: '99.0', pneumonia: '89.0', COVID: '96.8' }, precision: { normal: '91.7', pneumonia: '80.0', COVID: '90.9' } })
    expect(verdict).toBe('impossible as printed')
    expect(words[0]).toContain('do not add up')
  })

  test('an accuracy alone is a number of images, or none', () => {
    expect(papers.checkClasses({ counts: { COVID: 125, pneumonia: 500, normal: 500 }, accuracy: '87.02' }).correct).toEqual([979])
    expect(papers.checkClasses({ counts: { a: 1, b: 1, c: 1 }, accuracy: '50' }).verdict).toBe('impossible as printed')
  })

  test.each([
    [{ counts: { a: 1, b: 2 } }, /three classes or more/], [{ counts: { a: 1, b: 2, c: 0 } }, /counts.c/],
    [{ counts, sensitivity: { Covid: '97' } }, /a class of counts/],
    [{ counts: { a: 900, b: 900, c: 900 }, sensitivity: { a: '97' } }, /sensitivity and precision of/],
  ])('%j is refused', (question, message) => expect(() => papers.checkClasses(question)).toThrow(message))
})

describe('a printed matrix', () => {
  test('that contradicts the accuracy printed beside it is found', () => {
    const check = papers.checkMatrix({ labels: ['infected', 'normal'], matrix: [[475, 140], [14, 871]], printed: { accuracy: '.95' } })
    expect(check).toMatchObject({ agrees: false, words: ['The printed matrix gives accuracy 0.90, not .95.'] })
  })

  test('gives figures by class', () => {
    const matrix = [[99, 1, 0], [8, 89, 3], [1, 0, 30]], labels = ['normal', 'pneumonia', 'COVID']
    expect(papers.checkMatrix({ matrix, labels, printed: { accuracy: '94.4' }, byClass: { COVID: { precision: '90.9' } } }).agrees).toBe(true)
    expect(papers.checkMatrix({ matrix, labels, byClass: { COVID: { precision: '96.4' } } }).words)
      .toEqual(['The printed matrix gives COVID precision 90.9, not 96.4.'])
    expect(() => papers.checkMatrix({ matrix, labels, printed: { precision: '90' } })).toThrow(/only the accuracy/)
    expect(() => papers.checkMatrix({ matrix: [[1, 2]], labels: ['a', 'b'] })).toThrow(/a matrix of whole numbers/)
    expect(() => papers.checkMatrix({ matrix: [[1, 2], [3, 4]], labels: ['a', 'b'], printed: { f1: '50' } })).toThrow(/positive/)
  })
})

describe('printed folds', () => {
  test('that do not have the printed mean are found', () => {
    const check = papers.checkFoldMean(['100', '97.6', '96.8', '97.6', '97.6'], '98.08')
    expect(check.agrees).toBe(false)
    expect(check.words[0]).toContain('average 97.92, not 98.08')
  })

  test('may differ by what rounding took away', () => {
    expect(papers.checkFoldMean(['97.6', '98.4'], '98.04').agrees).toBe(true)
    expect(papers.checkFoldMean(['97.60', '98.40'], '98.04').agrees).toBe(false)
    expect(() => papers.checkFoldMean(['97.6'], '97.6')).toThrow(/two folds/)
  })
})

describe('rows of one table', () => {
  const ieee = {
    AlexNet: { accuracy: '0.7900', sensitivity: '0.8100', specificity: '0.7731', precision: '0.7500', npv: '0.8288', f1: '0.7788' },
    VGG16: { accuracy: '0.5821', sensitivity: '0.9508', specificity: '0.2844', precision: '0.5175', npv: '0.8774', f1: '0.6702' },
    VGG19: { accuracy: '0.7717', sensitivity: '0.6200', specificity: '0.8992', precision: '0.8378', npv: '0.7379', f1: '0.7126' },
    GoogLeNet: { accuracy: '0.7306', sensitivity: '0.5000', specificity: '0.9244', precision: '0.8475', npv: '0.6875', f1: '0.6289' },
    'ResNet-50': { accuracy: '0.7717', sensitivity: '0.6250', specificity: '0.8862', precision: '0.8108', npv: '0.7517', f1: '0.7059' },
  }

  test('the IEEE Access table’s rows come from different test sets, and VGG16’s row fits none', () => {
    const { verdict, rows, shared, words } = papers.checkTable({ total: 219, rows: ieee })
    expect([verdict, shared]).toEqual(['different test sets', []])
    const countsOf = (check: (typeof rows)[number]['check']) => check.testSets.map(set => [set.positives, set.negatives])
    expect(rows.map(({ name, check }) => [name, countsOf(check)])).toEqual([
      ['AlexNet', [[100, 119]]], ['VGG16', []], ['VGG19', [[100, 119]]], ['GoogLeNet', [[100, 119]]], ['ResNet-50', [[96, 123]]],
    ])
    expect(words).toContain('VGG16: no test set fits.')
  })

  test('without its last row, the table’s rows can share a test set', () => {
    const { 'ResNet-50': _, ...rows } = ieee
    expect(papers.checkTable({ total: 219, rows })).toMatchObject({ verdict: 'one test set', shared: [{ positives: 100, negatives: 119 }] })
    expect(() => papers.checkTable({ total: 219, rows: { AlexNet: ieee.AlexNet } })).toThrow(/two rows/)
  })
})

test('the table of a check has a line a reading, and says in its note what was found', () => {
  const table = tables.rowCheck(papers.checkRow({ positives: 250, negatives: 246,
    printed: { accuracy: '97.38', precision: '99.16', sensitivity: '95.53', f1: '97.31' } }))
  expect(table.title).toBe('Can this row be true? another reading')
  expect(table.rows.map(({ reading, matrices, truePositives }) => [reading, matrices, truePositives])).toEqual([
    ['as printed', 0, null], ['the other class is positive', 1, 235], ['cut off', 0, null], ['macro averages', 0, null],
    ['weighted averages', 0, null],
  ])
  expect(table.rows[1].rounding).toBe('half up, half even')
  expect(table.note).toContain('that does not make it true')
})
