/** Classes that are called as a column, as something that every JavaScript object has, or with line ends and commas. */
import { readFileSync } from 'node:fs'
import { csvParse } from 'd3-dsv'
import { expect, test } from 'vitest'
import { requireAnotherSet } from '../../src/lib/audit/another-set'
import { splitOverview } from '../../src/lib/display/overviews'
import { toCsv, toHtml, toText } from '../../src/lib/display/tables'
import { findTellingMinima } from '../../src/lib/data/look/fact-columns'
import type { FileFacts } from '../../src/lib/data/look/file-facts'
import { figures, measurePredictions, openModel, predict, saveModel, type Predictions } from '../../src/lib/index'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

test.each([['part', 'images'], ['constructor', '__proto__'], ['1', '0'], ['patients', 'class 1']])(
  'the split’s table counts the classes %s and %s beside its own columns', (...labels) => {
    const table = splitOverview(smallSplit({ ...smallDataset(), labels }))
    expect(table.columns.map(({ title }) => title)).toEqual(['part', 'images', ...labels])
    expect(toCsv(table)).toBe(`part,images,class ${labels.join(',class ')}\r\ntrain,24,12,12\r\nvalidation,8,4,4\r\ntest,8,4,4\r\n`)
  })

test('a class called as the grey levels’ column has a column beside it', () => {
  const facts = ['darkest grey', 'other'].map((name, i) => ({ class: name, minimum: i }) as FileFacts)
  expect(findTellingMinima(facts)).toEqual([
    { 'darkest grey': 0, 'class darkest grey': 1, other: 0 }, { 'darkest grey': 1, 'class darkest grey': 0, other: 1 },
  ])
})

test('names that read alike when they are joined are other classes', async () => {
  const model = { ...smallModel(), labels: ['a\nb', 'c'] }, split = smallSplit({ ...smallDataset(), labels: ['a', 'b\nc'] })
  const refused = { code: 'bad-argument', expected: expect.stringContaining('with the model\'s classes') }
  await expect(predict(model, split.test)).rejects.toMatchObject(refused)
  await expect(saveModel(model, folder('never'), { split })).rejects.toMatchObject(refused)
  const set = (contentHash: string, labels: string[]) => ({ ...smallDataset(), contentHash, labels })
  expect(() => requireAnotherSet(set('1', ['a, b', 'c']), set('2', ['a', 'b, c']))).toThrow(/data-mismatch/)
  expect(() => requireAnotherSet(set('1', ['a, b', 'c']), set('2', ['c', 'a, b']))).not.toThrow()
})

test('a line end in a class breaks no table, no figure and no card', async () => {
  const labels = ['mild\nor none', 'severe | worse'], split = smallSplit({ ...smallDataset(), labels })
  const table = splitOverview(split)
  expect(csvParse(toCsv(table)).columns).toEqual(['part', 'images', ...labels.map(label => `class ${label}`)])
  expect(toText(table).split('\n').filter(line => /^(part|train|validation|test) /.test(line))).toHaveLength(4)
  expect(toHtml(table).match(/<tr>/g)).toHaveLength(4)

  const model = { ...smallModel(), labels }
  const predictions: Predictions = { ...await predict(model, split.test), classes: labels }
  const { svg } = figures.confusionMatrix(measurePredictions(predictions))
  expect(svg).toContain('mild')
  await saveModel(model, folder('odd'), { split, evaluation: measurePredictions(predictions) })
  const card = readFileSync(folder('odd', 'MODEL.md'), 'utf8')
  expect(card).toContain('| class | images |\n| --- | --- |\n| mild or none | ')
  expect(card).toContain('| severe \\| worse | ')
  expect((await openModel(folder('odd'))).labels).toEqual(labels)
})
