/** A bare result as a cell's last line prints a few words, and is in all else what it was. */
import { deepStrictEqual } from 'node:assert'
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import * as lab from '../../src/lib/index'
import { imageTable } from '../../src/lib/display/prediction-tables'
import { threeDecimals, withSummary } from '../../src/lib/system/summary'
import { madePredictions } from '../fixtures/figures'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

const data = await lab.openDataset('phantom', { phantom: { patients: 8, slicesPerPatient: 2, size: 32 } })
const xray = await lab.openDataset('phantom-xray', { xrayPhantom: { patients: 8, imagesPerPatient: 2, size: 64 } })
const parts = lab.splitByGroup(data, { validation: 0.25, test: 0.25, seed: 1 })
const model = await lab.resnet50({ classes: data.labels, weights: 'none', width: 'quarter', size: 32 })
// Much smaller, so that comparing all its numbers again and again takes no time.
const small = lab.anatomy.networkVariant({}, { classes: data.labels, size: 32, filters: 4 })
const trained = await lab.train(lab.freeze(small, { through: 'conv5' }), parts, { epochs: 1, batch: 8, optimizer: { name: 'sgd', rate: 0.01 } })
const predictions = lab.ignoreGroups(await lab.predict(trained.model, parts.test))
const evaluation = lab.measurePredictions(madePredictions(['a', 'b'], 1), { positive: 'a' })
const table = lab.dataTable('rows', 'Many rows', Array.from({ length: 900 }, (_, i) => ({ i, name: `${i}.png` })))

const things: Record<string, [thing: object, words: RegExp]> = {
  'a data set': [data, /^Data set: .*\n16 images \(.*\), 8 patients\n/],
  'another data set': [xray, /^Data set: /],
  'some of its images': [lab.look.selectImages(data, [0, 1]).dataset, /^Data set: .*\n2 images/],
  'a set with made-up labels': [lab.relabelByGroup(data, 1), /made-up labels/],
  'a split': [parts, /^Split of .*\ntrain: 8 images .*; test: 4 images/],
  'a published split': [lab.splitPublished(data, { test: 0.25, seed: 1 }), /Warning: /],
  'a part': [parts.train, /^Part for train of .*\n8 images \(/],
  'a model': [model, /^Model: ResNet50 for images of 32 × 32 pixels, start weights: random\nClasses: .*\n\d+ layers, 0 of them frozen; .* numbers/],
  'a frozen model': [lab.freeze(small, { through: 'conv4' }), /[1-9]\d* of them frozen/],
  'a thawed model': [lab.unfreeze(lab.freeze(small, { through: 'conv4' })), / 0 of them frozen/],
  'a variant': [small, /^Model: ResNet50 blocks/],
  'a training run': [trained, /^Training run: 1 epoch in \d+ s, to its end\nbest epoch 1: validation loss \d/],
  'a trained model': [trained.model, /^Model: /],
  'predictions': [predictions, /^Predictions for 4 images\n.*\nAccuracy 0\.\d{3}/],
  'an evaluation': [evaluation, /^Evaluation of 240 images, positive: a\nAccuracy 0\.\d{3} \(0\.\d{3} to/],
  'a figure': [lab.figures.rocCurve(evaluation), /^Figure: Receiver operating characteristic\. a: area/],
  'a table': [table, /^Table: Many rows\n900 rows; columns: i, name\n/],
  'an image': [await data.read(0), /^Image of 32 × 32 pixels, grey: values \d+ to \d+, mean \d/],
  'an X-ray': [await xray.read(0), /^Image of /],
  'a resized image': [lab.resizeArea(await data.read(0), 8, 8), /^Image of 8 × 8/],
  'a map as an image': [lab.byHand.toImage(lab.byHand.evenMap(1)), /^Image of 3 × 3 pixels, grey: values 0 to 0/],
}

describe.each(Object.entries(things))('%s', (_, [thing, words]) => {
  it('prints one to five lines, and says what shows it', () => {
    const printed = inspect(thing)
    expect(printed).toMatch(words)
    expect(printed.split('\n').length).toBeLessThanOrEqual(5)
    expect(printed.split('\n').at(-1)).toMatch(/^show\(.*\) shows it\.$/)
    expect(printed).not.toMatch(/NaN|undefined|\[object/)
  })

  it('is what it was: keys, copies, comparison, JSON', () => {
    expect(Object.getOwnPropertySymbols({ ...thing })).toEqual([])
    expect(Object.keys(thing)).toEqual(Object.keys({ ...thing }))
    expect(thing).toStrictEqual({ ...thing })
    deepStrictEqual(thing, { ...thing })
    expect(JSON.stringify(thing)).toBe(JSON.stringify({ ...thing }))
  })
})

it('plain results can still be cloned and sent to a worker', () => {
  for (const thing of [evaluation, predictions, table, trained.model])
    expect(structuredClone(thing)).toStrictEqual({ ...thing })
})

it('the words tell what the thing is when it is printed, not when it was made', () => {
  const thing = withSummary({ count: 1 }, ({ count }) => `A count of ${count}`, 'show([x])')
  thing.count = 2
  expect(inspect({ thing })).toContain('A count of 2')
  expect(threeDecimals(NaN)).toBe('–')
})

it('tables of every kind are summarized', () => {
  const predicted = { classes: ['a'], images: [], failed: [], ignored: [], positive: null, threshold: null }
  expect(inspect(imageTable(predicted))).toMatch(/^Table: 0 images\n0 rows/)
})
