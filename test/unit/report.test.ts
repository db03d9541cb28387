/** What the report takes out of notebooks, and the page that it makes of it. */
import { expect, test } from 'vitest'
import { collect } from '../../src/lib/report/collect'
import type { ExecutedNotebook } from '../../src/lib/report/collect'
import { indexPage } from '../../src/lib/report/index-page'
import type { RunRecord } from '../../src/lib/report/run-record'
import { toCsv, toHtml } from '../../src/lib/display/tables'
import type { Table } from '../../src/lib/display/tables'

const table: Table = {
  name: 'results', title: 'Accuracy & interval', columns: [{ key: 'start', title: 'start weights' },
    { key: 'accuracy', title: 'accuracy', format: 'percent' }],
  rows: [{ start: 'fractals, "half"', accuracy: 1 / 3 }, { start: 'a < b', accuracy: null }],
}

const showing = (...html: (string | string[])[]): ExecutedNotebook => ({
  cells: [{ outputs: html.map(one => ({ data: { 'text/html': one, 'text/plain': 'words' } })) }, { outputs: [] }, {}],
})

test('a table comes back as it went in: same keys, same values in full precision', () => {
  const [found] = collect(showing(toHtml(table)), '05').tables
  expect(found.table.name).toBe('05-results')
  expect(found.table.title).toBe(table.title)
  expect(toCsv(found.table)).toBe(toCsv(table))
})

test('Jupyter may split a text into lines', () => {
  const html = toHtml(table)
  expect(collect(showing([html.slice(0, 40), html.slice(40)]), '05')).toEqual(collect(showing(html), '05'))
})

test('what comes twice under one name gets a number; names cannot leave the folder', () => {
  const figure = (name: string) => `<figure data-figure="${name}"><svg viewBox="0 0 1 1"></svg></figure>`
  const { figures } = collect(showing(figure('roc') + figure('roc'), figure('../../etc/passwd')), '06')
  expect(figures.map(({ name }) => name)).toEqual(['06-roc', '06-roc-2', '06-..-..-etc-passwd'])
})

test('a figure’s words: its caption, or its own title; its description for those who do not see it', () => {
  const svg = '<svg><title>the title</title><desc>what it shows</desc></svg>'
  const { figures } = collect(showing(
    `<figure data-figure="a">${svg}<figcaption>the caption</figcaption></figure><figure data-figure="b">${svg}</figure>`), '01')
  expect(figures.map(({ title, alt }) => [title, alt]))
    .toEqual([['the caption', 'what it shows'], ['the title', 'what it shows']])
})

test('pictures and tables without the mark are the notebook’s own business', () => {
  expect(collect(showing('<figure><svg></svg></figure><table><tr><td>1</td></tr></table>'), '01'))
    .toEqual({ figures: [], tables: [] })
})

const record = (started: string, evidence: 'real' | 'phantom'): RunRecord => ({
  started, seconds: 75, profile: 'quick', engineMissing: null,
  engine: { engine: 'native', tensorflow: '2.20.0', tensorflowJs: '4.22.0', node: '20.19.0', threads: 2, operations: '' },
  data: { name: evidence, open: evidence, folder: evidence, title: `Set ${evidence}`, evidence, notice: '<b>bold</b>',
    licence: 'CC0', source: 'here', labels: ['COVID', 'non-COVID'], images: 2481 },
  notebooks: [{ name: '01-explore', seconds: 61, cells: 9, peakBytes: 512e6, failure: null }],
})

test('the page names data, engine, threads, times and memory; the newest run comes first; words are no markup', () => {
  const page = indexPage([
    { record: record('2030-01-01T00:00:00Z', 'real'), shown: new Map() },
    { record: record('2030-01-02T00:00:00Z', 'phantom'), shown: new Map() },
  ])
  for (const words of ['2,481 images', 'TensorFlow 2.20.0', '2 threads', '1 min 15 s', '1 min 1 s', '512 MB', 'Not a medical device'])
    expect(page).toContain(words)
  expect(page.indexOf('Set phantom')).toBeLessThan(page.indexOf('Set real'))
  expect(page.match(/never evidence about disease/g)).toHaveLength(1)
  expect(page).not.toContain('<b>bold')
})
