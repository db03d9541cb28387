/** Notebook 09's explanations: whose images meet a published protocol, on which splits, what a comparison counts. */
import { describe, expect, it } from 'vitest'
import { explain, type Topic } from '../../src/lib/notebook/explain'
import { datasetOf } from '../fixtures/datasets'
import { itemsOf, real, sets, testTopics } from '../fixtures/explained-sets'

describe('notebook 09', () => {
  testTopics(['whose images meet the protocol', 'which splits the protocol gets', 'what a comparison takes as given'])

  const given = datasetOf(itemsOf(20, 2).map((item, i) => ({ ...item, part: (['train', 'validation', 'test'] as const)[i % 3] })), real)
  const words = (kind: string, topic: Topic) => explain(sets[kind], topic).markdown

  it('sets the published figure beside the reader’s on one set only, and says where accuracies start', () => {
    const topic = 'whose images meet the protocol'
    expect(words('the SARS-CoV-2 CT-scan set', topic)).toMatch(/can be set side by side.*differ in more/s)
    expect(words('three classes', topic)).toMatch(/\*\*mine\*\*, are not the paper's.*is right in 33 %.*yours has 3/s)
    expect(words('the X-ray phantom', topic)).toMatch(/\*\*drawings\*\*.*neither confirms nor refutes/s)
  })

  it('says why there is no leak-aware split, or whom it keeps together', () => {
    const topic = 'which splits the protocol gets'
    expect(words('a folder without groups', topic)).toMatch(/no leak-aware split.*choose another one/s)
    expect(words('one image a patient', topic)).toMatch(/of 20 patients\. Most images are the only one of their patient/)
    expect(words('CT of patients', topic))
      .toMatch(/all images of a patient on one side: of 20 patients\. Where a paper dealt out patients.*the only one that runs/)
    expect(words('CT of patients', topic)).not.toMatch(/hardly anything|may be luck/)
    expect(explain(datasetOf(itemsOf(6, 4), real), topic).markdown).toMatch(/6 patients: too few.*no leak-aware split/s)
    expect(explain(given, topic).markdown).toMatch(/gave for testing are dealt anew/)
    expect(words('the SARS-CoV-2 CT-scan set', topic)).toMatch(/all images of a number block/)
    const items = itemsOf(20, 4).map((item, i) => (i < 3 ? { ...item, group: null } : item))
    expect(explain(datasetOf(items, real), topic).markdown).toMatch(/patient of 3 images is not known/)
  })

  it('says what interval and p count', () => {
    const topic = 'what a comparison takes as given'
    expect(words('a folder without groups', topic)).toMatch(/witness of its own.*too narrow/s)
    expect(words('one image a patient', topic)).toMatch(/nearly the same/)
    expect(words('CT of patients', topic)).toMatch(/4\.0 images a patient.*draws whole patients.*p does not/s)
    const unnamed = datasetOf(itemsOf(8, 2).map(item => ({ ...item, group: null })), { ...real, grouping: 'patient' })
    expect(explain(unnamed, topic).markdown).toMatch(/witness of its own/)
  })
})
