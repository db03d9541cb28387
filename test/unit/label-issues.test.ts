/** Wrong labels by confident learning: cleanlab's values, and verdicts that stay silent where nothing can be said. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/label_issues.json'
import { describeLabelIssues } from '../../src/lib/audit/label-finding'
import { findLabelIssues } from '../../src/lib/audit/label-issues'
import { labelQuality, learnConfidently } from '../../src/lib/evaluation/confident-learning'
import type { Predictions } from '../../src/lib/evaluation/predictions'
import { stream } from '../../src/lib/system/random'

function predictionsFrom(labels: number[], probabilities: number[][], more: Partial<Predictions> = {}): Predictions {
  return {
    labels: Int32Array.from(labels), probabilities: Float32Array.from(probabilities.flat()),
    classes: probabilities[0].map((_, k) => `class ${k}`), names: labels.map((_, i) => `image ${i}`),
    groups: labels.map(() => null), grouping: 'none', ...more,
  }
}

describe.each(golden.cases)('cleanlab: $name', ({ labels, probabilities, ...expected }) => {
  const predictions = predictionsFrom(labels, probabilities), found = learnConfidently(predictions)

  test('thresholds and counts', () => {
    // Both sum the same exact probabilities in float64.
    found.thresholds.forEach((threshold, k) => {
      if (expected.thresholds[k] === null) expect(threshold).toBeNaN()
      else expect(Math.abs(threshold - expected.thresholds[k])).toBeLessThan(1e-12)
    })
    // cleanlab counts at least one image of each class as right.
    expect(found.counts.map((row, label) => row.map((count, k) => (k === label ? Math.max(1, count) : count))))
      .toEqual(expected.counts)
    expect(found.suspicions.map(({ index }) => index)).toEqual(expected.suspicions)
  })

  test('the joint, which cleanlab rounds', () => {
    found.joint.flat().forEach((count, i) => expect(Math.abs(count - expected.joint.flat()[i])).toBeLessThan(1))
    found.joint.forEach((row, label) =>
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(labels.filter(one => one === label).length, 9))
  })

  test('issues in order of the margin; qualities', () => {
    const { issues } = findLabelIssues(predictions, { resamples: 100 })
    expect(issues.map(({ index }) => index)).toEqual(expected.byMargin)
    const byConfidence = [...issues].sort((a, b) => a.confidence - b.confidence || a.index - b.index)
    expect(byConfidence.map(({ index }) => index)).toEqual(expected.bySelfConfidence)
    labels.forEach((_, i) => {
      const { margin } = labelQuality(predictions, i)
      // float32 subtracts exactly here: probabilities are multiples of 2⁻¹².
      expect((margin + 1) / 2).toBe(expected.margins[i])
    })
  })
})

/** A world of images whose classes a classifier tells at `strength`; a share of the labels is wrong. */
function worldOf(
  { strength, wrong = 0, images = 400, each = 1, seed = 1 }:
  { strength: number; wrong?: number; images?: number; each?: number; seed?: number },
) {
  const random = stream('made-up labels of a test', seed)
  const truth = Array.from({ length: images }, (_, i) => Math.floor(i / each) % 2)
  const mislabeled = truth.map(() => random.uniform() < wrong)
  const probabilities = truth.map(k => {
    // Two normal distributions 2 × strength apart: the probability is the right one.
    const score = (k === 0 ? strength : -strength) + random.normal()
    const p = 1 / (1 + Math.exp(-2 * strength * score))
    return [p, 1 - p]
  })
  const grouped: Partial<Predictions> = each === 1 ? {}
    : { grouping: 'patient', groups: truth.map((_, i) => `patient ${Math.floor(i / each)}`) }
  return {
    mislabeled,
    predictions: predictionsFrom(truth.map((k, i) => (mislabeled[i] ? 1 - k : k)), probabilities, grouped),
  }
}

