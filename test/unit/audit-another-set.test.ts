/** Classifiers of one set on another: what carries over, what does not, and sets that cannot be compared. */
import { afterAll, describe, expect, test, vi } from 'vitest'
import { scoreOnAnother, type AnotherSetScores } from '../../src/lib/audit/another-set'
import { scoreArms, type ArmScores } from '../../src/lib/audit/arms'
import { describeAnother } from '../../src/lib/audit/describe-another'
import type { ScoredArm } from '../../src/lib/audit/scored-arm'
import type { Dataset } from '../../src/lib/data/dataset'
import { tables } from '../../src/lib/index'
import { auditedImages } from '../fixtures/audited-set'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()())
afterAll(() => vi.unstubAllEnvs())

/** Whether a classifier of the marked set helps on another one, in words. */
async function verdictOn(other: Dataset) {
  const marked = auditedImages({ mark: true, patients: 16, images: 2 })
  const another = await scoreOnAnother(marked, other, { network: null })
  const within = await scoreArms(marked, { questions: ['trivial classifiers'], network: null })
  return { ...describeAnother(marked, within, another), another }
}

test('a mark that only one set has does not carry over', async () => {
  const { verdict, sentence, another } = await verdictOn(auditedImages({ patients: 18, images: 2, place: 'elsewhere' }))
  expect(verdict).toBe('fault')
  expect(sentence).toMatch(/a balanced accuracy of .* on 36 images .*within this set it has a balanced accuracy of .* on 32 images/)
  expect(another.arms.every(({ split, images }) => split === 'another set' && images === 36)).toBe(true)
  expect(another.predictions.labels.length).toBe(36)
})

test('a mark that both sets have carries over, whatever the order of the classes', async () => {
  const { items, labels, ...rest } = auditedImages({ mark: true, patients: 18, images: 2, place: 'elsewhere' })
  const swapped = items.map(item => ({ ...item, label: 1 - item.label }))
  const turned = { ...rest, labels: [...labels].reverse(), items: swapped }
  expect((await verdictOn(turned)).verdict).toBe('clear')
})

test('a set of other classes is refused', async () => {
  const other = { ...auditedImages(), labels: ['COVID', 'healthy'] }
  await expect(scoreOnAnother(auditedImages(), other)).rejects.toThrow(
    'data-mismatch: expected another set of the same classes: COVID, non-COVID, received audited with COVID, healthy.')
})

test('a set too small for a validation part is refused; a signal ends it', async () => {
  const small = auditedImages({ patients: 2, images: 1 })
  await expect(scoreOnAnother(small, auditedImages({ place: 'elsewhere' }), { network: null })).rejects.toThrow('a validation part')
  const signal = AbortSignal.abort(new Error('ended'))
  await expect(scoreOnAnother(auditedImages({ place: 'elsewhere' }), small, { network: null, signal })).rejects.toThrow('ended')
})

test('the table of scores has a row for each classifier, and says what intervals mean', async () => {
  const { arms } = await scoreOnAnother(auditedImages(), auditedImages({ patients: 8, place: 'elsewhere' }), { network: null })
  const { rows, note } = tables.auditScores({ arms })
  expect(rows.map(row => row.classifier)).toEqual(arms.map(({ classifier }) => classifier))
  expect(rows[0].accuracy).toMatch(/^\d+\.\d % \(\d+\.\d to \d+\.\d\)$/)
  expect(note).toContain('bootstrap over 8 patients')
})

test('the same set is no other set, and neither is a part of it', async () => {
  const set = auditedImages({ patients: 8 }), part = { ...set, contentHash: 'a'.repeat(64), name: 'part', items: set.items.slice(0, 8) }
  for (const same of [set, part])
    await expect(scoreOnAnother(set, same, { network: null })).rejects.toThrow(/data-mismatch: expected another set than audited/)
})

test('images that both sets have are left out and counted', async () => {
  const set = auditedImages({ patients: 8 }), more = auditedImages({ patients: 12 })
  const { shared, arms, predictions } = await scoreOnAnother(set, more, { network: null })
  expect([shared, arms[0].images, predictions.names]).toEqual([16, 8, more.items.slice(16).map(({ name }) => name)])
})

describe('sets of different balance are compared by one measure', () => {
  const estimate = (value: number, reach = 0.03) => ({ value, low: value - reach, high: value + reach })
  const arm = (chance: number, value: number, reach?: number): ScoredArm => ({
    question: 'trivial classifiers', input: 'whole image', labels: 'true', classifier: 'the best on validation', split: 'by group',
    images: 100, groups: 50, folds: 5, draws: 1, chance, accuracy: estimate(Math.max(chance, value), reach),
    balancedAccuracy: estimate(value, reach), auc: estimate(value, reach), intervalKind: '',
  })
  const compared = (here: ScoredArm, there: ScoredArm) => describeAnother({ grouping: 'patient' }, { arms: [here] } as unknown as ArmScores,
    { title: 'B', shared: 3, arms: [{ ...there, split: 'another set' }], predictions: { classes: ['a', 'b'] } } as unknown as AnotherSetScores)

  test.each([
    ['one of which is lopsided', 0.5, 0.85, 'area under the ROC curve'], ['a little apart', 0.5, 0.62, 'balanced accuracy'],
  ])('%s', (_, one, two, measure) => {
    const { verdict, sentence } = compared(arm(one, 0.9), arm(two, 0.5))
    expect([verdict, sentence.split(measure).length]).toEqual(['fault', 3])
    expect(sentence).toContain('3 images of it that this set has, too, were left out.')
  })

  test('a figure without an interval decides nothing', () =>
    expect(compared(arm(0.5, 0.9), arm(0.5, 0.5, NaN)).verdict).toBe('unknown'))
})
