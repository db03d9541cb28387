/** Explanations say what holds for the set at hand, and nothing else. */
import { describe, expect, it, test } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { chooseGrouped } from '../../src/lib/data/look/grouped'
import { explain, type Topic } from '../../src/lib/notebook/explain'
import { literally } from '../../src/lib/notebook/explanations/explanation'
import { datasetOf } from '../fixtures/datasets'
import { itemsOf, kinds, real, sets, testTopics, withoutGroups } from '../fixtures/explained-sets'

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
    expect(near({ nearDuplicates: [[0, 1]] })).toMatch(/was searched.*1 pair .*keep both images of a pair in one part/)
    expect(near({ grouping: 'number block' })).toMatch(/may still lie in validation and test: the split says so/)
    expect(near({ grouping: 'none' })).toMatch(/A split at random may put/)
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

describe('the positive class', () => {
  testTopics(['which class is positive'])

  const words = (kind: string) => explain(sets[kind], 'which class is positive').markdown

  it('is the one that the set names', () => {
    expect(words('the SARS-CoV-2 CT-scan set')).toMatch(/\*\*COVID\*\*: the data set names it.*share of "COVID" that is found/s)
  })

  it('is the first of the list where nobody has named one, and that is said', () => {
    expect(words('a folder without groups')).toMatch(/Nobody has said.*\*\*normal\*\*.*--positive CLASS/s)
  })

  it('counts against all others together where there are three', () => {
    expect(words('three classes')).toMatch(/3 classes: this one counts against the rest, normal and viral, together/)
  })
})

describe('notebooks 03 and 08', () => {
  testTopics(['where edges are', 'whose figures were recorded'])

  it('the recorded figures are of the reader’s images on one set only', () => {
    const words = (kind: string) => explain(sets[kind], 'whose figures were recorded').markdown
    expect(words('the SARS-CoV-2 CT-scan set')).toMatch(/figures below are of your images/)
    expect(words('three classes')).toMatch(/\*\*mine\*\*, had no part.*another set than yours/s)
  })
})

describe('notebook 10', () => {
  testTopics(['what is known about the set', 'what the result does not show'])

  const known = (data: Dataset) => explain(data, 'what is known about the set').markdown
  const limits = (data: Dataset) => explain(data, 'what the result does not show').markdown

  it('says what nobody has said about a set', () => {
    const words = known(sets['a folder without groups'])
    expect(words).toMatch(/Classes:\*\* normal \(20\) and pneumonia \(20\)\. 20 images of "normal" are few/)
    expect(words).toMatch(/Nobody has said which images show the same patient/)
    expect(words).toMatch(/Nobody has named the class/)
    expect(words).toMatch(/What took the images:\*\* The set does not say/)
    expect(words).toMatch(/Values:\*\* All files hold 8 bits/)
    expect(words).toMatch(/Left out:\*\* No file/)
    expect(words.split('\n')).toHaveLength(8)
  })

  it('counts patients, those that are not known, and pairs that are nearly the same', () => {
    const items = itemsOf(20, 4).map((item, i) => (i < 3 ? { ...item, group: null } : item))
    const words = known(datasetOf(items, { ...real, nearDuplicates: [[4, 5]] }))
    expect(words).toMatch(/Patients:\*\* 20 patients\. The patient of 3 images is not known/)
    expect(words).toMatch(/1 pair\. The split keeps both images of each on one side/)
    expect(known(datasetOf(withoutGroups, { ...real, grouping: 'none', nearDuplicates: [[4, 5]] }))).toMatch(/1 pair\. If some lie on/)
    expect(known(datasetOf(items, { ...real, grouping: 'number block', nearDuplicates: [[4, 5]] })))
      .toMatch(/1 pair\. The split leaves an image out of training.*Pairs may still lie in validation and test/)
  })

  it('names files that were left out, with every letter of their names', () => {
    const data = datasetOf(itemsOf(20, 4), { ...real, skipped: [{ name: 'a*b*.png', reason: 'an empty file' }], window: { counts: { bits: 12 } } })
    expect(known(data)).toMatch(/1 file that cannot be read: a\\\*b\\\*\.png \(an empty file\)/)
    expect(known(data)).toMatch(/more than 8 bits/)
  })

  it('warns of a class that most images have', () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ name: `${i}.png`, label: i % 5 ? 1 : 0, group: `p${i}` }))
    expect(known(datasetOf(items, real))).toMatch(/always says "non-COVID" is right 80 % of the time/)
    expect(known(datasetOf(items, real))).not.toMatch(/are few/)
  })

  it('says how common the finding is in the set, and whether its parts were given', () => {
    const items = itemsOf(20, 1).map((item, i) => ({ ...item, part: (['train', 'validation', 'test'] as const)[i % 3] }))
    const data = datasetOf(items, { ...real, positive: 'non-COVID' })
    expect(limits(data)).toMatch(/50 % of these images are "non-COVID"/)
    expect(limits(data)).toMatch(/The parts were given/)
    expect(known(data)).toMatch(/parts that its makers chose/)
    expect(limits(sets['a folder without groups'])).toMatch(/Nobody knows: no patient is named/)
    expect(limits(sets['the X-ray phantom'])).toMatch(/nothing about disease/)
  })
})

