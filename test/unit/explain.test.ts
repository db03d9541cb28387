/** Explanations say what holds for the set at hand, and nothing else. */
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import { chooseGrouped } from '../../src/lib/data/look/grouped'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { openXrayPhantom } from '../../src/lib/data/phantom-xray/phantom-xray'
import { explain, type Topic } from '../../src/lib/notebook/explain'
import { literally } from '../../src/lib/notebook/explanations/explanation'
import { datasetOf } from '../fixtures/datasets'

/** `patients` of `images` each; patients take turns in the classes. */
function itemsOf(patients: number, images: number, classes = 2): Item[] {
  return Array.from({ length: patients * images }, (_, i) => {
    const patient = Math.floor(i / images)
    return { name: `${i}.png`, label: patient % classes, group: `p${patient}` }
  })
}

const withoutGroups = itemsOf(20, 2).map(item => ({ ...item, group: null }))
const real = { name: 'folder:mine-12345678', title: 'mine', evidence: 'real', grouping: 'patient' } as const
const lungs = ['bacterial', 'normal', 'viral'] as const

/** Sets of every kind that a notebook meets. */
const sets: Record<string, Dataset> = {
  'a folder without groups': datasetOf(withoutGroups, { ...real, labels: ['normal', 'pneumonia'], grouping: 'none' }),
  'one image a patient': datasetOf(itemsOf(20, 1), { ...real, labels: ['normal', 'pneumonia'] }),
  'three classes': datasetOf(itemsOf(18, 2, 3), { ...real, labels: lungs }),
  'CT of patients': datasetOf(itemsOf(20, 4), { ...real, modality: 'CT' }),
  'CT in three classes': datasetOf(itemsOf(18, 2, 3), { ...real, labels: lungs, modality: 'CT' }),
  'X-rays with COVID': datasetOf(itemsOf(20, 1), { ...real, modality: 'X-ray', positive: 'COVID' }),
  'X-rays without COVID': datasetOf(withoutGroups, {
    ...real, labels: ['NORMAL', 'PNEUMONIA'], modality: 'X-ray', grouping: 'none', nearDuplicatesSearched: false,
  }),
  'the SARS-CoV-2 CT-scan set': datasetOf(itemsOf(20, 4), {
    name: 'sars-cov-2-ct', title: 'SARS-CoV-2 CT scans', evidence: 'real', modality: 'CT', positive: 'COVID',
  }),
}

beforeAll(async () => {
  sets['the CT phantom'] = await openPhantom({ patients: 12, slicesPerPatient: 4, size: 32 })
  sets['the X-ray phantom'] = await openXrayPhantom({ patients: 12, imagesPerPatient: 2, size: 32 })
})

const kinds = [...Object.keys(sets), 'the CT phantom', 'the X-ray phantom']

/** Words that would be false about a set of each modality. General knowledge stands in notebooks, not here. */
const falseWords: Record<Dataset['modality'], RegExp> = {
  CT: /X-ray|radiograph/i,
  'X-ray': /\bCT\b|\bslices?\b|ground.glass/i,
  unknown: /\bslices?\b|\bradiographs?\b/i,
}

