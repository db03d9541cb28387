import { describe, expect, it } from 'vitest'
import { estimate } from '../../src/lib/evaluation/estimate'
import { measurePredictions } from '../../src/lib/evaluation/evaluation'
import { fromArrays } from '../../src/lib/evaluation/from-arrays'
import { estimateBySubgroup, selectImages } from '../../src/lib/evaluation/subgroups'
import { stream } from '../../src/lib/system/random'
import type { Predictions } from '../../src/lib/evaluation/predictions'

/** Predictions of made-up images: `perGroup` in each of `groups` groups a class, right with the given chance. */
function made(options: { classes?: string[]; groups?: number; perGroup?: number; right?: number; grouping?: 'none' }) {
  const { classes = ['COVID', 'non-COVID'], groups = 20, perGroup = 5, right = 0.8 } = options
  const numbers = stream('made predictions', groups)
  const labels: number[] = [], rows: number[] = [], names: string[] = [], group: (string | null)[] = []
  classes.forEach((label, k) => {
    for (let g = 0; g < groups; g++)
      for (let i = 0; i < perGroup; i++) {
        const called = numbers.uniform() < right ? k : (k + 1) % classes.length
        const sure = numbers.between(0.6, 1)
        labels.push(k)
        rows.push(...classes.map((_, c) => (c === called ? sure : (1 - sure) / (classes.length - 1))))
        group.push(options.grouping === 'none' ? null : `${label} ${g}`)
        names.push(`${label}/${g}-${i}.png`)
      }
  })
  return {
    probabilities: Float32Array.from(rows), labels: Int32Array.from(labels), classes, names,
    groups: group, grouping: options.grouping ?? 'number block',
  } satisfies Predictions
}

