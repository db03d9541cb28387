/** Whole records: recorded rows, run folders, sets, caches, tables, archives, notebooks. */
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepDataset } from '../../../../src/lib/data/kept/keep'
import { openDataset } from '../../../../src/lib/data/registry'
import { readCells } from '../../../../src/lib/data/sets/read-cells'
import { parseManifest } from '../../../../src/lib/data/manifest'
import { readImageTable } from '../../../../src/lib/data/tables/image-table'
import { readResults } from '../../../../src/lib/experiments/plans/four-strategies/recorded'
import { readPlan } from '../../../../src/lib/experiments/plans/plan-file'
import { readPaperResults } from '../../../../src/lib/experiments/plans/papers/recorded'
import { readTransferRows } from '../../../../src/lib/experiments/plans/pretraining/recorded'
import { readReferenceRows } from '../../../../src/lib/experiments/plans/reference-notebook/recorded'
import { readRun } from '../../../../src/lib/experiments/run-folder'
import { collect, executedNotebook } from '../../../../src/lib/report/collect'
import { readRecordedAudits, readRecordedFindings } from '../../../../src/lib/report/recorded-audit'
import { paperSchema } from '../../../../src/lib/papers/paper'
import { readJson } from '../../../../src/lib/system/json'
import { openRows } from '../../../../src/lib/system/sealed-rows'
import { inProject } from '../../../../src/lib/system/project-root'
import { deepPng } from '../../../fixtures/png'
import { makeZip } from '../../../fixtures/zip'
import type { MakeSample } from './sample'

const released = (...parts: string[]) => inProject('test', 'fixtures', 'released', '0.1.0', ...parts)

function single(file: string, make: () => Uint8Array | string, read: (path: string) => Promise<unknown>): MakeSample {
  return async folder => {
    writeFileSync(join(folder, file), make())
    return { file, read: copy => read(join(copy, file)) }
  }
}

const record = (file: string, read: (path: string) => Promise<unknown>) =>
  single(file, () => readFileSync(released('records', file)), read)

/** Rows and their counts, of which one file is damaged. */
function recordsWithCounts(
  name: string, counts: string, file: string, read: (files: { rows: string; groups: string }) => Promise<unknown>,
): MakeSample {
  return async folder => {
    for (const one of [name, counts]) cpSync(released('records', one), join(folder, one))
    return { file, read: copy => read({ rows: join(copy, name), groups: join(copy, counts) }) }
  }
}
const strategies = (file: string) =>
  recordsWithCounts('four-strategies.csv', 'four-strategies-groups.csv', file, readResults)
const papers = (file: string) => recordsWithCounts('papers-runs.csv', 'papers-groups.csv', file, files => readPaperResults({
  ...files, strategies: { rows: '/nowhere', groups: '/nowhere' }, reference: '/nowhere',
}))

/** A finished run, of whose folder one file is damaged. */
function run(file: string): MakeSample {
  return async folder => {
    const name = readdirSync(released('runs')).find(one => one.includes('quarter'))!
    cpSync(released('runs', name), join(folder, name), { recursive: true })
    return {
      file: join(name, file), read: copy => {
        process.env.LAB_RUNS_FOLDER = copy
        return readRun(name)
      },
    }
  }
}

const images = Array.from({ length: 40 }, (_, i) => `image ${i}.png`)
const table = (part: string) =>
  [`name${part}group${part}class`, ...images.map((name, i) => `"${name}"${part}patient ${i % 7}${part}${i % 2}`)].join('\n')
const readTable = async (path: string) => readImageTable(readFileSync(path), 'groups.csv', images)

/** A kept set, of whose folder one file is damaged. */
function keptSet(file: string): MakeSample {
  return async folder => {
    cpSync(released('data', 'mine'), join(folder, 'mine'), { recursive: true })
    return {
      file: join('mine', file), read: async copy => {
        process.env.LAB_DATA_FOLDER = copy
        const set = await openDataset('mine')
        return Promise.all(set.items.map((_, i) => set.read(i)))
      },
    }
  }
}