/** No false word about any kind of set, and something to read about each. */
function testTopics(topics: readonly Topic[]): void {
  describe.each(topics)('%s', topic => {
    it.each(kinds)('over %s', kind => {
      const data = sets[kind]
      const { markdown } = explain(data, topic)
      expect(markdown.length).toBeGreaterThan(20)
      expect(markdown).not.toMatch(falseWords[data.modality])
      expect(markdown).not.toMatch(/NaN|undefined|null\b|\[object|\b(by|one|of) none\b/)
      if (data.name !== 'sars-cov-2-ct') expect(markdown).not.toMatch(/SARS-CoV-2/)
      if (data.evidence === 'real' && data.name !== 'sars-cov-2-ct') expect(markdown).not.toMatch(/number block/i)
    })
  })
}

test('names from a data set keep every letter in Markdown', () => {
  expect(literally('a *b* [c](d) <e> $f$')).toBe('a \\*b\\* \\[c\\](d) \\<e\\> \\$f\\$')
})

describe('groups', () => {
  testTopics(['which images show the groups'])

  const words = (kind: string) => explain(sets[kind], 'which images show the groups').markdown

  it('the set itself where patients have several images', () => {
    expect(words('CT of patients')).toMatch(/\*\*mine\*\* itself: 80 images of 20 patients/)
    expect(words('the SARS-CoV-2 CT-scan set')).toMatch(/20 number blocks.*name no patients/s)
  })

  it('the phantom of the modality else, with the reason', () => {
    expect(words('a folder without groups')).toMatch(/Nobody has said.*CT phantom/s)
    expect(words('one image a patient')).toMatch(/only one of their patient.*CT phantom/s)
    expect(words('X-rays without COVID')).toMatch(/Nobody has said.*X-ray phantom/s)
  })

  it('the phantom where a class has fewer than five patients that can be told apart', () => {
    const items = itemsOf(10, 4)
    expect(explain(datasetOf(items, real), 'which images show the groups').markdown).toMatch(/itself/)
    // Patients 0 and 2 are of one class and share an image.
    const alike = datasetOf(items, { ...real, nearDuplicates: [[0, 8]] })
    expect(explain(alike, 'which images show the groups').markdown).toMatch(/fewer than five patients.*CT phantom/s)
  })

  it('images of unknown patients are left out, and counted', () => {
    const items = itemsOf(20, 4).map((item, i) => (i < 3 ? { ...item, group: null } : item))
    const data = datasetOf(items, real)
    expect(explain(data, 'which images show the groups').markdown)
      .toMatch(/77 images of 20 patients\. The patient of 3 images is not known/)
    return expect(chooseGrouped(data).then(families => families.items)).resolves.toEqual(items.slice(3))
  })
})

describe('notebook 01', () => {
  testTopics([
    'how to look at the images', 'what the labels mean', 'how the greys came about', 'what the findings look like',
    'what the phantom shows', 'what images of one patient share', 'what the files tell', 'near-duplicates',
  ])

  const words = (topic: Topic, kind: string) => explain(sets[kind], topic).markdown

  it('a class without COVID is not a class of healthy people', () => {
    expect(words('what the labels mean', 'the SARS-CoV-2 CT-scan set')).toMatch(/"non-COVID" does not mean healthy/)
    expect(words('what the labels mean', 'CT of patients')).toMatch(/"non-COVID" says what is absent/)
    expect(words('what the labels mean', 'X-rays without COVID')).toMatch(/"NORMAL" says what somebody saw/)
    expect(words('what the labels mean', 'X-rays with COVID')).toMatch(/nobody here knows/)
  })

  it('COVID only where a label names it', () => {
    expect(words('what the findings look like', 'X-rays with COVID')).toMatch(/both lungs.*often\s+normal.*air bronchogram/s)
    for (const kind of ['X-rays without COVID', 'CT in three classes', 'three classes', 'the X-ray phantom'])
      expect(words('what the findings look like', kind)).not.toMatch(/COVID/)
    const tuberculosis = datasetOf(itemsOf(4, 1), { ...real, modality: 'X-ray', labels: ['normal', 'tuberculosis'] })
    expect(explain(tuberculosis, 'what the findings look like').markdown).toMatch(/Tuberculosis of adults/)
  })

  it('what is known about the window', () => {
    const greys = (window: Dataset['window'], modality: Dataset['modality']) =>
      explain(datasetOf(itemsOf(4, 1), { ...real, modality, window }), 'how the greys came about').markdown
    expect(greys(undefined, 'CT')).toMatch(/nobody wrote down which.*\*not\* Hounsfield units/)
    expect(greys({ ct: { center: -600, width: 1500 } }, 'CT')).toMatch(/from −1350 \(black\) to 150 \(white\).*One window/)
    expect(greys({ counts: { bits: 12 } }, 'X-ray')).toMatch(/12 bits: 0 is shown black, 4095 white.*exposure/)
    expect(greys({}, 'X-ray')).toMatch(/Each file says itself/)
    expect(greys({ counts: { bits: 12 } }, 'unknown')).toMatch(/data set does not say.*the files do not say/)
  })

  it('near-duplicates: searched and counted, or not searched', () => {
    const near = (more: Partial<Dataset>) => explain(datasetOf(itemsOf(4, 1), { ...real, ...more }), 'near-duplicates').markdown
    expect(near({ nearDuplicates: [[0, 1]] })).toMatch(/was searched.*1 pair /)
    expect(near({ nearDuplicatesSearched: false })).toMatch(/Nobody has searched/)
    expect(words('near-duplicates', 'the X-ray phantom')).toMatch(/not searched/)
  })
})

describe('notebook 02', () => {
  testTopics(['what the names tell', 'what the folds say', 'what made-up labels prove', 'the usual split'])

  it('measured figures of the SARS-CoV-2 CT-scan set stand over that set only', () => {
    for (const topic of ['what the folds say', 'what made-up labels prove'] as const)
      for (const kind of kinds)
        expect(/\.\d\d\d/.test(explain(sets[kind], topic).markdown)).toBe(kind === 'the SARS-CoV-2 CT-scan set')
  })

  it('the usual split is the given one, else by group, else at random with a warning', () => {
    const given = datasetOf(withoutGroups.map(item => ({ ...item, part: 'train' as const })), { ...real, grouping: 'none' })
    expect(explain(given, 'the usual split').markdown).toMatch(/Whoever made \*\*mine\*\*/)
    expect(explain(sets['CT of patients'], 'the usual split').markdown).toMatch(/split by patient/)
    expect(explain(sets['a folder without groups'], 'the usual split').markdown).toMatch(/at random.*may be too good/s)
  })
})