const find = (predictions: Predictions | Predictions[]) => findLabelIssues(predictions, { resamples: 200 })
const verdictOf = (predictions: Predictions) => describeLabelIssues(find(predictions)).verdict

describe('verdicts', () => {
  test('wrong labels are found where the classifier is good: most issues are planted ones, and their number is near', () => {
    const { predictions, mislabeled } = worldOf({ strength: 2.5, wrong: 0.1 })
    const issues = find(predictions), planted = mislabeled.filter(Boolean).length
    expect(describeLabelIssues(issues).verdict).toBe('fault')
    expect(issues.issues.filter(({ index }) => mislabeled[index]).length).toBeGreaterThan(0.9 * planted)
    expect(issues.contradicted.low).toBeLessThan(planted)
    expect(issues.contradicted.high).toBeGreaterThan(planted)
    expect(describeLabelIssues(issues).sentence)
      .toMatch(/contradicts the labels of \d+ of the \d+ images of which it is surest \([\d.]+ %, interval [\d.]+ % to [\d.]+ %\)/)
  })

  test('right labels: a good classifier says clear, a mediocre one blames no label', () => {
    for (let seed = 1; seed <= 10; seed++) {
      expect(verdictOf(worldOf({ strength: 2.5, seed }).predictions)).toBe('clear')
      expect(verdictOf(worldOf({ strength: 1, seed }).predictions)).not.toBe('fault')
    }
  })

  test('a mediocre classifier that is sure of whole patients, and wrong about them, blames no label', () => {
    // 40 patients with 8 images each; it calls every fourth patient otherwise, as surely as the rest.
    const labels = Array.from({ length: 320 }, (_, i) => Math.floor(i / 8) % 2)
    const rows = labels.map((k, i) => {
      const called = Math.floor(i / 8) % 4 === 3 ? 1 - k : k
      const sure = 0.9 + i % 8 / 100
      return called === 0 ? [sure, 1 - sure] : [1 - sure, sure]
    })
    const groups = labels.map((_, i) => `patient ${Math.floor(i / 8)}`)
    const issues = find(predictionsFrom(labels, rows, { grouping: 'patient', groups }))
    expect(issues.surest.share.low).toBeGreaterThan(0.02)
    expect(describeLabelIssues(issues).verdict).toBe('unknown')
  })

  test('a classifier that guesses says nothing, whatever the labels', () => {
    const { verdict, sentence } = describeLabelIssues(find(worldOf({ strength: 0.02, wrong: 0.2 }).predictions))
    expect(verdict).toBe('unknown')
    expect(sentence).toMatch(/not clearly above the 0\.50 of guessing/)
  })

  test('a classifier that is equally sure of many images, such as one nearest neighbor, blames no label', () => {
    // Nine in ten images are like those of their class; the classifier knows no doubt. All labels are right.
    const labels = Array.from({ length: 400 }, (_, i) => i % 2)
    const rows = labels.map((k, i) => (k === (i % 10 === 7 ? 1 : 0) ? [1, 0] : [0, 1]))
    const issues = find(predictionsFrom(labels, rows))
    expect(issues.surest.images).toBe(400)
    expect(issues.surest.share.low).toBeGreaterThan(0.02)
    expect(describeLabelIssues(issues)).toMatchObject({ verdict: 'unknown', sentence: expect.stringContaining('equally sure') })
  })

  test('an interval that ends within the noise of the bootstrap above its bound decides nothing', () => {
    const issues = find(worldOf({ strength: 2.5, wrong: 0.1 }).predictions)
    const verdictWith = (low: number, resamples: number) => describeLabelIssues({
      ...issues, resamples, surest: { ...issues.surest, exact: false, share: { value: 0.09, low, high: 0.19 } },
    }).verdict
    expect([verdictWith(0.0242, 1000), verdictWith(0.0242, 10_000), verdictWith(0.05, 1000)]).toEqual(['unknown', 'fault', 'fault'])
    const good = { ...issues, balancedAccuracy: { value: 0.82, low: 0.7505, high: 0.87 } }
    expect(describeLabelIssues(good)).toMatchObject({ verdict: 'unknown', sentence: expect.stringContaining('other resamples') })
  })

  test('counts have commas between thousands, and shares one decimal', () => {
    const issues = find(worldOf({ strength: 2.5, wrong: 0.1 }).predictions)
    const surest = { ...issues.surest, images: 1621, otherwise: 1000 }
    const { sentence } = describeLabelIssues({ ...issues, images: 2481, surest })
    expect(sentence).toContain('1,000 of the 1,621 images')
    expect(sentence).toContain('Over all 2,481 images')
  })

  test('an image with another label than the rest of its patient is named, with few of them too', () => {
    const { predictions, mislabeled } = worldOf({ strength: 2, wrong: 0.03, each: 8 })
    const issues = find(predictions)
    expect(issues.odd!.map(({ index }) => index)).toEqual(mislabeled.flatMap((wrong, i) => (wrong ? [i] : [])))
    expect(describeLabelIssues(issues).verdict).toBe('fault')
  })

  test('where a patient’s images change class and the classifier follows, no label is blamed', () => {
    const { predictions } = worldOf({ strength: 2.5, images: 400 })
    const changing = { ...predictions, grouping: 'patient' as const, groups: predictions.names.map((_, i) => `${Math.floor(i / 5)}`) }
    expect(find(changing).odd!.length).toBeGreaterThan(0)
    expect(verdictOf(changing)).not.toBe('fault')
  })

  test('number blocks may hold several patients: nothing is odd in them', () => {
    const { predictions } = worldOf({ strength: 2, wrong: 0.1, each: 8 })
    expect(find({ ...predictions, grouping: 'number block' }).odd).toBeNull()
  })
})

