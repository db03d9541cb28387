/** Classifiers of an audit: each fault is found where it was planted, and none where there is none. */
import { afterAll, expect, test, vi } from 'vitest'
import type { ArmQuestion } from '../../src/lib/audit/arm-plan'
import { scoreArms, type ArmOptions, type ArmScores } from '../../src/lib/audit/arms'
import { describeArms } from '../../src/lib/audit/describe-arms'
import { isAboveChance, judged } from '../../src/lib/audit/scored-arm'
import type { Dataset } from '../../src/lib/data/dataset'
import { accuracyOf } from '../../src/lib/evaluation/predictions'
import { resnet50 } from '../../src/lib/index'
import { auditedImages } from '../fixtures/audited-set'
import { smallModel } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()())
afterAll(() => vi.unstubAllEnvs())

const ask = (dataset: Dataset, questions: ArmQuestion[], more: ArmOptions = {}) =>
  scoreArms(dataset, { questions, network: null, ...more })
const verdictsOf = (dataset: Dataset, scores: ArmScores) =>
  Object.fromEntries(describeArms(dataset, scores).map(({ question, verdict }) => [question, verdict]))

test('files, border and greys tell nothing; a random split recognizes the patient', async () => {
  const set = auditedImages({ images: 4 })
  const scores = await ask(set, ['file facts', 'border', 'trivial classifiers', 'shuffled labels', 'random against grouped'])
  expect(verdictsOf(set, scores)).toEqual({
    'file facts': 'clear', border: 'clear', 'trivial classifiers': 'clear', 'shuffled labels': 'fault',
    'random against grouped': 'fault',
  })
  const shuffled = scores.arms.filter(arm => arm.labels === 'shuffled by group')
  expect(shuffled.map(({ split, draws, folds, groups }) => [split, draws, folds, groups]))
    .toEqual([['random', 5, 5, 20], ['by group', 5, 5, 20]])
  // Nine tenths of an image are its patient's: the nearest image nearly always is of the same patient.
  expect(shuffled[0].accuracy.value).toBeGreaterThan(0.95)
  expect(shuffled[1].accuracy.low).toBeLessThan(0.5)
  // One prediction for each image, and no better than chance where nothing can be known.
  expect(scores.predictions!.names).toEqual(set.items.map(item => item.name))
  expect(accuracyOf(scores.predictions!)).toBeLessThan(0.7)
  // Labels are compared with probabilities, which vary: votes of neighbors do not.
  expect(new Set(scores.predictions!.probabilities).size).toBeGreaterThan(set.items.length)
})

test('images of one patient that are not alike: no leakage', async () => {
  const set = auditedImages({ alike: 0 }), questions: ArmQuestion[] = ['shuffled labels', 'random against grouped']
  expect(verdictsOf(set, await ask(set, questions))).toEqual({ 'shuffled labels': 'clear', 'random against grouped': 'clear' })
})

test('a mark in the corner is found in the border, files that differ in their facts', async () => {
  const marked = auditedImages({ mark: true }), wide = auditedImages({ wide: true })
  const questions: ArmQuestion[] = ['border', 'file facts']
  expect(verdictsOf(marked, await ask(marked, questions))).toEqual({ border: 'fault', 'file facts': 'clear' })
  expect(verdictsOf(wide, await ask(wide, ['file facts']))).toEqual({ 'file facts': 'fault' })
})

test('without groups: random folds, which the sentence says, and questions that cannot be asked', async () => {
  const whole = auditedImages({ wide: true })
  const set = { ...whole, grouping: 'none' as const, items: whole.items.map(item => ({ ...item, group: null })) }
  const scores = await ask(set, ['file facts', 'shuffled labels', 'random against grouped'])
  expect(verdictsOf(set, scores)).toEqual({
    'file facts': 'fault', 'shuffled labels': 'unknown', 'random against grouped': 'unknown',
  })
  expect(describeArms(set, scores).find(({ question }) => question === 'file facts')!.sentence).toContain('at random, since')
  expect(new Set(scores.arms.map(({ split }) => split))).toEqual(new Set(['random']))
})

test('lungs in X-ray images without masks are unknown', async () => {
  const set = auditedImages({ more: { modality: 'X-ray' } }), scores = await ask(set, ['lungs'])
  expect(scores.arms).toEqual([])
  const [{ verdict, sentence }] = describeArms(set, scores)
  expect([verdict, sentence]).toEqual(['unknown', expect.stringContaining('no lung masks')])
})

