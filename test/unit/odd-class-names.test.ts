/** Classes that are called as a column, or as something that every JavaScript object has. */
import { expect, test } from 'vitest'
import { splitOverview } from '../../src/lib/display/overviews'
import { toCsv } from '../../src/lib/display/tables'
import { findTellingMinima } from '../../src/lib/data/look/fact-columns'
import type { FileFacts } from '../../src/lib/data/look/file-facts'
import { smallDataset, smallSplit } from '../fixtures/small-network'

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
