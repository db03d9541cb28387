/** What docs/results.md says about the audit of the SARS-CoV-2 CT set is what has been recorded. */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { questions } from '../../src/lib/audit/finding'
import { formatEstimate } from '../../src/lib/display/format'
import { readRecordedAudits, type RecordedNumber } from '../../src/lib/report/recorded-audit'
import { inProject } from '../../src/lib/system/project-root'

const page = readFileSync(inProject('docs', 'results.md'), 'utf8').replace(/\s+/g, ' ')
const section = page.slice(page.indexOf('## Audit of the SARS-CoV-2 CT-scan set'), page.indexOf('## Goals'))
let all: RecordedNumber[]
beforeAll(async () => { all = (await readRecordedAudits()).filter(({ data }) => data === 'sars-cov-2-ct') })

/** The recorded figure whose words begin and end so. */
function recorded(start: string, end: string, measure: RecordedNumber['measure']): RecordedNumber {
  const found = all.filter(one => one.measure === measure && one.what.startsWith(start) && one.what.endsWith(end))
  expect(found.map(({ what }) => what)).toHaveLength(1)
  return found[0]
}
const accuracy = (start: string, end: string) => formatEstimate(recorded(start, end, 'accuracy'))

test('every question that can be asked of one set has recorded figures', () =>
  expect(questions.filter(question => !all.some(one => one.question === question))).toEqual(['another set']))

test.each([
  ['made-up labels, one nearest neighbor', 'pixels, one nearest neighbour; whole image; labels shuffled by group'],
  ['one nearest neighbor on pixels', 'pixels, one nearest neighbour; whole image'],
  ['the trivial classifier that validation chooses', 'the best on validation; whole image'],
  ['file facts', 'the best on validation; no pixels'],
])('%s on random folds and on folds by number block', (words, what) => {
  const [random, grouped] = ['random', 'by group'].map(split => accuracy(`${what}; ${split}`, split))
  expect(section).toContain(`| ${words} | ${random} | ${grouped} |`)
})

test.each([
  ['the border only', 'the best on validation; border only; by group'],
  ['the lungs blacked out', 'the best on validation; lungs blacked out; by group'],
  ['the lungs only', 'the best on validation; lungs only; by group'],
  ['the shape of the lungs only', 'the best on validation; lung mask only; by group'],
])('%s', (words, what) => expect(section).toContain(`| ${words} | – | ${accuracy(what, 'by group')} |`))

test.each([
  ['pairs with equal grey levels', 'pairs by grey levels', ''],
  ['pairs that agree in their details', 'pairs by details', ''],
])('%s', (words, start, end) => expect(section).toContain(`${recorded(start, end, 'count').value} ${words}`))

test.each([['0.95', '.95'], ['0.9', '.90']])('test images like training images: correlation %s', (threshold, words) => {
  const what = `test images with a copy in training by correlation, ${threshold}; Split by image`
  const { value, images } = recorded(what, '', 'count')
  expect(section).toContain(`${value} of ${images} test images correlate at ${words} or more`)
})

test('the channels of the files, and the classifier that contradicts labels', () => {
  expect(section).toContain(accuracy('channels, logistic regression; no pixels; by group', 'by group'))
  expect(section).toContain(accuracy('balanced accuracy of the classifier', ''))
})

test('contradicted labels', () => {
  expect(section).toContain(`contradicts ${formatEstimate(recorded('share contradicted', '', 'share'))}`)
})