const picture = (seed: number) => deepPng(Uint16Array.from({ length: 16 }, (_, i) => (i * 37 + seed * 101) % 4096), 4)
const entries = ['a/1', 'a/2', 'b/1', 'b/2'].map((name, i) => ({ name: `${name}.png`, bytes: picture(i), deflate: true }))
const importZip = async (path: string) => {
  process.env.LAB_DATA_FOLDER = join(path, '..', 'data')
  await keepDataset('made-up', path)
}

/** Near-duplicates of a set, which are read again where the set has not changed. */
const found: MakeSample = async folder => {
  const set = await keptSet('set.json')(folder)
  await set.read(folder)
  const cache = join('mine', 'cache'), name = readdirSync(join(folder, cache)).find(one => one.includes('near'))!
  return { ...set, file: join(cache, name) }
}

const sheet = () => makeZip([
  { name: 'xl/sharedStrings.xml', bytes: Buffer.from('<sst><si><t>name</t></si><si><r><t>a &amp; b</t></r></si></sst>'), deflate: true },
  { name: 'xl/worksheets/sheet1.xml', bytes: Buffer.from('<worksheet><row><c r="A1" t="s"><v>0</v></c></row>'
    + '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2"><v>12.5</v></c></row></worksheet>'), deflate: true },
])

const notebook = JSON.stringify({
  cells: [{ cell_type: 'markdown', source: ['# One'] }, {
    cell_type: 'code', source: 'show(1)', outputs: [{ data: { 'text/html': [
      '<table data-table="a"><caption>A</caption><thead><tr><th data-key="b">B</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
      '<figure data-figure="c"><svg><title>C</title><metadata>{"subtitle":"d","rows":[]}</metadata></svg></figure>',
    ] } }],
  }], nbformat: 4, nbformat_minor: 5,
})

export const recordSamples: Readonly<Record<string, MakeSample>> = {
  'rows of pre-training': record('pretraining.csv', readTransferRows),
  'rows of the reference': record('reference-notebook.csv', readReferenceRows),
  'rows of strategies': strategies('four-strategies.csv'),
  'counts of strategies': strategies('four-strategies-groups.csv'),
  'rows of papers': papers('papers-runs.csv'),
  'counts of papers': papers('papers-groups.csv'),
  'numbers of an audit': record('audit.csv', readRecordedAudits),
  'findings of an audit': record('audit-findings.csv', readRecordedFindings),
  'run, config': run('config.json'), 'run, environment': run('environment.json'), 'run, metrics': run('metrics.json'),
  'run, history': run('history.csv'), 'run, predictions': run('predictions.csv'),
  'plan': single('plan.json', () => JSON.stringify({ title: 'A', experiments: {
    one: { data: { name: 'phantom' }, split: { kind: 'random', validation: 0.2, test: 0.2, seed: 1 }, model: { kind: 'baseline', name: 'majority class' } },
  } }), readPlan),
  'paper': single('paper.json', () => readFileSync(inProject('src', 'lib', 'papers', 'records', 'soares-2020.json')),
    path => readJson(path, paperSchema)),
  'set': keptSet('set.json'), 'found near-duplicates': found,
  'kept pixels': single('rows.bin', () => {
    const rows = Buffer.alloc(64, 7)
    return Buffer.concat([rows, Buffer.from('0'.repeat(64))])
  }, async path => (await openRows(path, 'key', { count: 4, width: 16 }))?.readAll()),
  'table': single('groups.csv', () => table(','), readTable),
  'table with semicolons': single('groups.csv', () => table(';'), readTable),
  'table in UTF-16': single('groups.csv', () => Buffer.from('\ufeff' + table('\t'), 'utf16le'), readTable),
  'spreadsheet': single('cells.xlsx', sheet, async path => readCells(readFileSync(path), 'cells.xlsx')),
  'manifest': single('manifest.csv', () => readFileSync(inProject('data', 'manifests', 'sars-cov-2-ct.csv'), 'utf8').slice(0, 4000)
    .replace(/\n[^\n]*$/, '\n'), async path => parseManifest(readFileSync(path, 'utf8'))),
  'zip': single('set.zip', () => makeZip(entries), importZip),
  'zip in a zip': single('set.zip', () => makeZip([{ name: 'inner.zip', bytes: makeZip(entries) }]), importZip),
  'executed notebook': single('01-a.ipynb', () => notebook, async path => collect(await readJson(path, executedNotebook), '01')),
}