test('lungs: what lies around them tells the class, beyond their shape', async () => {
  const mask: Dataset['mask'] = async () => ({
    width: 48, height: 48, channels: 1,
    data: Uint8Array.from({ length: 48 * 48 }, (_, i) => (i % 48 > 20 && i > 999 ? 255 : 0)),
  })
  const set = auditedImages({ mark: true, more: { modality: 'X-ray', mask } })
  const scores = await ask(set, ['lungs'])
  expect(verdictsOf(set, scores)).toEqual({ lungs: 'fault' })
  expect(scores.lungs).toEqual({ source: 'masks', found: 40, images: 40, unknown: 'COVID 0, non-COVID 0' })
  const clean = auditedImages({ more: { modality: 'X-ray', mask } })
  expect(verdictsOf(clean, await ask(clean, ['lungs']))).toEqual({ lungs: 'clear' })
})

test('the split of the set’s makers is scored as it is', async () => {
  const whole = auditedImages(), parts = ['train', 'train', 'train', 'validation', 'test'] as const
  const set = { ...whole, items: whole.items.map((item, i) => ({ ...item, part: parts[i % 5] })) }
  const { arms } = await ask(set, ['trivial classifiers'])
  const given = arms.filter(({ split }) => split === 'as given')
  expect(given.length).toBeGreaterThan(6)
  expect(given.every(({ images, folds }) => images === 8 && folds === 1)).toBe(true)
})

test('three classes, few patients: fewer folds, and no number is lost', async () => {
  const set = auditedImages({ classes: 3, patients: 9, images: 3 })
  const { arms } = await ask(set, ['file facts', 'shuffled labels'])
  expect([...new Set(arms.filter(({ split }) => split === 'by group').map(({ folds }) => folds))]).toEqual([3])
  expect(arms.every(({ accuracy, images }) => Number.isFinite(accuracy.value) && images === 27)).toBe(true)
})

test('a set too small for folds: nothing is scored, and every question says why', async () => {
  const set = auditedImages({ patients: 2, images: 1 })
  const scores = await ask(set, ['border', 'shuffled labels'])
  expect(scores.arms).toEqual([])
  expect(describeArms(set, scores).map(({ verdict, sentence }) => [verdict, sentence.includes('too few')]))
    .toEqual([['unknown', true], ['unknown', true]])
})

test('a frozen network gives features too', async () => {
  const set = auditedImages({ patients: 8, images: 2 })
  const network = await resnet50({ classes: set.labels, weights: 'none', width: 'quarter', size: 32 })
  const { arms } = await ask(set, ['trivial classifiers'], { network })
  expect(arms.filter(({ classifier }) => classifier.includes('network')).map(({ split }) => split)).toEqual(['random', 'by group'])
})

test('the same seed gives the same scores; progress ends where it should; a signal ends it', async () => {
  const set = auditedImages({ patients: 10, images: 2 }), seen: (number | null)[][] = []
  const onProgress = (_: string, done: number, total: number | null) => { seen.push([done, total]) }
  const first = await ask(set, ['file facts'], { onProgress })
  expect(seen.at(-1)![0]).toBe(seen.at(-1)![1])
  expect(await ask(set, ['file facts'])).toEqual(first)
  await expect(ask(set, ['file facts'], { signal: AbortSignal.abort(new Error('ended')) })).rejects.toThrow('ended')
})

test('where one class is much more common, the area under the curve judges', () => {
  const even = { chance: 0.5, accuracy: { value: 0.7, low: 0.6, high: 0.8 }, auc: { value: 0.5, low: 0.4, high: 0.6 } }
  expect([judged(even).measure, isAboveChance(even)]).toEqual(['accuracy', true])
  expect([judged({ ...even, chance: 0.9 }).measure, isAboveChance({ ...even, chance: 0.9 })]).toEqual(['auc', false])
  expect(isAboveChance({ ...even, accuracy: { value: 1, low: NaN, high: NaN } })).toBe(false)
})

test.each([
  ['an unknown question', { questions: ['lung'] }], ['a share of draws', { draws: 0.5 }], ['an unknown option', { draw: 5 }],
])('%s is refused', async (_, options) => {
  await expect(scoreArms(auditedImages(), options as never)).rejects.toThrow('bad-argument')
})

test('a network can be trained anew for each input: on as many folds as asked for', async () => {
  const network = smallModel(), retrain = { network, config: { epochs: 1, optimizer: { name: 'sgd', rate: 0.1 } }, folds: 2 } as const
  const set = auditedImages({ patients: 10, images: 2, more: { labels: network.labels } })
  const { arms } = await ask(set, ['border', 'random against grouped', 'shuffled labels'], { retrain })
  const trained = arms.filter(({ classifier }) => classifier === 'network, trained anew')
  expect(trained.map(({ input, labels, split, folds, images }) => [input, labels, split, folds, images])).toEqual([
    ['whole image', 'true', 'random', 2, 8], ['whole image', 'true', 'by group', 2, 8],
    ['border only', 'true', 'by group', 2, 8], ['whole image', 'shuffled by group', 'random', 2, 8],
  ])
  await expect(ask(set, ['border'], { retrain: { ...retrain, folds: 0 } })).rejects.toThrow('retrain.folds')
})
