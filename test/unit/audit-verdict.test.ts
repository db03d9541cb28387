/** The words of a whole audit: order of findings, and a paragraph that claims no more than they do. */
import { expect, test } from 'vitest'
import { auditDataset } from '../../src/lib/audit/audit-dataset'
import { auditedSet } from '../../src/lib/audit/audited-set'
import { inOrderOfWeight, questions, type Finding } from '../../src/lib/audit/finding'
import { verdictOf } from '../../src/lib/audit/verdict'
import { datasetOf, groupedItems } from '../fixtures/datasets'

const phantom = auditedSet(datasetOf(groupedItems(20, 1)))
const real = { ...phantom, evidence: 'real' as const }
const finding = (question: Finding['question'], verdict: Finding['verdict']): Finding =>
  ({ question, verdict, sentence: `A sentence on ${question}.` })

test('faults come first, then what is unknown, then what is clear; each in the order of the questions', () => {
  const findings = [
    finding('images', 'clear'), finding('images', 'fault'), finding('labels', 'unknown'), finding('duplicates', 'fault'),
    finding('patients', 'clear'),
  ]
  expect(inOrderOfWeight(findings)).toEqual([findings[3], findings[1], findings[2], findings[4], findings[0]])
})

test('the paragraph gives the sentences of the heaviest faults, and names the other faults and what is not known', () => {
  const faults = questions.slice(0, 5).map(question => finding(question, 'fault'))
  const words = verdictOf(real, [...faults, finding('labels', 'unknown'), finding('images', 'clear')])
  for (const { sentence } of faults.slice(0, 3)) expect(words).toContain(sentence)
  for (const { sentence } of faults.slice(3)) expect(words).not.toContain(sentence)
  expect(words).toContain('Faults were seen also in: duplicates, border.')
  expect(words).toContain('Not known: labels.')
})

test('a question with several faults is named once', () =>
  expect(verdictOf(real, [finding('images', 'fault'), finding('images', 'fault')]).match(/A sentence on images/g)).toHaveLength(1))

test('no fault seen is no proof, and nothing known is no praise', () => {
  expect(verdictOf(real, [finding('images', 'clear')])).toMatch(/saw no fault\. That is no proof/)
  const unknown = verdictOf(real, [finding('images', 'unknown')])
  expect(unknown).toContain('Not known: images.')
  expect(unknown).not.toContain('no fault')
})

test('a phantom says nothing about disease', () => {
  expect(verdictOf(phantom, [finding('images', 'clear')])).toContain('nothing about disease')
  expect(verdictOf(real, [finding('images', 'clear')])).not.toContain('disease')
})

test('a set of one class is refused, with the reason', async () => {
  const items = groupedItems(20, 1).map(item => ({ ...item, label: 0 }))
  await expect(auditDataset(datasetOf(items))).rejects.toThrow(/bad-argument: expected .* two classes .* received made-up with COVID only/)
})

test('a question that there is not is refused with the nearest', () =>
  expect(auditDataset(datasetOf(groupedItems(20, 1)), { questions: ['lung' as 'lungs'] })).rejects.toThrow(/questions\[0\].*Nearest: 'lungs'/))