test('a patient all of whose images are called otherwise is named, the most contradicted first', () => {
  const rows = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.05, 0.95], [0.4, 0.6], [0.3, 0.7]]
  const groups = ['a', 'a', 'b', 'b', 'c', 'c', 'd']
  const { groups: found } = find(predictionsFrom([0, 0, 0, 0, 0, 0, 0], rows, { groups, grouping: 'patient' }))
  expect(found.map(({ group }) => group)).toEqual(['b', 'c'])
  expect(found[0]).toMatchObject({ images: 2, label: 'class 0' })
  expect(found[0].confidence).toBeCloseTo(0.15, 6)
})

test('of several classifiers the one is used that contradicts the fewest of its surest images', () => {
  const good = worldOf({ strength: 2.5, wrong: 0.1 }).predictions
  const bad = { ...good, probabilities: good.probabilities.map((_, i) => good.probabilities[i ^ 1]) }
  expect(find([bad, good]).classifier).toBe(1)
  expect(find([good, bad]).classifier).toBe(0)
  expect(find([bad, good]).issues).toEqual(find(good).issues)
})

test('equal probabilities: all images at the lower end of the surest quarter belong to it', () => {
  const labels = [0, 0, 1, 1, 0, 1, 0, 1], rows = labels.map((k, i) => (i < 6 ? [1 - k, k] : [0.6, 0.4]))
  expect(find(predictionsFrom(labels, rows)).surest.images).toBe(6)
})

test('no predictions, no images, other images and no probabilities are refused', () => {
  const { predictions } = worldOf({ strength: 1, images: 8 })
  expect(() => find([])).toThrow('received no predictions')
  expect(() => find(predictionsFrom([], [[]]))).toThrow('received predictions of no images')
  expect(() => find([predictions, { ...predictions, names: predictions.names.map(name => `${name}b`) }])).toThrow('other images')
  expect(() => find({ ...predictions, probabilities: predictions.probabilities.map(() => NaN) })).toThrow('bad-argument')
  expect(() => findLabelIssues(predictions, { resamples: 5 })).toThrow('resamples')
})
