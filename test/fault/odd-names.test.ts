/** Names that every object knows, such as 'constructor', are names like others. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import {
  checkAnswer, evaluate, figures, look, openDataset, openModel, papers, saveModel, splitByGroup, statistics, tables,
  type Dataset, type Split,
} from '../../src/lib/index'
import { keepDataset } from '../../src/lib/data/kept/keep'
import { sheetRows } from '../../src/lib/data/sets/spreadsheet'
import { toText } from '../../src/lib/display/tables'
import { readRows, writeRows } from '../../src/lib/experiments/results-file'
import { runExperiment } from '../../src/lib/experiments/run-experiment'
import { chooseWindow, parseWindow } from '../../src/lib/images/window-choice'
import { smallModel } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString']
process.env.LAB_DATA_FOLDER = folder('data')
process.env.LAB_RUNS_FOLDER = folder('runs')

/** Four classes of these names, each with images of four patients of these names. */
const made = (async () => {
  for (const [k, label] of names.entries())
    for (const [p, patient] of names.entries())
      for (let i = 0; i < 2; i++) {
        const path = folder('images', label, `${patient} ${i}.png`)
        mkdirSync(dirname(path), { recursive: true })
        const data = Uint8Array.from({ length: 256 }, (_, j) => (j * (7 + 5 * k + p + 3 * i) + 60 * k) % 256)
        writeFileSync(path, await sharp(data, { raw: { width: 16, height: 16, channels: 1 } }).png().toBuffer())
      }
  await keepDataset('odd', folder('images'), { groupPattern: '([a-zA-Z_]+) \\d', positive: '__proto__' })
  const dataset = await openDataset('odd')
  return { dataset, split: splitByGroup(dataset, { validation: 0.25, test: 0.25, seed: 1 }) }
})()

describe('classes and patients of these names', () => {
  let dataset: Dataset, split: Split
  it('are kept, counted and dealt out', async () => {
    ;({ dataset, split } = await made)
    expect(dataset.labels).toEqual(names)
    expect(dataset.positive).toBe('__proto__')
    expect(new Set(dataset.items.map(item => item.group)).size).toBe(4)
    const counts = JSON.stringify(look.countClasses(dataset))
    for (const name of names) expect(counts).toContain(name)
    expect(split.test.indices.length).toBe(8)
  })

  it('are judged, saved with a model, and come back', async () => {
    ;({ dataset, split } = await made)
    const model = { ...smallModel(), labels: ['__proto__', 'constructor'] }
    const items = dataset.items.map(item => ({ ...item, label: item.label % 2 }))
    const halved = { ...dataset, labels: model.labels, items }, part = { ...split.test, dataset: halved }
    const evaluation = await evaluate(model, part, { positive: '__proto__' })
    expect(evaluation.perClass.map(one => one.label)).toEqual(model.labels)
    expect(toText(tables.classes(evaluation))).toContain('__proto__')
    expect(figures.confusionMatrix(evaluation).svg).toContain('constructor')
    const { predictions } = evaluation
    const groups = statistics.estimateBySubgroup(predictions, predictions.groups, 'accuracy')
    expect(groups.map(one => one.subgroup).every(name => names.includes(name))).toBe(true)
    // A column by name holds no value for an image that every object knows by its name.
    const named = { ...predictions, names: predictions.names.map(() => 'toString') }
    expect(() => statistics.estimateBySubgroup(named, {}, 'accuracy')).toThrow('bad-argument')
    const train = { ...split.train, dataset: halved }
    const ofHalved = { ...split, dataset: halved, train, validation: part, test: part }
    await saveModel(model, folder('model'), { split: ofHalved, evaluation })
    expect((await openModel(folder('model'))).labels).toEqual(model.labels)
  })

  it('are a run’s, whose folder is read again', async () => {
    const config = { data: { name: 'odd' }, split: { kind: 'group', validation: 0.25, test: 0.25, seed: 1 } } as const
    const run = await runExperiment({ ...config, model: { kind: 'baseline', name: 'majority class' } })
    expect(run!.evaluation.predictions.classes).toEqual(names)
    expect(readFileSync(`${run!.folder}/predictions.csv`, 'utf8')).toContain('__proto__')
  })
})

test('columns of these names are written and read', async () => {
  const columns = names.slice(1), rows = [Object.fromEntries(columns.map((name, i) => [name, i]))]
  await writeRows(folder('rows.csv'), rows)
  const schema = z.object(Object.fromEntries(columns.map(name => [name, z.number()])))
  expect(await readRows(folder('rows.csv'), schema, [])).toEqual(rows)
})

describe('options of these names are refused', () => {
  it.each(names)('%s', name => {
    expect(() => parseWindow(name)).toThrow('bad-argument')
    expect(() => chooseWindow([], name as 'lung')).not.toThrow(TypeError)
    expect(() => checkAnswer(name, 1)).toThrow('bad-argument')
    const counts = { a: 10, b: 10, c: 10 }
    expect(() => papers.checkClasses({ counts, accuracy: '90', sensitivity: Object.fromEntries([[name, '90']]) }))
      .toThrow(/bad-argument.*a class of counts/)
  })
})

test('classes of these names in a paper’s row have no figures but those that are printed', () => {
  const counts = Object.fromEntries([...names.slice(0, 2), 'a'].map(name => [name, 10]))
  expect(papers.checkClasses({ counts, accuracy: '90.0', sensitivity: { a: '90.0' } }).words).not.toContain('function')
})

test('entities of these names in a spreadsheet stay as they are', () => {
  expect(sheetRows('<row><c r="A1"><v>&constructor;&amp;</v></c></row>', '', 'a.xlsx')).toEqual([['&constructor;&']])
})
