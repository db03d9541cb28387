/** Every score, against scikit-learn on the same probabilities. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/scores.json'
import { cohenKappa, matthews, type KappaWeighting } from '../../src/lib/evaluation/scores/agreement'
import { averages, averageScores } from '../../src/lib/evaluation/scores/averages'
import { normalizeConfusion, type ConfusionWhole } from '../../src/lib/evaluation/scores/confusion-shares'
import {
  areaUnder, areaUnderRoc, brier, brierOverClasses, logLoss, rocPoints, type Confusion,
} from '../../src/lib/evaluation/metrics'
import { areasOneVsRest, aucOneVsOne, aucOneVsRest } from '../../src/lib/evaluation/scores/multiclass-auc'
import { averagePrecision, precisionRecallPoints } from '../../src/lib/evaluation/scores/precision-recall'
import { statistics } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'

/** Both sides compute in float64 from the same exact probabilities and differ by rounding alone. */
const close = (received: number, expected: number) => expect(Math.abs(received - expected)).toBeLessThan(1e-12)

describe.each(golden.cases)('scores equal scikit-learn: $name', sample => {
  const classes = sample.probabilities[0].map((_, k) => `class ${k}`)
  const predictions = statistics.fromArrays({
    classes, truth: sample.truth.map(k => classes[k]), probabilities: sample.probabilities,
  })
  const scores = statistics.scorePredictions(predictions)

  test('confusion matrix, by row, column and all', () => {
    expect(scores.confusion).toEqual(sample.confusion)
    for (const [whole, expected] of Object.entries(sample.normalized))
      normalizeConfusion(scores.confusion, whole as ConfusionWhole)
        .forEach((row, i) => row.forEach((share, k) => close(Number.isNaN(share) ? 0 : share, expected[i][k])))
  })

  test('accuracy, balanced accuracy, Matthews, κ, Brier, log loss', () => {
    for (const name of ['accuracy', 'balancedAccuracy', 'matthews', 'brier', 'logLoss'] as const) close(scores[name], sample[name])
    close(scores.kappa, sample.kappa.none)
    if (classes.length === 2)
      close(brier(sample.truth, sample.probabilities.map(row => row[1])), sample.brier)
    for (const [weighting, expected] of Object.entries(sample.kappa))
      close(cohenKappa(scores.confusion, weighting as KappaWeighting), expected)
  })

  test('each class against the rest', () => {
    const { images, ...expected } = sample.perClass
    expect(scores.perClass.map(one => one.images)).toEqual(images)
    for (const name of Object.keys(expected) as (keyof typeof expected)[])
      scores.perClass.forEach((one, k) => close(one[name], expected[name][k]))
  })

  test('micro, macro and weighted; one against one', () => {
    for (const average of averages)
      for (const name of Object.keys(sample.averages.micro) as (keyof typeof sample.averages.micro)[])
        close(scores[average][name], sample.averages[average][name])
    close(scores.oneVsOne.macro, sample.oneVsOne.macro)
    close(scores.oneVsOne.weighted, sample.oneVsOne.weighted)
  })

  test('precision and recall at every threshold', () => {
    sample.curves.forEach((expected, k) => {
      const points = statistics.tracePrecisionRecall(predictions, classes[k]).reverse()
      expect(points.map(point => point.threshold)).toEqual([...expected.thresholds, Infinity])
      points.forEach((point, i) => {
        close(point.precision, expected.precision[i])
        close(point.recall, expected.recall[i])
      })
    })
  })

  test('an image that counts twice is an image that is there twice', () => {
    const weights = sample.truth.map((_, i) => (i * 7) % 4)
    const drawn = sample.truth.flatMap((_, i) => new Array<number>(weights[i]).fill(i))
    const whole = { truth: sample.truth, probabilities: sample.probabilities.flat(), classes: classes.length, weights }
    const copies = {
      truth: drawn.map(i => sample.truth[i]), probabilities: drawn.flatMap(i => sample.probabilities[i]),
      classes: classes.length,
    }
    close(brierOverClasses(whole.truth, whole.probabilities, whole.classes, weights),
      brierOverClasses(copies.truth, copies.probabilities, copies.classes))
    close(logLoss(whole.truth, whole.probabilities, whole.classes, weights),
      logLoss(copies.truth, copies.probabilities, copies.classes))
    for (const average of averages) close(aucOneVsRest(whole, average), aucOneVsRest(copies, average))
    for (const average of ['macro', 'weighted'] as const) close(aucOneVsOne(whole, average), aucOneVsOne(copies, average))
    const first = (input: { truth: number[]; probabilities: number[] }) => [
      input.truth.map(label => Number(label === 0)), input.truth.map((_, i) => input.probabilities[i * classes.length]),
    ] as const
    const drawnTwice = averagePrecision(precisionRecallPoints(...first(whole), weights))
    close(drawnTwice, averagePrecision(precisionRecallPoints(...first(copies))))
  })
})

