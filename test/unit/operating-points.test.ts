/** Thresholds chosen on validation images, judged on others: against brute force with scikit-learn's rates. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import golden from '../golden/operating_points.json'
import scores from '../golden/scores.json'
import { decideAt, statistics, type Predictions } from '../../src/lib/index'
import type { OperatingRule } from '../../src/lib/evaluation/operating-rule'
import { madePredictions } from '../fixtures/figures'

const samples = new Map(scores.cases.map(({ name, truth, probabilities }) => {
  const classes = probabilities[0].map((_, k) => `class ${k}`)
  return [name, statistics.fromArrays({ classes, truth: truth.map(k => classes[k]), probabilities })]
}))

test.each(golden.cases)('$sample, class $positive, $rule', ({ sample, positive, rule, threshold }) => {
  const point = statistics.chooseOperatingPoint(samples.get(sample)!, { positive: `class ${positive}`, rule: rule as OperatingRule })
  expect(point.threshold).toBe(threshold ?? Infinity)
})

const validation = madePredictions(['COVID', 'non-COVID'], 1.4)
/** Other images of other patients. */
const renamed = (predictions: Predictions): Predictions => ({
  ...predictions, names: predictions.names.map(name => `test ${name}`),
  groups: predictions.groups.map(group => `test ${group}`),
})
const youden = { positive: 'COVID', rule: { name: 'youden' } } as const
const point = statistics.chooseOperatingPoint(validation, youden)

describe('a threshold', () => {
  const judged = statistics.judgeOperatingPoint(point, renamed(madePredictions(['COVID', 'non-COVID'], 0.9)))

  test('is judged on images that did not choose it, with intervals by group', () => {
    const test = madePredictions(['COVID', 'non-COVID'], 0.9), decision = decideAt(test, 'COVID', point.threshold)
    expect(judged.decision).toEqual(decision)
    for (const name of ['sensitivity', 'specificity', 'precision', 'accuracy'] as const) {
      expect(judged[name].value).toBe(decision[name])
      expect(judged[name].low).toBeLessThan(decision[name])
      expect(judged[name].high).toBeGreaterThan(decision[name])
    }
    const { trueNegatives, falseNegatives } = decision
    expect(judged.negativePredictiveValue.value).toBe(trueNegatives / (trueNegatives + falseNegatives))
    expect(judged.intervalKind).toBe('95 % intervals by bootstrap over 24 number blocks')
    expect(judged.warnings).toEqual([])
  })

  test('looks better on the images that chose it, and says which rule chose it', () => {
    const youdenOf = ({ sensitivity, specificity }: typeof point.chosenOn) => sensitivity + specificity
    expect(youdenOf(point.chosenOn)).toBeGreaterThan(youdenOf(judged.decision))
    expect(judged.rule).toBe('the greatest sensitivity + specificity (Youden)')
    expect(inspect(point)).toMatch(/COVID from a probability of .* chosen on 240 images for the greatest/)
  })

  test('is refused on images that chose it, by name, unless the result may say so', () => {
    expect(() => statistics.judgeOperatingPoint(point, validation)).toThrow(/expected images that did not choose .*240 images/)
    const one = { ...renamed(validation), names: [validation.names[0], ...renamed(validation).names.slice(1)] }
    expect(() => statistics.judgeOperatingPoint(point, one)).toThrow(/received 1 image that did/)
    const { warnings } = statistics.judgeOperatingPoint(point, validation, { allowSameImages: true })
    expect(warnings[0]).toBe('240 images of 240 chose the threshold: these figures are too good')
    expect(inspect(statistics.judgeOperatingPoint(point, validation, { allowSameImages: true }))).toContain('too good')
  })

  test('warns of patients who are on both sides', () => {
    const { warnings } = statistics.judgeOperatingPoint(point, { ...renamed(validation), groups: validation.groups })
    expect(warnings).toEqual([expect.stringMatching(/^24 groups had images among those that chose the threshold/)])
    const unknown = { ...renamed(validation), groups: validation.groups.map(() => null), grouping: 'none' as const }
    expect(statistics.judgeOperatingPoint(point, unknown).warnings).toEqual([])
  })

  test('calls nobody positive where that is cheapest', () => {
    const rule = { name: 'cost', falseNegative: 1, falsePositive: 1e6 } as const
    const nobody = statistics.chooseOperatingPoint(madePredictions(['COVID', 'non-COVID'], 0.1), { positive: 'COVID', rule })
    const { sensitivity, specificity, precision } = statistics.judgeOperatingPoint(nobody, renamed(validation))
    expect([nobody.threshold, sensitivity.value, specificity.value, precision.value]).toEqual([Infinity, 0, 1, NaN])
  })
})

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Untyped = any

describe('refused:', () => {
  test.each<[string, Untyped, RegExp]>([
    ['no rule', {}, /rule\.name/],
    ['a rule that is none', { rule: { name: 'jouden' } }, /Nearest: 'youden'/],
    ['a share of percent', { rule: { name: 'sensitivity', atLeast: 95 } }, /rule\.atLeast/],
    ['no share', { rule: { name: 'specificity' } }, /rule\.atLeast/],
    ['a cost below 0', { rule: { name: 'cost', falseNegative: -1, falsePositive: 1 } }, /falseNegative/],
    ['mistakes that cost nothing', { rule: { name: 'cost', falseNegative: 0, falsePositive: 0 } }, /two costs of 0/],
    ['a prevalence of percent', { rule: { name: 'cost', falseNegative: 1, falsePositive: 1, prevalence: 2 } }, /prevalence/],
    ['a misspelt part of a rule', { rule: { name: 'youden', atleast: 1 } }, /the rule youden/],
    ['a misspelt option', { rule: { name: 'youden' }, positve: 'COVID' }, /did you mean positive/],
    ['no positive class', { rule: { name: 'youden' } }, /positive to be 'COVID' or 'non-COVID'/],
    ['a positive class that is none', { rule: { name: 'youden' }, positive: 'covid' }, /'covid'/],
  ])('%s', (_, options, message) => {
    expect(() => statistics.chooseOperatingPoint(validation, options)).toThrow(message)
  })

  test('a part without positives, without negatives, and another set’s classes', () => {
    const of = (label: number) => ({ ...validation, labels: validation.labels.map(() => label) })
    expect(() => statistics.chooseOperatingPoint(of(0), youden)).toThrow(/240 images of COVID among 240/)
    expect(() => statistics.chooseOperatingPoint(of(1), youden)).toThrow(/0 images of COVID among 240/)
    const test = { ...renamed(validation), classes: ['ill', 'well'] }
    expect(() => statistics.judgeOperatingPoint(point, test)).toThrow(/'COVID'/)
  })
})