describe('notebooks 04, 05 and 06', () => {
  testTopics([
    'what one comparison leaves open', 'how unequal the classes are', 'what may vary between images',
    'what pretraining is worth', 'what a second split can show', 'what two splits leave open', 'whose protocol is repeated',
    'two kinds of mistake', 'a threshold and the likeliest class', 'what the intervals stand on',
  ])

  const words = (kind: string, topic: Topic) => explain(sets[kind], topic).markdown
  const given = datasetOf(itemsOf(20, 2).map((item, i) => ({ ...item, part: (['train', 'validation', 'test'] as const)[i % 3] })), real)

  it('count the classes, and name remedies where they are unequal', () => {
    expect(words('a folder without groups', 'how unequal the classes are')).toMatch(/20 images of "normal" and 20 images of "pneumonia".*nearly equal/s)
    // 500 images, 100 of the first class: weights 500 / (2 · 100) and 500 / (2 · 400).
    const items = Array.from({ length: 500 }, (_, i) => ({ name: `${i}.png`, label: i % 5 ? 1 : 0, group: `p${i}` }))
    const text = explain(datasetOf(items, real), 'how unequal the classes are').markdown
    expect(text).toMatch(/4\.0 to 1.*"non-COVID" is right in 80 %.*2\.50 for "COVID", 0\.63 for "non-COVID"/s)
    expect(text).not.toMatch(/nearly equal/)
  })

  it('say what a second split measures: the deal, the makers’ choice, or groups that are torn apart', () => {
    const topic = 'what a second split can show'
    expect(words('a folder without groups', topic)).toMatch(/random already.*cannot be measured/s)
    expect(words('one image a patient', topic)).toMatch(/only one of their patient/)
    expect(words('CT of patients', topic)).toMatch(/keeps all images of one patient together/)
    expect(words('the SARS-CoV-2 CT-scan set', topic)).toMatch(/keeps all images of one number block together/)
    expect(explain(given, topic).markdown).toMatch(/set's makers gave.*their test images among them/s)
    expect(words('a folder without groups', 'what two splits leave open')).not.toMatch(/foldByGroup/)
    expect(words('CT of patients', 'what two splits leave open')).toMatch(/foldByGroup/)
    expect(words('the SARS-CoV-2 CT-scan set', 'what two splits leave open')).toMatch(/\.978/)
  })

  it('compare the published figure with the reader’s on one set only', () => {
    const topic = 'whose protocol is repeated'
    expect(words('the SARS-CoV-2 CT-scan set', topic)).toMatch(/are those of that notebook/)
    expect(words('three classes', topic)).toMatch(/\*\*mine\*\*.*no goal.*each of 3 classes/s)
    expect(explain(given, topic).markdown).toMatch(/those too that the set's makers gave/)
  })

  it('speak of the positive class by its name, and against the rest', () => {
    const topic = 'two kinds of mistake'
    expect(words('three classes', topic)).toMatch(/"bacterial" that is called anything else is \*\*missed\*\*.*Of the 3 classes one/s)
    expect(words('X-rays without COVID', topic)).toMatch(/If "NORMAL" is a disease.*With two classes/s)
    expect(words('three classes', 'a threshold and the likeliest class')).toMatch(/With 3 classes/)
  })

  it('say when there is one interval, and when two are nearly alike', () => {
    const topic = 'what the intervals stand on'
    expect(words('a folder without groups', topic)).toMatch(/only one interval/)
    expect(words('one image a patient', topic)).toMatch(/20 images of 20 patients.*nearly alike/s)
    expect(words('CT of patients', topic)).toMatch(/80 images of 20 patients/)
    const items = itemsOf(20, 4).map((item, i) => (i < 3 ? { ...item, group: null } : item))
    expect(explain(datasetOf(items, real), topic).markdown).toMatch(/77 images of 20 patients.*patient of 3 images is not known/s)
  })
})

describe('notebook 07', () => {
  testTopics(['where the trap is planted', 'what the audit does not know'])

  const words = (topic: Topic, kind: string) => explain(sets[kind], topic).markdown

  it('the trap lies in drawings of the same kind, and never in the set', () => {
    expect(words('where the trap is planted', 'CT of patients')).toMatch(/not planted in \*\*mine\*\*.*CT phantom/s)
    expect(words('where the trap is planted', 'X-rays with COVID')).toMatch(/X-ray phantom/)
    expect(words('where the trap is planted', 'a folder without groups')).toMatch(/nobody has said what took your images/)
    expect(words('where the trap is planted', 'the CT phantom')).toMatch(/drawn by code, as yours are/)
  })

  it('what is not known depends on what was written down', () => {
    const topic = 'what the audit does not know'
    expect(words(topic, 'a folder without groups')).toMatch(/Nobody has said which images show the same patient/)
    expect(words(topic, 'one image a patient')).toMatch(/only one of their patient/)
    expect(words(topic, 'the SARS-CoV-2 CT-scan set')).toMatch(/Blocks of file numbers stand in/)
    expect(words(topic, 'three classes')).toMatch(/"bacterial", "normal" and "viral" come from the same hospital/)
    expect(words(topic, 'the X-ray phantom')).toMatch(/nothing about a disease.*as the set names them/s)
  })
})
