/** What the figures of judging say: their words, their counts, and what they refuse. */
import { describe, expect, it, test } from 'vitest'
import { decideAt, figures, ignoreGroups, measurePredictions, statistics } from '../../src/lib/index'
import { madePredictions } from '../fixtures/figures'

const predictions = madePredictions(['COVID', 'non-COVID'], 1.4), three = madePredictions(['a', 'b', 'c'], 1)
const evaluation = measurePredictions(predictions, { positive: 'COVID' })
const subtitleOf = (svg: string) => [...svg.matchAll(/font-size="12"[^>]*fill="#666666">([^<]*)/g)].map(([, words]) => words).join(' ')

describe('the ROC curve', () => {
  it('has a band on request, whose ends are those of traceRocBand', () => {
    const plain = figures.rocCurve(evaluation), banded = figures.rocCurve(evaluation, { band: true })
    const { truePositiveRate, low, high } = statistics.traceRocBand(predictions, 'COVID')[10]
    const [value, from, to] = [truePositiveRate, low, high].map(share => (100 * share).toFixed(1))
    expect(banded.alt).toContain(`at a false positive rate of 10 % a sensitivity of ${value} % (${from} to ${to})`)
    expect(banded.svg).toContain('Shaded: 95 % band')
    expect(banded.svg.match(/aria-label="area"/g)).toHaveLength(1)
    expect(plain.svg).not.toMatch(/Shaded|aria-label="area"/)
  })

  it('tells curves apart without color', () => {
    const dashes = figures.rocCurve(measurePredictions(three)).svg.match(/stroke-dasharray="[^"]+"/g)!
    expect(new Set(dashes)).toEqual(new Set(['8,4', '2,3', '4,4'].map(dash => `stroke-dasharray="${dash}"`)))
  })
})

describe('the precision-recall curve', () => {
  it('names average precision with its interval, and the base rate', () => {
    const { value, low, high } = statistics.estimate(predictions, 'averagePrecision', { positive: 'COVID' })
    const [words, from, to] = [value, low, high].map(share => share.toFixed(3))
    const { alt, svg } = figures.precisionRecallCurve(evaluation)
    expect(alt).toBe(`Precision and recall. COVID: average precision ${words} (${from} to ${to}), base rate 50.0 %.`)
    expect(subtitleOf(svg)).toBe('240 images; 95 % intervals by bootstrap over 24 number blocks; dotted: base rate 50.0 %')
  })

  it('says that images without groups are taken as independent', () => {
    const { svg } = figures.precisionRecallCurve(measurePredictions(ignoreGroups(predictions), { positive: 'COVID' }))
    expect(subtitleOf(svg)).toContain('as if each of the 240 images came from another patient: too narrow if not')
  })
})

describe('the reliability diagram', () => {
  it('gives promised and observed shares, and the error with its interval', () => {
    const calibration = statistics.measureCalibration(predictions, { positive: 'COVID', ranges: 4 })
    const [first] = calibration.rows, { alt, svg } = figures.reliabilityDiagram(calibration)
    expect(alt).toContain(`${(100 * first.meanScore).toFixed(1)} % promised, ${(100 * first.observedShare).toFixed(1)} % observed (${first.images})`)
    expect(svg).toContain(calibration.error.value.toFixed(3))
    expect(svg).toContain('are COVID (%)')
  })

  it('speaks of the called class where no class is positive', () => {
    expect(figures.reliabilityDiagram(statistics.measureCalibration(three)).svg).toContain('mean probability of the called class (%)')
  })

  it('draws no interval that is none', () => {
    const right = predictions.probabilities.map((_, i) => Number(predictions.labels[i >> 1] === i % 2))
    const sure = { ...predictions, probabilities: right }
    expect(figures.reliabilityDiagram(statistics.measureCalibration(sure)).svg).not.toMatch(/NaN/)
  })
})

describe('the score histogram', () => {
  it('counts what the threshold finds as decideAt does', () => {
    const { truePositives, falsePositives } = decideAt(predictions, 'COVID', 0.35)
    expect(figures.scoreHistogram(predictions, { positive: 'COVID', threshold: 0.35 }).alt)
      .toContain(`from 0.35 on called COVID: ${truePositives} of its 120 images, and ${falsePositives} of the other 120`)
  })

  it('asks which class is positive', () => {
    expect(() => figures.scoreHistogram(predictions)).toThrow('positive')
    expect(() => figures.scoreHistogram(predictions, { positive: 'ill' })).toThrow('ill')
    expect(() => figures.scoreHistogram(predictions, { positive: 'COVID', threshold: 35 })).toThrow('35')
  })
})

