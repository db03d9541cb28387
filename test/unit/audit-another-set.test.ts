/** Classifiers of one set on another: what carries over, what does not, and sets that cannot be compared. */
import { afterAll, expect, test, vi } from 'vitest'
import { scoreOnAnother } from '../../src/lib/audit/another-set'
import { scoreArms } from '../../src/lib/audit/arms'
import { describeAnother } from '../../src/lib/audit/describe-arms'
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
  const { verdict, sentence, another } = await verdictOn(auditedImages({ patients: 18, images: 2 }))
  expect(verdict).toBe('fault')
  expect(sentence).toMatch(/of 36 images .*within this set it is right for .* of 32 images/)
  expect(another.arms.every(({ split, images }) => split === 'another set' && images === 36)).toBe(true)
  expect(another.predictions.labels.length).toBe(36)
})

test('a mark that both sets have carries over, whatever the order of the classes', async () => {
  const { items, labels, ...rest } = auditedImages({ mark: true, patients: 18, images: 2 })
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
  await expect(scoreOnAnother(small, auditedImages(), { network: null })).rejects.toThrow('a validation part')
  const signal = AbortSignal.abort(new Error('ended'))
  await expect(scoreOnAnother(auditedImages(), small, { network: null, signal })).rejects.toThrow('ended')
})

test('the table of scores has a row for each classifier, and says what intervals mean', async () => {
  const { arms } = await scoreOnAnother(auditedImages(), auditedImages({ patients: 8 }), { network: null })
  const { rows, note } = tables.auditScores({ arms })
  expect(rows.map(row => row.classifier)).toEqual(arms.map(({ classifier }) => classifier))
  expect(rows[0].accuracy).toMatch(/^\d+\.\d % \(\d+\.\d to \d+\.\d\)$/)
  expect(note).toContain('bootstrap over 8 patients')
})
