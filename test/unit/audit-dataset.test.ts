/** Audits of odd sets: each question is answered, or said to be unknown; nothing is silently left out. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Audit } from '../../src/lib/audit/audit'
import { auditDataset } from '../../src/lib/audit/audit-dataset'
import { questions, type Question } from '../../src/lib/audit/finding'
import { auditSteps } from '../../src/lib/audit/steps'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import { LabError, openDataset } from '../../src/lib/index'
import { sha256 } from '../../src/lib/system/hash'
import { stream } from '../../src/lib/system/random'
import { datasetOf } from '../fixtures/datasets'
import { auditSections } from '../../src/lib/report/audit-sections'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
beforeAll(() => vi.stubEnv('LAB_DATA_FOLDER', path('data')))

/** The verdict of each question: the heaviest, where it has several findings. */
const answersOf = ({ findings }: Audit) =>
  new Map([...findings].reverse().map(({ question, verdict }) => [question, verdict]))
const sentenceOf = ({ findings }: Audit, question: Question) =>
  findings.find(one => one.question === question)!.sentence

/** Noise, so that no two images are alike; two classes that nothing tells apart. */
const noise = (count: number, item: (i: number) => Partial<Item> = () => ({}), more: Partial<Dataset> = {}): Dataset =>
  datasetOf(Array.from({ length: count }, (_, i) => ({ name: `${i}.png`, label: i % 2, group: null, ...item(i) })), {
    name: 'noise', grouping: 'none', contentHash: sha256(`noise ${count}`), read: noiseImage, ...more,
  })

async function noiseImage(index: number) {
  const random = stream('noise of a test', index)
  const data = Uint8Array.from({ length: 1024 }, () => random.integer(256))
  return { width: 32, height: 32, channels: 1 as const, data }
}

/** Networks are not what these tests are about. */
const quickly = { network: null } as const

describe('a phantom of eight patients', () => {
  let audit: Audit
  const stages: string[] = []
  beforeAll(async () => {
    const phantom = await openDataset('phantom', { phantom: { patients: 8, slicesPerPatient: 3, size: 64 } })
    audit = await auditDataset(phantom, { ...quickly, onProgress: stage => stages.push(stage) })
  }, 60_000)

  test('every question has an answer, in words', () => {
    expect([...answersOf(audit).keys()].sort()).toEqual([...questions].sort())
    for (const { sentence } of audit.findings) expect(sentence).toMatch(/^[^a-z].*\.$/s)
    expect(audit.verdict).toContain('nothing about disease')
  })

  test('another set that nobody named is unknown', () =>
    expect(answersOf(audit).get('another set')).toBe('unknown'))

  test('each stage names its step, and the steps follow each other', () => {
    const steps = stages.map(stage => auditSteps.findIndex(step => stage.startsWith(`${step}: `)))
    expect(steps).not.toContain(-1)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })

  test('the result is plain data', () => expect(() => structuredClone({ ...audit })).not.toThrow())

  test('every figure has a question, words, and an interval that holds it where it has one', () => {
    expect(audit.numbers.length).toBeGreaterThan(20)
    for (const { question, what, value, low, high, images } of audit.numbers) {
      expect(questions).toContain(question)
      expect(what).toBeTruthy()
      expect(images).toBeGreaterThan(0)
      if (low <= high) expect([low <= value, value <= high]).toEqual([true, true])
    }
  })
})

