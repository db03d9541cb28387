/** Text files made to harm: megabytes of one character, lines without end, and records that would be written back. */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { readCells } from '../../../../src/lib/data/sets/read-cells'
import { readImageTable } from '../../../../src/lib/data/tables/image-table'
import { parseManifest } from '../../../../src/lib/data/manifest'
import { readTransferRows } from '../../../../src/lib/experiments/plans/pretraining/recorded'
import { readResults } from '../../../../src/lib/experiments/plans/four-strategies/recorded'
import { readReferenceRows } from '../../../../src/lib/experiments/plans/reference-notebook/recorded'
import { readRecordedAudits, readRecordedFindings } from '../../../../src/lib/report/recorded-audit'
import { readPlan } from '../../../../src/lib/experiments/plans/plan-file'
import { readJson } from '../../../../src/lib/system/json'
import { listOf } from '../../../../src/lib/system/json-parts'
import { paperSchema } from '../../../../src/lib/papers/paper'
import { readSetFile } from '../../../../src/lib/data/kept/set-file'
import { makeZip } from '../../../fixtures/zip'
import { oneFile, type Crafted } from './crafted'

const million = 1_000_000
const images = Array.from({ length: 200 }, (_, i) => `COVID/image number ${i}.png`)
const table = (path: string) => Promise.resolve(readImageTable(readFileSync(path), 'groups.csv', images))

/** A megabyte of one thing. */
const megabytes: readonly (readonly [string, string])[] = [
  ['quotes', '"'.repeat(million)], ['commas', ','.repeat(million)], ['newlines', '\n'.repeat(million)], ['returns', '\r'.repeat(million)],
  ['brackets', '['.repeat(million)], ['braces', '{"a":'.repeat(million / 5)], ['letters', 'a'.repeat(million)], ['zeros', '\0'.repeat(million)],
  ['byte order marks', '\ufeff'.repeat(million / 3)], ['spaces', ' '.repeat(million)], ['digits', '1'.repeat(million)],
  ['backslashes', '"' + '\\'.repeat(million)], ['quoted commas', '",'.repeat(million / 2)], ['closed quotes', '"",'.repeat(million / 3)],
  ['lines with a comma', ',\n'.repeat(million / 2)], ['lines of a letter', 'a\n'.repeat(million / 2)],
  ['columns', Array.from({ length: million / 8 }, (_, i) => `c${i}`).join()], ['lists in a list', `[${'[],'.repeat(million / 3)}[]]`],
  ['objects in a list', `[${'{},'.repeat(million / 3)}{}]`], ['keys', `{${Array.from({ length: million / 12 }, (_, i) => `"k${i}":0`).join()}}`],
  ['a deep list', '['.repeat(99) + ']'.repeat(99)], ['tags', '<si>'.repeat(million / 4)], ['escapes', '"\\u0000"'.repeat(million / 8)],
]
const readers: readonly (readonly [string, string, (path: string) => Promise<unknown>])[] = [
  ['a table of groups', 'groups.csv', table],
  ['a table of cells', 'cells.csv', path => readCells(readFileSync(path), 'cells.csv')],
  ['a manifest', 'manifest.csv', async path => parseManifest(readFileSync(path, 'utf8'))],
  ['recorded rows', 'rows.csv', readTransferRows],
  ['a plan', 'plan.json', readPlan],
  ['a paper', 'paper.json', path => readJson(path, paperSchema)],
  ['a list of objects', 'list.json', path => readJson(path, listOf(z.object({ a: z.string(), b: z.number(), c: z.boolean() })))],
]
const megabytesOfEach = readers.flatMap(([what, file, read]) =>
  megabytes.map(([of, text]) => oneFile(`${what}, ${of}`, file, () => text, read, { mayBeRead: true })))

