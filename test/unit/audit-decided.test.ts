/** What an audit says of perfect answers, of lopsided sets, and of figures without an interval. */
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { ArmQuestion } from '../../src/lib/audit/arm-plan'
import { scoreArms, type ArmScores } from '../../src/lib/audit/arms'
import type { Classifier } from '../../src/lib/audit/classifiers'
import { describeArms } from '../../src/lib/audit/describe-arms'
import { predictOutOfFold } from '../../src/lib/audit/out-of-fold'
import { isAboveChance, judged, scoreArm, type Arm } from '../../src/lib/audit/scored-arm'
import type { ArmFeatures } from '../../src/lib/audit/arm-features'
import type { Dataset } from '../../src/lib/data/dataset'
import { splitsOf } from '../../src/lib/audit/arm-splits'
import { predictionsOf } from '../../src/lib/evaluation/predictions'
import { figures } from '../../src/lib/index'
import { auditedImages } from '../fixtures/audited-set'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()())
afterAll(() => vi.unstubAllEnvs())

const ask = (dataset: Dataset, questions: ArmQuestion[]) => scoreArms(dataset, { questions, network: null })
const verdictsOf = (dataset: Dataset, scores: ArmScores) =>
  Object.fromEntries(describeArms(dataset, scores).map(({ question, verdict }) => [question, verdict]))

const arm: Arm = { question: 'border', input: 'border only', labels: 'true', classifier: 'made up', split: 'by group' }
/** Made-up probabilities of the first class for all images of a set. */
const scored = (dataset: Dataset, probability: (label: number) => number) => {
  const indices = [...dataset.items.keys()]
  const rows = dataset.items.flatMap(({ label }) => [probability(label), 1 - probability(label)])
  return scoreArm(arm, predictionsOf({ dataset, role: 'test', indices }, Float32Array.from(rows)), 5)
}

test('images of a patient that are all the same: perfect leakage is a fault', async () => {
  const set = auditedImages({ patients: 12, images: 8, alike: 1 }), scores = await ask(set, ['shuffled labels'])
  const random = scores.arms.find(({ split }) => split === 'random')!
  expect(random.accuracy).toMatchObject({ value: 1, high: 1 })
  expect(random.accuracy.low).toBeCloseTo(12 / (12 + 1.96 ** 2), 2)
  expect(verdictsOf(set, scores)).toEqual({ 'shuffled labels': 'fault' })
})

describe('a lopsided set, which the area under the curve judges', () => {
  const lopsided = (patients: number) => auditedImages({ patients, images: 2, first: Math.ceil(patients / 5) })

  test('a perfect shortcut is above chance, by the patients of the rarer class', () => {
    const perfect = scored(lopsided(40), label => (label === 0 ? 0.9 : 0.1))
    expect([judged(perfect).measure, isAboveChance(perfect)]).toEqual(['auc', true])
    expect(perfect.auc.low).toBeCloseTo(8 / (8 + 1.96 ** 2), 2)
  })

  test('perfect answers on two patients of the rarer class tell nothing; constant ones are chance', () => {
    expect(isAboveChance(scored(lopsided(10), label => (label === 0 ? 0.9 : 0.1)))).toBe(false)
    const constant = scored(lopsided(40), () => 0.2)
    expect([judged(constant).value, isAboveChance(constant)]).toEqual([0.5, false])
  })

  test('a mark in the border of one class is a fault', async () => {
    const set = auditedImages({ patients: 30, images: 1, first: 8, mark: true })
    expect(verdictsOf(set, await ask(set, ['border']))).toEqual({ border: 'fault' })
  })

  test('an informative classifier is chosen before a constant one', async () => {
    const dataset = lopsided(40), values = Float32Array.from({ length: 80 }, (_, i) => i)
    const features = { of: async () => ({ count: 80, dimensions: 1, values }) }
    // The second ranks images by their label, and calls none of them by the rarer class.
    const made = (name: string, probability: (index: number) => number): Classifier => ({
      name, features: 'pixels',
      fit: () => queries => Float32Array.from([...queries.values].flatMap(i => [probability(i), 1 - probability(i)])),
    })
    const classifiers = [made('constant', () => 0.2), made('informative', i => (dataset.items[i].label === 0 ? 0.4 : 0.1))]
    const found = await predictOutOfFold(classifiers, splitsOf(dataset, 'by group', 1) as never,
      { dataset, features: features as unknown as ArmFeatures, rows: Int32Array.from({ length: 80 }, (_, i) => i) })
    expect(found.get('the best on validation')!.probabilities).toEqual(found.get('informative')!.probabilities)
  })
})