describe('the threshold explorer', () => {
  const other = { ...madePredictions(['COVID', 'non-COVID'], 1.2, 9), names: Array.from({ length: 180 }, (_, i) => `v${i}`) }
  const validation = { ...other, groups: other.groups.map(group => `v${group}`) }

  it('marks thresholds that validation chose, and gives them with intervals on the test part', () => {
    const point = statistics.chooseOperatingPoint(validation, { positive: 'COVID', rule: { name: 'sensitivity', atLeast: 0.95 } })
    const { sensitivity: { value, low, high }, intervalKind } = statistics.judgeOperatingPoint(point, predictions)
    const { alt, svg } = figures.thresholdExplorer(validation, predictions, { positive: 'COVID' })
    const [words, from, to] = [value, low, high].map(share => (100 * share).toFixed(1))
    expect(alt).toContain(`B: From ${Number(point.threshold.toPrecision(4))} on, for a sensitivity of at least 0.95.`)
    expect(alt).toContain(`test: sensitivity ${words} % (${from} to ${to})`)
    expect(subtitleOf(svg)).toContain(intervalKind)
  })

  it('refuses test images that chose, and warns of patients in both parts', () => {
    expect(() => figures.thresholdExplorer(predictions, predictions, { positive: 'COVID' })).toThrow('images that did not choose the threshold')
    expect(subtitleOf(figures.thresholdExplorer(other, predictions, { positive: 'COVID' }).svg))
      .toContain('18 groups had images among those that chose the threshold')
  })

  it('says where nobody would be called, and refuses more rules than it has letters', () => {
    const rule = { name: 'cost', falseNegative: 0, falsePositive: 1 } as const
    expect(figures.thresholdExplorer(validation, undefined, { positive: 'COVID', rules: [rule] }).alt)
      .toContain('A: From a probability that no image has on')
    expect(() => figures.thresholdExplorer(validation, undefined, { positive: 'COVID', rules: Array(11).fill(rule) })).toThrow('rules')
  })
})

test('the decision curve says where acting on the predictions is worth more, and for which share of positives', () => {
  const perfect = statistics.fromArrays({ classes: ['ill', 'well'], truth: ['ill', 'well', 'well', 'well'],
    probabilities: [[1, 0], [0, 1], [0, 1], [0, 1]], positive: 'ill' })
  const wrong = { ...perfect, probabilities: perfect.probabilities.map(probability => 1 - probability) }
  const { alt, svg } = figures.decisionCurve({ right: perfect, wrong }, { thresholds: [0.5, 0.1] })
  expect(alt).toContain('right: worth more than acting on everybody or on nobody at 2 of 2 thresholds, from 10.0 % to 50.0 %')
  expect(alt).toContain('wrong: at no threshold worth more than acting on everybody or on nobody')
  expect(subtitleOf(svg)).toContain('Holds where as many are positive as here: 25.0 % ill')
})

describe('the forest of comparisons', () => {
  const compared = (value: number, pValue: number, metric?: 'auc' | 'brier') =>
    ({ difference: { value, low: value - 0.1, high: value + 0.1 }, pValue, intervalKind: '95 % interval', metric })
  const declaration = { primary: 'all', family: 'depths', secondary: ['conv5', 'conv4'] }

  it('shows the primary p as it is, and the family’s by Holm', () => {
    const comparisons = { all: compared(0.2, 0.04, 'auc'), conv5: compared(0.1, 0.02, 'auc'), conv4: compared(-0.3, 0.0001, 'auc') }
    const { alt, svg } = figures.comparisonForest(comparisons, declaration)
    expect(alt).toBe('Paired comparisons. all, primary: 0.200 (0.100 to 0.300), p = 0.040; conv5, depths: 0.100 (0.000 to 0.200), '
      + 'p = 0.020; conv4, depths: -0.300 (-0.400 to -0.200), p < 0.001.')
    expect(svg).toContain('difference in area under the ROC curve, second minus first')
  })

  it('says of scores that are better when lower that they are, and refuses a comparison that is missing', () => {
    const alone = { ...declaration, secondary: [] }
    expect(subtitleOf(figures.comparisonForest({ all: compared(0.2, 0.04, 'brier') }, alone).svg)).toContain('Below 0 is better')
    expect(() => figures.comparisonForest({ all: compared(0.2, 0.04) }, declaration)).toThrow('conv5, conv4')
  })
})

test('a score that was written as .7 reaches the threshold .7, although it has 32 bits', () => {
  const written = statistics.fromArrays({ classes: ['ill', 'well'], truth: ['ill', 'well'], probabilities: [[0.7, 0.3], [0.1, 0.9]] })
  expect(written.probabilities[0]).toBeLessThan(0.7)
  expect(decideAt(written, 'ill', 0.7)).toMatchObject({ truePositives: 1, falseNegatives: 0 })
})