const sheet = (xml: string, strings = '<sst></sst>') => makeZip([
  { name: 'xl/sharedStrings.xml', bytes: Buffer.from(strings), deflate: true }, { name: 'xl/worksheets/sheet1.xml', bytes: Buffer.from(xml), deflate: true },
])
const spreadsheet = (name: string, make: () => Buffer, more: Pick<Crafted, 'mayBeRead'> = {}) =>
  oneFile(`a spreadsheet ${name}`, 'cells.xlsx', make, path => readCells(readFileSync(path), 'cells.xlsx'), more)
const noise = Array.from({ length: million / 10 }, (_, i) => ((i * 7919) % 99_991).toString(36)).join(' ')
const spreadsheets = [
  spreadsheet('that begins a million texts', () => sheet('<row></row>', noise + '<si>'.repeat(million)), { mayBeRead: true }),
  spreadsheet('that begins a million rows', () => sheet(noise + '<row><c><v>'.repeat(million / 10)), { mayBeRead: true }),
  spreadsheet('that begins a million hints', () => sheet('<row></row>', `${noise}<si>${'<rPh>'.repeat(million / 5)}</si>`), { mayBeRead: true }),
  spreadsheet('with a cell in column ZZZZZZ', () => sheet('<row><c r="ZZZZZZ1"><v>1</v></c></row>')),
  spreadsheet('with a cell in column ZZZZZZZ', () => sheet('<row><c r="ZZZZZZZ1"><v>1</v></c></row>')),
  spreadsheet('with a text that is not there', () => sheet('<row><c r="A1" t="s"><v>7</v></c></row>')),
  spreadsheet('with a character beyond the last', () => sheet('<row><c r="A1"><v>&#x110000;&#9999999;&constructor;</v></c></row>'), { mayBeRead: true }),
  spreadsheet('that unpacks to 60 MB', () => sheet('<row>' + ' '.repeat(60 * million))),
]

const transferHeader = 'task,classes,images,steps,bits,width,minutes,heldOutAccuracy,split,validationAccuracy,validationLoss,seed'
const record = (name: string, ...lines: string[]) => oneFile(`recorded rows ${name}`, 'rows.csv', () => `${[transferHeader, ...lines].join('\n')}\n`, readTransferRows)
const records = [
  record('with an empty accuracy', 'plain,4,8,10,16,half,1,0.5,random,,0.5,1'),
  record('with NaN', 'plain,4,8,10,16,half,1,0.5,random,NaN,0.5,1'),
  record('with an infinite loss', 'plain,4,8,10,16,half,1,0.5,random,0.5,Infinity,1'),
  record('with an accuracy above 1', 'plain,4,8,10,16,half,1,0.5,random,75,0.5,1'),
  record('with shifted cells', 'plain,4,8,10,16,half,1,random,0.5,0.75,0.5,1'),
  record('with a cell too few', 'plain,4,8,10,16,half,1,0.5,random,0.75,0.5'),
  record('with a cell too many', 'plain,4,8,10,16,half,1,0.5,random,0.75,0.5,1,1'),
  record('twice', 'plain,4,8,10,16,half,1,0.5,random,0.75,0.5,1', 'plain,4,8,10,16,half,1,0.5,random,0.7,0.5,1'),
  record('with a number in another base', 'plain,0x10,8,10,16,half,1,0.5,random,0.75,0.5,1'),
  record('with a blank number', 'plain, ,8,10,16,half,1,0.5,random,0.75,0.5,1'),
  record('with half a seed', 'plain,4,8,10,16,half,1,0.5,random,0.75,0.5,1.5'),
  record('with another split', 'plain,4,8,10,16,half,1,0.5,toString,0.75,0.5,1'),
  record('with a stray quote', 'pl"ain,4,8,10,16,half,1,0.5,random,0.75,0.5,1'),
  record('with an open quote', '"plain,4,8,10,16,half,1,0.5,random,0.75,0.5,1'),
  record('with text behind a quote', '"plain"x,4,8,10,16,half,1,0.5,random,0.75,0.5,1'),
  oneFile('recorded rows with a column twice', 'rows.csv', () => `${transferHeader},seed\nplain,4,8,10,16,half,1,0.5,random,0.75,0.5,1,2\n`, readTransferRows),
  oneFile('recorded rows with a further column', 'rows.csv', () => `${transferHeader},note\nplain,4,8,10,16,half,1,0.5,random,0.75,0.5,1,2\n`, readTransferRows),
  oneFile('recorded rows with two headers', 'rows.csv', () => `${transferHeader}\n${transferHeader}\n`, readTransferRows),
  oneFile('recorded rows that end within a line', 'rows.csv', () => `${transferHeader}\nplain,4,8,10,16,half,1,0.5,random,0.75,0.5,1`, readTransferRows),
  oneFile('recorded rows in UTF-16', 'rows.csv', () => Buffer.from(`\ufeff${transferHeader}\nplain,4,8,10,16,half,1,0.5,random,0.75,0.5,1\n`, 'utf16le'), readTransferRows),
  oneFile('recorded runs of the reference with NaN', 'rows.csv', () => 'start,width,epochs,accuracy,loss,highestAccuracy,lowestLoss,auc,minutes,engine,threads,seed,nearestNeighbour\n'
    + 'fractal,half,50,,0.3,0.8,0.3,0.9,16,native,2,42,0.9\n', readReferenceRows),
  oneFile('recorded numbers of an audit twice', 'audit.csv', () => 'data,seed,question,what,measure,value,low,high,images\n'
    + 'a,1,duplicates,pairs,count,2,,,5\na,1,duplicates,pairs,count,3,,,5\n', readRecordedAudits),
  oneFile('recorded findings of another verdict', 'findings.csv', () => 'data,question,verdict,sentence\na,duplicates,constructor,b\n', readRecordedFindings),
  ...(['', 'a,g,0,4,3\n', 'scratch-none-half-all-random-seed1,g,0,4,5\n', 'scratch-none-half-all-random-seed1,g,0,4,2\n',
    'scratch-none-half-all-random-seed1,g,0,4,3\nscratch-none-half-all-random-seed1,g,0,4,3\n'] as const).map((counts, i) =>
    oneFile(`recorded runs whose counts do not fit, ${i}`, 'groups.csv', () => `run,group,label,images,correct\n${counts}`, path =>
      readResults({ groups: path, rows: rowsBeside(path) }))),
]

