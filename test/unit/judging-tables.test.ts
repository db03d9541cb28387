/** What the tables of judging say. */
import { describe, expect, it, test } from 'vitest'
import { ignoreGroups, papers, statistics, tables, type Predictions } from '../../src/lib/index'
import { shownOf } from '../../src/lib/notebook/show'
import { madePredictions } from '../fixtures/figures'

const predictions: Predictions = { ...madePredictions(['COVID', 'non-COVID'], 1.4), positive: 'COVID' }
const three = madePredictions(['a', 'b', 'c'], 1, 4)

describe('scores', () => {
  const scores = statistics.scorePredictions(three), { rows, columns } = tables.scores(scores)

  it('has every number of scorePredictions', () => {
    const numbers = new Set(rows.flatMap(row => Object.values(row)))
    const { images, confusion, positive, perClass, micro, macro, weighted, oneVsOne, ...overall } = scores
    const given = [overall, micro, macro, weighted, oneVsOne, ...perClass.map(one => ({ ...one, images: undefined }))]
      .flatMap(one => Object.values(one)).filter(value => typeof value === 'number')
    expect(given.length).toBe(6 + 18 + 2 + 3 * 7)
    expect(given.filter(value => !numbers.has(value))).toEqual([])
    expect([images, positive, confusion.length]).toEqual([120, null, 3])
  })

  it('names classes with their images', () => {
    expect(columns.map(({ title }) => title)).toEqual(
      ['score', 'all images', 'a (40 images)', 'b (40 images)', 'c (40 images)', 'micro', 'mean over classes (macro)', 'mean weighted by images'])
  })
})

test('operating points: shares with intervals, what they take as independent, and each warning once', () => {
  const validation = { ...predictions, names: predictions.names.map(name => `v ${name}`) }
  const judged = (['youden', 'sensitivity'] as const).map(name => statistics.judgeOperatingPoint(statistics.chooseOperatingPoint(
    validation, { rule: name === 'youden' ? { name } : { name, atLeast: 0.9 } }), predictions))
  const table = tables.operatingPoints(judged)
  expect(table.rows[0].sensitivity).toMatch(/^\d+\.\d % \(\d+\.\d to \d+\.\d\)$/)
  expect(table.rows.map(({ found, missed }) => Number(found) + Number(missed))).toEqual([120, 120])
  expect(table.note).toBe('95 % intervals by bootstrap over 24 number blocks. '
    + '24 groups had images among those that chose the threshold: these figures may be too good.')
})

test('thresholds: the called are the found and the false alarms; nobody is called at a score that none has', () => {
  const { rows } = tables.thresholds(predictions, { thresholds: [0, 0.35, 1] })
  for (const { called, truePositives, falsePositives } of rows)
    expect(called).toBe(Number(truePositives) + Number(falsePositives))
  expect(rows.map(({ called }) => called)).toEqual([240, 132, 0])
  expect(rows[2].precision).toBeNaN()
  expect(tables.thresholds(predictions).rows.map(({ threshold }) => threshold))
    .toEqual([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
})

describe('subgroups', () => {
  const column = predictions.names.map((_, i) => (i < 10 ? 'site 1' : 'site 2'))

  it('warn where they are small', () => {
    const { title, rows, note } = tables.subgroups(statistics.estimateBySubgroup(predictions, column, 'sensitivity'))
    expect(title).toBe('Sensitivity by subgroup')
    expect(rows.map(({ subgroup, warning }) => [subgroup, warning])).toEqual([
      ['site 2', ''], ['site 1', 'only 1 number block; only 0 images of the rest'],
    ])
    expect(note).toBe('Intervals go by group. Subgroups also differ by chance: whoever looks for the worst of many finds one. '
      + 'Rows with a warning are too small to be compared.')
  })

  it('say where images are taken as independent, and name the scores of several', () => {
    const alone = ignoreGroups(predictions)
    const table = tables.subgroups((['sensitivity', 'auc'] as const)
      .flatMap(metric => statistics.estimateBySubgroup(alone, column, metric)))
    expect(table.note).toContain('Intervals take images as independent: too narrow if they share patients.')
    expect(shownOf(table).text).toContain('area under the ROC curve')
  })
})

test('declared comparisons: the family is adjusted, and counted', () => {
  const judged = statistics.judgeDeclared({ primary: 'all', family: 'depths', secondary: ['conv5', 'conv4'] }, { all: 0.01, conv5: 0.02, conv4: 0.04 })
  const { rows, note } = tables.declared(judged)
  expect(rows.map(({ adjusted }) => adjusted)).toEqual([0.01, 0.04, 0.04])
  expect(note).toContain('family depths (2 comparisons) are adjusted together by Holm’s method')
})

test('calibration: intervals by group where groups are known, else Wilson’s', () => {
  const { rows, note } = tables.calibration(predictions, 'COVID')
  const measured = statistics.measureCalibration(predictions, { positive: 'COVID', ranges: 5 }).rows
  expect(rows.map(({ low, high }) => [low, high])).toEqual(measured.map(({ low, high }) => [low, high]))
  expect(note).toBe('95 % intervals by bootstrap over 24 number blocks.')
  const alone = tables.calibration(ignoreGroups(predictions), 'COVID')
  expect(alone.note).toContain('as if each image came from another patient')
  expect(alone.rows.map(({ images }) => images)).toEqual(rows.map(({ images }) => images))
  expect(alone.rows[0].low).not.toBe(rows[0].low)
})

test('a row check speaks of one negative', () => {
  const { note } = tables.rowCheck(papers.checkRow({ positives: 2, negatives: 1, printed: { accuracy: '66.67' } }))
  expect(note).toContain('2 positives and 1 negative')
  expect(note).not.toContain('1 negatives')
})