test('two perfect classifiers do not differ, as far as the patients tell; figures without an interval decide nothing', async () => {
  const set = auditedImages({ patients: 10, mark: true, alike: 0 })
  const scores = await ask(set, ['shuffled labels', 'random against grouped'])
  for (const { difference: { value, low, high } } of scores.comparisons)
    expect([low <= value, value <= high]).toEqual([true, true])
  const none = { low: NaN, high: NaN }
  const arms = scores.arms.map(one => ({ ...one, accuracy: { ...one.accuracy, ...none } }))
  const comparisons = scores.comparisons.map(one => ({ ...one, difference: { ...one.difference, ...none } }))
  expect(verdictsOf(set, { ...scores, arms, comparisons })).toEqual({ 'shuffled labels': 'unknown', 'random against grouped': 'unknown' })
  const border = { ...scores, questions: ['border'] as const, arms: [{ ...arms[0], question: 'border' as const, classifier: 'the best on validation' }] }
  expect(verdictsOf(set, border)).toEqual({ border: 'unknown' })
})

test('with one image a patient there is nobody to recognize: unknown, and the sentence says why', async () => {
  const set = auditedImages({ patients: 20, images: 1 }), scores = await ask(set, ['shuffled labels', 'random against grouped'])
  for (const { verdict, sentence } of describeArms(set, scores))
    expect([verdict, sentence]).toEqual(['unknown', expect.stringContaining('the only one of their patient')])
  expect(scores.arms.every(({ labels }) => labels === 'true')).toBe(true)
})

describe('the border of sets whose masks go with the class', () => {
  type Known = (label: number, index: number) => boolean
  const masked = (tag: string, known: Known, inside: (x: number, label: number) => boolean): Dataset => {
    const set = auditedImages({ patients: 40, images: 1 })
    return {
      ...set, modality: 'X-ray', contentHash: tag.repeat(64),
      mask: async index => {
        const { label } = set.items[index]
        const isKnown = known(label, index)
        const data = Uint8Array.from({ length: 48 * 48 }, (_, i) => (isKnown && inside(i % 48, label) ? 255 : 0))
        return { width: 48, height: 48, channels: 1, data }
      },
    }
  }
  test.each<[string, Dataset]>([
    ['on half of one class', masked('a', (label, i) => label === 0 && i % 4 === 0, x => x < 24)],
    ['of another shape in each class', masked('b', () => true, (x, label) => (label === 0 ? x < 12 : x > 35))],
  ])('%s: no fault', async (_, set) => expect(verdictsOf(set, await ask(set, ['border']))).toEqual({ border: 'clear' }))

  test('lungs all along the border leave nothing to ask', async () => {
    const set = masked('c', (label, i) => i > 0 || label === 1, () => true), scores = await ask(set, ['border'])
    expect(describeArms(set, scores)[0]).toMatchObject({ verdict: 'unknown', sentence: expect.stringContaining('along the border') })
  })
})

test('the figure shows the measure that judges, and names it', () => {
  const lopsided = scored(auditedImages({ patients: 20, first: 4 }), label => (label === 0 ? 0.4 : 0.1))
  const even = { ...lopsided, chance: 0.5 }
  const alone = figures.auditScores({ arms: [lopsided] }), both = figures.auditScores({ arms: [lopsided, even] })
  // All images are called by the common class: the accuracy is 80 %, the area under the curve 1.
  expect(lopsided.accuracy.value).toBe(0.8)
  expect([alone.svg.includes('area under the ROC curve (%)'), alone.alt.includes('AUC, by group: 100.0 %')]).toEqual([true, true])
  expect(both.alt).toContain('by group: 80.0 %')
  expect(both.svg).toContain('accuracy, or area under the ROC curve (AUC) (%)')
  expect(figures.auditScores({ arms: [even] }).svg).not.toContain('ROC')
})