describe('odd sets', () => {
  test('without groups: what needs groups is unknown, and the sentence says why', async () => {
    const audit = await auditDataset(noise(20), { ...quickly, questions: ['patients', 'shuffled labels', 'random against grouped'] })
    expect([...answersOf(audit)].map(([, verdict]) => verdict)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(audit.verdict).toContain('Not known: shuffled labels, random against grouped, patients.')
  })

  test('one image a patient, three classes, names with odd characters', async () => {
    const data = noise(30, i => ({ name: `Ärzte “x” & <b>/${String(i).padStart(2, '0')} 🫁.png`, label: i % 3, group: `p${i}` }),
      { labels: ['a', 'b', 'c'], grouping: 'patient' })
    const answers = answersOf(await auditDataset(data, quickly))
    expect([...answers.keys()].sort()).toEqual([...questions].sort())
    expect(answers.get('duplicates')).toBe('clear')
    expect(answers.get('patients')).toBe('clear')
  }, 60_000)

  test('a class without images is left out, and nothing becomes unknown by it', async () => {
    const data = noise(20, i => ({ label: i % 2 * 2 }), { labels: ['a', 'none', 'c'] })
    const audit = await auditDataset(data, { ...quickly, questions: ['file facts', 'duplicates'] })
    expect(Object.fromEntries(answersOf(audit))).toEqual({ 'file facts': 'clear', duplicates: 'clear' })
    expect(audit.copies!.across.length).toBe(1)
    expect(audit.verdict).toContain('the class none.')
  })

  test('too few images for a split: copies across one are unknown', async () => {
    const audit = await auditDataset(noise(3), { ...quickly, questions: ['duplicates'] })
    expect(audit.findings.find(({ verdict }) => verdict === 'unknown')!.sentence).toMatch(/^Copies across a split cannot be counted: .*\.$/)
  })

  test('a pattern names the patients', async () => {
    const data = noise(20, i => ({ name: `person${i >> 1}_${i}.png` }))
    const audit = await auditDataset(data, { ...quickly, questions: ['patients'], groupPattern: 'person(\\d+)_' })
    expect(audit.set).toMatchObject({ grouping: 'patient', groups: 10 })
    expect(sentenceOf(audit, 'patients')).toContain('10 of 10 patients have images of two classes')
  })

  test.each(['scan(\\d+)', '^(person)', '('])('the pattern %j names no two patients, and is refused', async groupPattern => {
    const data = noise(20, i => ({ name: `person${i >> 1}_${i}.png` }))
    await expect(auditDataset(data, { ...quickly, questions: ['patients'], groupPattern })).rejects.toThrow(/bad-argument: expected groupPattern/)
  })

  test('a damaged image in the middle ends the audit with an error that names it', async () => {
    const read = async (index: number) => {
      if (index !== 11) return noiseImage(index)
      throw new LabError('bad-image', { expected: '11.png to be an image', received: 'noise', remedy: 'Get it again' })
    }
    const damaged = noise(20, () => ({}), { read, contentHash: 'damaged'.padEnd(64, '0'), name: 'damaged' })
    for (const question of ['duplicates', 'border', 'images'] as const)
      await expect(auditDataset(damaged, { ...quickly, questions: [question] })).rejects.toThrow(/bad-image.*11\.png/)
  })

  test('X-ray images without masks: the lungs are unknown', async () => {
    const audit = await auditDataset(noise(20, i => ({ group: `p${i}` }), { modality: 'X-ray', grouping: 'patient' }), { ...quickly, questions: ['lungs'] })
    expect(answersOf(audit).get('lungs')).toBe('unknown')
    expect(sentenceOf(audit, 'lungs')).toMatch(/mask/)
  })
})

describe('a signal', () => {
  test('that has fired leaves every question open', async () => {
    const audit = await auditDataset(datasetOf([{ name: 'a', label: 0, group: 'p' }, { name: 'b', label: 1, group: 'q' }]), { signal: AbortSignal.abort() })
    expect(audit.stopped).toBe(true)
    expect(new Set(answersOf(audit).values())).toEqual(new Set(['unknown']))
    expect(audit.findings).toHaveLength(questions.length)
  })

  test('that fires on the way keeps what was found, and says what is open', async () => {
    const stop = new AbortController()
    const audit = await auditDataset(noise(20, i => ({ group: `p${i}` }), { grouping: 'patient' }), {
      ...quickly, questions: ['duplicates', 'border'], signal: stop.signal,
      onProgress: stage => { if (stage.startsWith('classifiers')) stop.abort() },
    })
    expect(audit.stopped).toBe(true)
    expect(answersOf(audit).get('duplicates')).toBe('clear')
    expect(sentenceOf(audit, 'border')).toBe('The audit was stopped before it had an answer.')
  })
})

test('the page of a whole audit has a section for each step, with its figures and tables', async () => {
  const phantom = await openDataset('phantom', { phantom: { patients: 8, slicesPerPatient: 3, size: 64 } })
  const sections = await auditSections(phantom, await auditDataset(phantom, quickly))
  expect(sections.map(({ id }) => id)).toEqual(['leakage', 'copies', 'patients', 'shortcuts', 'labels', 'images'])
  for (const { figures, tables, numbers } of sections)
    expect(figures.length + tables.length + (numbers ? 1 : 0)).toBeGreaterThan(1)
  const all = sections.flatMap(({ tables, numbers }) => (numbers ? [...tables, numbers] : tables))
  const names = all.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
}, 60_000)