/** A run with an accuracy of three quarters, beside its counts. */
function rowsBeside(path: string): string {
  const rows = path.replace('groups', 'rows')
  writeFileSync(rows, 'strategy,weights,width,depth,split,fold,seed,accuracy,loss,auc,seconds,trainedParameters\nscratch,none,half,all,random,,1,0.75,0.5,0.5,1,\n')
  return rows
}

const item = { name: 'a.png', label: 0, group: null, sha256: '0'.repeat(64), bytes: 1 }
const set = {
  version: 1, name: 'made-up', title: 'Made up', source: 'this test', layout: 'folders', modality: 'CT', labels: ['a', 'b'],
  grouping: 'none', skipped: [], notes: [], items: [item, { ...item, name: 'b.png', label: 1 }],
}
const setFile = (name: string, change: object) => oneFile(`set.json ${name}`, 'made-up/set.json', () => JSON.stringify({ ...set, ...change }), path => {
  process.env.LAB_DATA_FOLDER = path.replace(/\/made-up\/set\.json$/, '')
  return readSetFile('made-up')
})
const sets = [
  setFile('with 100,000 empty items', { items: Array.from({ length: 100_000 }, () => ({})) }),
  setFile('with 100,000 wrong labels', { labels: Array.from({ length: 100_000 }, () => 1) }),
  setFile('with a label twice', { labels: ['a', 'a'] }),
  setFile('with an image twice', { items: [item, item] }),
  setFile('with a label below 0', { items: [{ ...item, label: -1 }, item] }),
  setFile('with a window without width', { window: { ct: { center: 0, width: 0 } } }),
  setFile('of a later version', { version: 2 }),
]

export const craftedTexts: readonly Crafted[] = [...spreadsheets, ...records, ...sets]
export const craftedMegabytes: readonly Crafted[] = megabytesOfEach
