/** The words of a whole audit: order of findings, and a paragraph that claims no more than they do. */
import { expect, test } from 'vitest'
import { auditDataset } from '../../src/lib/audit/audit-dataset'
import { numbersOfArms } from '../../src/lib/audit/arm-numbers'
import { auditedSet, withoutEmptyClasses } from '../../src/lib/audit/audited-set'
import { describePatients } from '../../src/lib/audit/describe-patients'
import { inOrderOfWeight, questions, type Finding } from '../../src/lib/audit/finding'
import { findPatients } from '../../src/lib/audit/patients'
import type { ScoredArm } from '../../src/lib/audit/scored-arm'
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

test('labels of one patient that contradict each other are another fault than a patient in two parts', async () => {
  const item = (name: string, label: number, group: string, part: 'train' | 'test') => ({ name, label, group, part })
  const set = datasetOf([
    item('a1', 0, 'a', 'train'), item('a2', 0, 'a', 'test'), item('b1', 0, 'b', 'train'), item('b2', 1, 'b', 'train'),
    item('c', 1, 'c', 'test'),
  ], { grouping: 'patient', evidence: 'real' })
  const words = verdictOf(auditedSet(set), describePatients(await findPatients(set)))
  expect(words).toMatch(/^Labels of the same patient contradict each other\. 1 of 3 patients has images of two classes/)
  expect(words).toMatch(/Images of the same patient are in two parts of the split\. 1 of 3 patients has images in two parts/)
})

test('where most patients have images of two classes, labels are of images: that is no fault', async () => {
  const items = Array.from({ length: 12 }, (_, i) => ({ name: `${i}`, label: i % 2, group: `p${i >> 1}` }))
  const [{ verdict, sentence }] = describePatients(await findPatients(datasetOf(items, { grouping: 'patient' })))
  expect([verdict, sentence]).toEqual(['unknown', expect.stringContaining('6 of 6 patients have images of two classes')])
})

test('another set that is drawn is said to be, beside a real set', () => {
  expect(verdictOf(real, [finding('another set', 'clear')], { ...phantom, title: 'Drawn' }))
    .toContain('The images of the other set (Drawn) are drawn by code')
  expect(verdictOf(real, [finding('another set', 'clear')], real)).not.toContain('disease')
})

test('the figures of another set carry its name', () => {
  const arm = { question: 'another set', classifier: 'a', input: 'whole image', labels: 'true', split: 'another set' } as ScoredArm
  expect(numbersOfArms({ arms: [arm] }, 'phantom').map(({ what }) => what)[0]).toBe('a; whole image; another set: phantom')
})

test('a class without images is left out, by name, and the classes after it keep theirs', () => {
  const items = groupedItems(20, 1).map(item => ({ ...item, label: item.label * 2 }))
  const set = datasetOf(items, { labels: ['a', 'none', 'c'], positive: 'none' }), left = withoutEmptyClasses(set)
  expect([left.labels, new Set(left.items.map(({ label }) => label)), left.positive]).toEqual([['a', 'c'], new Set([0, 1]), undefined])
  expect(withoutEmptyClasses(set, ['none'])).toBe(set)
  expect(auditedSet(set)).toMatchObject({ labels: ['a', 'c'], emptyClasses: ['none'], images: items.length })
  expect(verdictOf(auditedSet(set), [finding('images', 'clear')])).toContain('Left out, since no image is of it: the class none.')
})

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
