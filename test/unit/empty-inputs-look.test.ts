/** Every function of `look` on nothing, on one thing, and on numbers that are none. */
import { expect, test, vi } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { makeSplit } from '../../src/lib/data/split/split'
import { figures, look } from '../../src/lib/index'
import {
  checkEmptyInputs, drawn, facts, head, item, kinds, noPixels, nothing, one, over, partOf, patients, sets, singles,
  ungrouped,
} from '../fixtures/empty-inputs'
import { madeImage } from '../fixtures/figures'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

checkEmptyInputs(look, {
  averageImages: over(sets, set => look.averageImages(set, kinds)),
  chooseEvenly: over({ none: 2, zero: 0, NaN: NaN, half: 1.5 }, count => look.chooseEvenly([], count)),
  chooseExamples: { ...over(sets, set => look.chooseExamples(set, 'COVID', 2)), NaN: () => look.chooseExamples(one, 'COVID', NaN) },
  chooseGrouped: over({ singles, nothing, ungrouped }, async set => (await look.chooseGrouped(set)).title),
  collectByClass: over({ none: [], NaN: facts }, rows =>
    figures.histogram(look.collectByClass(rows, 'width'), { ...head, label: 'width' })),
  collectGreys: over(sets, set => look.collectGreys(set, kinds)),
  compareAugmentations: over({ none: partOf(nothing), NaN: partOf(one) }, part =>
    look.compareAugmentations(part, NaN, { none: {} })),
  compareFits: {
    ...over({ 'no pixels': noPixels, one: madeImage(1, 1, 1, 0) }, image => figures.imageGrid(look.compareFits(image), head)),
    ...over({ NaN: NaN, zero: 0 }, size => look.compareFits(madeImage(2, 2, 1, 0), size)),
  },
  countGroups: over(sets, set => look.countGroups(set)),
  countClasses: over(sets, set => look.countClasses(set)),
  crossTable: over({ none: [], NaN: facts, missing: [{ class: 'a' }] as unknown as typeof facts },
    rows => look.crossTable(rows, 'class', 'width', head)),
  describeDuplicates: {
    ...over(sets, async set => look.describeDuplicates(set, await look.findDuplicates(set, { model: null }))),
    none: () => look.describeDuplicates(nothing, []),
  },
  describePatients: over(sets, async set => look.describePatients(await look.findPatients(set))),
  dataFrame: { none: () => look.dataFrame([]) },
  findDuplicates: over(sets, async set =>
    (await look.findDuplicates(set)).map(({ measure, pairs }) => ({ measure, pairs: pairs.length }))),
  findExactDuplicates: over({ none: [], one: facts }, rows => look.findExactDuplicates(rows)),
  describeImageIssues: over(sets, async set => look.describeImageIssues(set, await look.findImageIssues(set)).sentence),
  findImageIssues: over(sets, async set => (await look.findImageIssues(set)).kinds),
  findMostAlike: { ...over(sets, set => look.findMostAlike(set, 3)), NaN: () => look.findMostAlike(one, NaN) },
  findPatients: over(sets, set => look.findPatients(set)),
  findSeen: over(sets, async set => {
    const split = makeSplit(set, 'random', 1, { train: [], validation: [], test: [] }, 'made up')
    return look.findSeen(split, await look.findDuplicates(set, { model: null }))
  }),
  findTellingMinima: over({ none: [], NaN: facts }, rows => look.findTellingMinima(rows)),
  listGroupItems: over(sets, set => look.listGroupItems(set, 'nobody')),
  listGroups: over(sets, set => look.listGroups(set)),
  loadPixels: over(sets, async set => (await look.loadPixels(set, { size: 8 })).count),
  measureAlikeness: over(sets, set => look.measureAlikeness(set)),
  measureOverlap: { none: () => look.measureOverlap(new Uint8Array(0), new Uint8Array(1)) },
  openPhantomLike: { unknown: async () => (await look.openPhantomLike({ modality: 'unknown' } as Dataset)).title },
  readFileFacts: over(sets, set => look.readFileFacts(set)),
  selectImages: over({ none: [], beyond: [1], NaN: [NaN] }, indices =>
    look.selectImages(one, indices).indices.length),
  tissueTable: { one: () => look.tissueTable() },
  storeImage: over({ none: nothing, NaN: one }, set => look.storeImage(set, NaN)),
  summarizeFiles: over({ none: [], NaN: facts }, rows => look.summarizeFiles(rows)),
  transmissionTable: { one: () => look.transmissionTable() },
  windowCurves: { one: () => drawn(look.windowCurves()) },
})

test('images of unknown groups are no pairs of different patients', async () => {
  const mixed = patients([item(0, 'p'), item(1, null), item(2, null)])
  expect((await look.measureAlikeness(mixed)).map(({ pairs }) => pairs)).toEqual([0, 0, 0])
})

test('sets without groups are refused in one wording', async () => {
  const wording = 'expected a data set whose groups are known'
  expect(() => look.listGroups(ungrouped)).toThrow(wording)
  await expect(look.measureAlikeness(ungrouped)).rejects.toThrow(wording)
})