test('the area without its points is, to the bit, the area under the points', () => {
  for (let world = 0; world < 40; world++) {
    const numbers = stream('area to the bit', world)
    const positives = Array.from({ length: 50 }, () => numbers.integer(2))
    const scores = Array.from({ length: 50 }, () => numbers.integer(world + 1) / 7)
    const weights = world % 2 ? positives.map(() => numbers.integer(3)) : undefined
    expect(areaUnderRoc(positives, scores, weights)).toBe(areaUnder(rocPoints(positives, scores, weights)))
  }
  expect(areaUnderRoc([1, 1], [0.2, 0.3])).toBeNaN()
  expect(areaUnderRoc([0, 0], [0.2, 0.3])).toBeNaN()
})

describe('what is not defined is NaN, never a number', () => {
  const oneSided: Confusion = [[3, 0], [2, 0]]

  test('correlation and κ of one class', () => {
    expect(matthews(oneSided)).toBeNaN()
    expect(matthews([[3, 0], [0, 0]])).toBeNaN()
    expect(cohenKappa(oneSided)).toBe(0)
    expect(cohenKappa([[3, 0], [0, 0]])).toBeNaN()
  })

  test('a share of an empty row or column', () => {
    expect(normalizeConfusion(oneSided, 'column')).toEqual([[0.6, NaN], [0.4, NaN]])
    expect(normalizeConfusion([[3, 1], [0, 0]], 'row')).toEqual([[0.75, 0.25], [NaN, NaN]])
  })

  test('a mean over a class without value; a class without images weighs nothing', () => {
    const withoutThird: Confusion = [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    expect(averageScores(withoutThird, 'macro').sensitivity).toBeNaN()
    expect(averageScores(withoutThird, 'weighted').sensitivity).toBeCloseTo(2 / 3, 12)
    expect(averageScores(withoutThird, 'micro').sensitivity).toBeCloseTo(2 / 3, 12)
  })

  test('areas of absent classes, average precision without positives', () => {
    const input = { truth: [0, 1, 0], probabilities: [0.5, 0.3, 0.2, 0.1, 0.8, 0.1, 0.6, 0.2, 0.2], classes: 3 }
    expect(areasOneVsRest(input)).toEqual([1, 1, NaN])
    expect(aucOneVsOne(input, 'macro')).toBeNaN()
    expect(averagePrecision(precisionRecallPoints([0, 0], [0.1, 0.2]))).toBeNaN()
    expect(averagePrecision(precisionRecallPoints([], []))).toBeNaN()
    expect(areaUnderRoc([], [])).toBeNaN()
    expect(areaUnder(rocPoints([], []))).toBeNaN()
  })
})

describe('predictions from plain arrays', () => {
  const arrays = { classes: ['ill', 'well'], truth: ['ill', 'well'], probabilities: [[0.8, 0.2], [0.3, 0.7]] }

  test('name their images, have no groups and no positive class unless told', () => {
    expect(statistics.fromArrays(arrays)).toEqual({
      classes: ['ill', 'well'], labels: Int32Array.of(0, 1), probabilities: Float32Array.of(0.8, 0.2, 0.3, 0.7),
      names: ['image 1', 'image 2'], groups: [null, null], grouping: 'none',
    })
    expect(statistics.fromArrays({ ...arrays, groups: ['p', 'q'], positive: 'ill' }))
      .toMatchObject({ groups: ['p', 'q'], grouping: 'patient', positive: 'ill' })
    expect(statistics.scorePredictions(statistics.fromArrays({ ...arrays, positive: 'ill' })).positive?.label).toBe('ill')
    expect(statistics.scorePredictions(statistics.fromArrays(arrays)).positive).toBeNull()
    expect(statistics.scorePredictions(statistics.fromArrays(arrays), { positive: 'well' }).positive?.label).toBe('well')
  })

  test.each([
    ['a truth that is no class', { truth: ['ill', 'dead'] }, /dead/],
    ['a positive class that is none', { positive: 'Ill' }, /Ill/],
    ['one class', { classes: ['ill'], probabilities: [[1], [1]] }, /two or more classes/],
    ['classes of one name', { classes: ['ill', 'ill'] }, /different names/],
    ['a short row', { probabilities: [[0.8, 0.2], [0.7]] }, /1 in row 1/],
    ['rows for other images', { probabilities: [[0.8, 0.2]] }, /expected 4 probabilities/],
    ['scores that are no probabilities', { probabilities: [[8, 2], [3, 7]] }, /sum to 1/],
    ['groups of other images', { groups: ['p'] }, /2 groups/],
    ['a misspelt option', { group: ['p', 'q'] }, /did you mean groups/],
  ])('refuse %s', (_, more, message) => {
    expect(() => statistics.fromArrays({ ...arrays, ...more })).toThrow(message)
  })
})