describe('evaluation', () => {
  it('holds each estimate inside its interval and says what the interval is', () => {
    const evaluation = measurePredictions(made({}), { positive: 'COVID' })
    expect(evaluation.intervalKind).toBe('95 % intervals by bootstrap over 40 number blocks')
    for (const name of ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1', 'auc'] as const) {
      const { value, low, high } = evaluation[name]
      expect(low).toBeLessThan(value)
      expect(value).toBeLessThan(high)
    }
  })

  it('uses the declared class as positive: sensitivity of one class is specificity of the other', () => {
    const covid = measurePredictions(made({}), { positive: 'COVID' })
    const other = measurePredictions(made({}), { positive: 'non-COVID' })
    expect(covid.sensitivity.value).toBe(other.specificity.value)
    expect(covid.roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 })
    expect(measurePredictions({ ...made({}), positive: 'non-COVID' })).toEqual({ ...other, predictions: expect.anything() })
    expect(measurePredictions({ ...made({}), positive: 'non-COVID' }, { positive: 'COVID' }).positive).toBe('COVID')
  })

  it('refuses a positive class that does not exist', () => {
    expect(() => measurePredictions(made({}), { positive: 'covid' }))
      .toThrow(/bad-argument: expected positive to be 'COVID' or 'non-COVID', received 'covid'/)
  })

  it('averages over three classes where none is declared', () => {
    const evaluation = measurePredictions(made({ classes: ['a', 'b', 'c'] }))
    expect(evaluation.positive).toBeNull()
    expect(evaluation.roc).toEqual([])
    const values = evaluation.perClass.map(one => one.sensitivity.value)
    expect(evaluation.sensitivity.value).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12)
    expect(evaluation.balancedAccuracy.value).toBeCloseTo(evaluation.sensitivity.value, 12)
  })

  it('names no class positive where nobody did, also of two: never the first of the alphabet', () => {
    const evaluation = measurePredictions(made({}))
    expect(evaluation.positive).toBeNull()
    expect(evaluation.roc).toEqual([])
    const [one, other] = evaluation.perClass
    expect(evaluation.sensitivity.value).toBeCloseTo((one.sensitivity.value + other.sensitivity.value) / 2, 12)
    expect(evaluation.precision.value).toBeCloseTo((one.precision.value + other.precision.value) / 2, 12)
    // The order of two classes does not matter to the area.
    expect(one.auc.value).toBeCloseTo(other.auc.value, 12)
    expect(evaluation.auc.value).toBeCloseTo(one.auc.value, 12)
  })

  it('judges each of three classes against the rest, to the values of scikit-learn', () => {
    // precision_recall_fscore_support(y, p.argmax(1), average=None) and
    // roc_auc_score(y, p, multi_class='ovr', average=None)
    const { perClass, auc, accuracy, f1 } = measurePredictions({
      labels: Int32Array.of(0, 0, 0, 1, 1, 2), classes: ['a', 'b', 'c'], names: ['1', '2', '3', '4', '5', '6'],
      groups: new Array(6).fill(null), grouping: 'none',
      probabilities: Float32Array.of(
        0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.5, 0.25, 0.25, 0.2, 0.7, 0.1, 0.4, 0.35, 0.25, 0.1, 0.1, 0.8),
    })
    expect(perClass.map(one => one.precision.value)).toEqual([2 / 3, 1 / 2, 1])
    expect(perClass.map(one => one.sensitivity.value)).toEqual([2 / 3, 1 / 2, 1])
    const areas = perClass.map(one => one.auc.value)
    for (const [k, area] of [8 / 9, 7 / 8, 1].entries()) expect(areas[k]).toBeCloseTo(area, 12)
    expect(auc.value).toBeCloseTo((8 / 9 + 7 / 8 + 1) / 3, 12)
    expect(f1.value).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12)
    expect(accuracy.value).toBeCloseTo(4 / 6, 12)
  })

  it('never counts images of unknown groups as patients', () => {
    const predictions = made({})
    const groups = predictions.groups.map((group, i) => (i % 50 === 0 ? null : group))
    expect(measurePredictions({ ...predictions, groups, grouping: 'patient' }).intervalKind)
      .toBe('95 % intervals by bootstrap over 40 patients and 4 images whose patient is not known, as if each came from'
        + ' another: too narrow if not')
  })

  it('says it where few groups among many have images of a class', () => {
    // Images of four of the 20 patients of the first class, and of all 20 of the second.
    const predictions = { ...made({}), grouping: 'patient' as const }
    const rare = selectImages(predictions, [...predictions.labels.keys()].filter(i => i < 20 || i >= 100))
    expect(measurePredictions(rare).intervalKind).toBe('95 % intervals by bootstrap over 24 patients; only 4 of them with '
      + 'images of COVID: too narrow for what depends on that class')
    // And images of two of the second.
    const both = selectImages(predictions, [...predictions.labels.keys()].filter(i => i < 30 || i >= 190))
    expect(measurePredictions(both).intervalKind).toBe('95 % intervals by bootstrap over 8 patients; only 2 to 6 of them with '
      + 'images of each of 2 classes: too narrow for what depends on one of these')
    expect(estimate(rare, 'auc', { positive: 'COVID', interval: 'delong' }).intervalKind).toMatch(/over 24 patients; only 4 of them/)
    const [row] = estimateBySubgroup(rare, rare.names.map(() => 'all'), 'accuracy', { positive: 'COVID' })
    expect(row.warning).toBe('only 4 patients of COVID')
  })

  it('gives wider intervals to slices from few patients than to as many independent images', () => {
    const predictions = made({ groups: 10, perGroup: 20 })
    // Whole groups are right or wrong together.
    for (let i = 0; i < predictions.labels.length; i++) {
      const wrong = predictions.groups[i]!.endsWith('3') || predictions.groups[i]!.endsWith('7')
      const called = wrong ? 1 - predictions.labels[i] : predictions.labels[i]
      predictions.probabilities[2 * i + called] = 0.9
      predictions.probabilities[2 * i + 1 - called] = 0.1
    }
    const byGroup = measurePredictions(predictions).accuracy
    const byImage = measurePredictions({ ...predictions, grouping: 'none', groups: predictions.groups.map(() => null) })
    expect(byGroup.value).toBe(byImage.accuracy.value)
    expect(byGroup.high - byGroup.low).toBeGreaterThan(2 * (byImage.accuracy.high - byImage.accuracy.low))
  })

  it('does not call a perfect score certain', () => {
    const evaluation = measurePredictions(made({ right: 1 }))
    expect(evaluation.accuracy).toMatchObject({ value: 1, high: 1 })
    expect(evaluation.accuracy.low).toBeCloseTo(0.9124, 3) // Wilson, 40 of 40 groups
    expect(evaluation.auc).toEqual({ value: 1, low: NaN, high: NaN })
  })

  it('has Wilson intervals where groups are unknown, and states the assumption', () => {
    const evaluation = measurePredictions(made({ grouping: 'none', groups: 1, perGroup: 5, right: 1 }), { positive: 'COVID' })
    expect(evaluation.sensitivity.low).toBeCloseTo(0.5655, 3) // Wilson, 5 of 5
    expect(evaluation.intervalKind).toMatch(/as if each of the 10 images came from another patient/)
  })

  it('is NaN where a class is missing', () => {
    const { sensitivity, auc } = measurePredictions({
      ...made({}), labels: Int32Array.of(1, 1), probabilities: Float32Array.of(0.2, 0.8, 0.6, 0.4),
      groups: [null, null], names: ['a', 'b'], grouping: 'none',
    }, { positive: 'COVID' })
    expect(sensitivity.value).toBeNaN()
    expect(auc.value).toBeNaN()
  })
})

describe('plain arrays', () => {
  const arrays = { classes: ['ill', 'well'], truth: ['ill', 'well', 'well'], probabilities: [[0.8, 0.2], [0.3, 0.7], [0.6, 0.4]] }

  it('have no groups where the caller ignores them, and none for an image whose group is not known', () => {
    expect(fromArrays({ ...arrays, groups: ['p1', 'p2', 'p2'], grouping: 'none' }).groups).toEqual([null, null, null])
    expect(fromArrays({ ...arrays, groups: ['p1', '', null] })).toMatchObject({ groups: ['p1', null, null], grouping: 'patient' })
    expect(() => fromArrays({ ...arrays, groups: ['p1'] })).toThrow(/3 groups for 3 images and 2 classes, received 1/)
    expect(() => fromArrays({ ...arrays, groups: ['p1'], grouping: 'none' })).toThrow(/3 groups/)
  })
})
