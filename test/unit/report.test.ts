/** The figures and tables that the report takes out of notebooks, and the page that it makes of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { barChart } from '../../src/lib/display/figures/bar-chart'
import { toCsv, toHtml, type Table } from '../../src/lib/display/tables'
import { collect, executedNotebook, notebookNumber, type ExecutedNotebook } from '../../src/lib/report/collect'
import { topFigures } from '../../src/lib/report/found-section'
import { indexPage } from '../../src/lib/report/index-page'
import { runRecord, type RunRecord } from '../../src/lib/report/run-record'
import { foundSentences } from '../../src/lib/report/sentences'
import { parseJson } from '../../src/lib/system/json'
import { inProject } from '../../src/lib/system/project-root'

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

test('a second figure of one name gets a number; names cannot leave the folder', () => {
  const figure = (name: string) => `<figure data-figure="${name}"><svg viewBox="0 0 1 1"></svg></figure>`
  const { figures } = collect(showing(figure('roc') + figure('roc'), figure('../../etc/passwd')), '06')
  expect(figures.map(({ name }) => name)).toEqual(['06-roc', '06-roc-2', '06-..-..-etc-passwd'])
})

test('a figure’s title is its caption, or the title in its SVG; its alternative text is its description', () => {
  const svg = '<svg><title>the title</title><desc>what it shows</desc></svg>'
  const { figures } = collect(showing(
    `<figure data-figure="a">${svg}<figcaption>the caption</figcaption></figure><figure data-figure="b">${svg}</figure>`), '01')
  expect(figures.map(({ title, alt }) => [title, alt]))
    .toEqual([['the caption', 'what it shows'], ['the title', 'what it shows']])
})

test('pictures and tables without the mark are left out', () => {
  expect(collect(showing('<figure><svg></svg></figure><table><tr><td>1</td></tr></table>'), '01'))
    .toEqual({ title: null, figures: [], galleries: [], tables: [] })
})

const record = (started: string, evidence: 'real' | 'phantom'): RunRecord => ({
  started, seconds: 75, profile: 'quick', engineMissing: null,
  engine: { engine: 'native', tensorflow: '2.20.0', tensorflowJs: '4.22.0', node: '20.19.0', threads: 2, operations: '' },
  data: { name: evidence, open: evidence, folder: evidence, title: `Set ${evidence}`, evidence, notice: '<b>bold</b>',
    licence: 'CC0', source: 'here', labels: ['COVID', 'non-COVID'], images: 2481 },
  notebooks: [{ name: '01-explore', seconds: 61, cells: 9, peakBytes: 512e6, failure: null }],
})

test('the page names data, engine, threads, times and memory; the newest run comes first; text is escaped', () => {
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

test('the page links the audit of a set that was audited', () => {
  const run = { record: record('2030-01-01T00:00:00Z', 'real'), shown: new Map() }
  expect(indexPage([{ ...run, audit: 'real/audit/index.html' }])).toContain('<a href="real/audit/index.html">Audit of Set real</a>')
  expect(indexPage([run])).not.toContain('Audit')
})

test('a table brings its note and the text of its cells', () => {
  const [found] = collect(showing(toHtml({ ...table, note: '95 % intervals' })), '05').tables
  expect(found.table.note).toBe('95 % intervals')
  expect(found.cells).toEqual([['fractals, "half"', '33.3\u00a0%'], ['a < b', '–']])
  expect(found.numeric).toEqual([false, true])
})

test('a bar chart brings its numbers in full precision; metadata of other programs counts for nothing', () => {
  const bars = [{ label: 'a "quoted" <name>', value: 1 / 3, low: 0.2, high: NaN }]
  const { svg } = barChart(bars, { name: 'bars', title: 'Bars', subtitle: 'on 8 images', label: 'accuracy' })
  const foreign = '<svg><metadata>{"rows": 3}</metadata></svg>', noJson = '<svg><metadata>a < b</metadata></svg>'
  const { figures } = collect(showing(...[svg, foreign, noJson].map(one => `<figure data-figure="f">${one}</figure>`)), '06')
  expect(figures.map(({ numbers }) => numbers)).toEqual([
    { subtitle: 'on 8 images', rows: [{ label: 'a "quoted" <name>', value: 1 / 3, low: 0.2, high: null }] }, null, null,
  ])
})

test('a notebook’s number ends at the first dash', () => {
  expect(['01-explore', '03b-why-depth', 'x'].map(notebookNumber)).toEqual(['01', '03b', 'x'])
})

test('damaged records and notebooks are refused with the place of the fault', () => {
  const damaged = { ...record('2030-01-01T00:00:00Z', 'real'), seconds: 'many' }
  expect(() => parseJson('run.json', JSON.stringify(damaged), runRecord)).toThrow(/run\.json.*seconds/)
  expect(() => parseJson('01.ipynb', '{"cells": [{"outputs": 1}]}', executedNotebook)).toThrow(/cells\.0\.outputs/)
  expect(parseJson('run.json', JSON.stringify(record('2030-01-01T00:00:00Z', 'real')), runRecord))
    .toEqual(record('2030-01-01T00:00:00Z', 'real'))
})

/** A run of notebook 02, and of 06 or 10, whose network reaches the given accuracy. */
function runWith(accuracy: { value: number; low: number; high: number }, judge = '06-judge'): string {
  const baselines = (random: number, name: string, title: string) => toHtml({
    name, title, columns: ['baseline', 'accuracy', 'low', 'high'].map(key => ({ key, title: key })), rows: [
      { baseline: 'majority class', accuracy: 0.5, low: 0.4, high: 0.6 },
      { baseline: 'one nearest neighbour', accuracy: random, low: random - 0.05, high: random + 0.05 },
    ],
  })
  const evaluation = toHtml({
    name: 'evaluation', title: '80 images (positive: COVID)', note: 'by bootstrap over 20 patients',
    columns: ['measure', 'value', 'low', 'high'].map(key => ({ key, title: key })), rows: [
      { measure: 'sensitivity', value: 0.75, low: 0.6, high: 0.9 }, { measure: 'specificity', value: 0.5, low: 0.3, high: 0.7 },
      { measure: 'area under the ROC curve', value: 0.8, low: null, high: null },
    ],
  })
  const groups = toHtml({
    name: 'groups', title: 'Mistakes by patient', columns: ['group', 'images', 'wrong'].map(key => ({ key, title: key })),
    rows: [{ group: 'patient 7', images: 4, wrong: 3 }, { group: 'patient 2', images: 4, wrong: 0 }],
  })
  const chart = barChart([
    { label: 'majority class', value: 0.5, low: 0.4, high: 0.6 }, { label: 'one nearest neighbour', value: 0.66, low: 0.6, high: 0.7 },
    { label: 'ResNet50', ...accuracy },
  ], { name: 'beside-baselines', title: 'Beside', subtitle: 'Set. Split by patient', label: 'accuracy' })
  const two = collect(showing(baselines(0.93, 'baselines-random', 'Split by image')
    + baselines(0.66, 'baselines-group', 'Split by patient')), '02')
  const six = collect(showing(evaluation + groups, `<figure data-figure="${chart.name}">${chart.svg}</figure>`), judge.slice(0, 2))
  const names = ['02-split', judge]
  const notebooks = names.map(name => ({ ...record('', 'real').notebooks[0], name }))
  return indexPage([{
    record: { ...record('2030-01-01T00:00:00Z', 'real'), notebooks }, shown: new Map([[names[0], two], [names[1], six]]),
  }])
}

test('the top says what was found, each figure with its interval, split and trivial baselines', () => {
  const page = runWith({ value: 0.9, low: 0.8, high: 0.95 })
  for (const words of [
    'one nearest neighbour” has an accuracy of 93.0 % (88.0 to 98.0) on a random split, but only 66.0 % (61.0 to 71.0)',
    'ResNet50” has an accuracy of 90.0 % (80.0 to 95.0)', '66.0 % (60.0 to 70.0); always naming one class gives 50.0 %',
    'Split by patient', 'sensitivity 75.0 % (60.0 to 90.0), specificity 50.0 % (30.0 to 70.0)', 'ROC curve 0.800.',
    'Mistakes by patient: 3 in all, in 1 of 2; the largest share is in patient 7, 3 of 4 images.',
    'Intervals: by bootstrap over 20 patients.',
  ]) expect(page).toContain(words)
})

test('without notebook 06 the network’s figures come from notebook 10', () => {
  const page = runWith({ value: 0.9, low: 0.8, high: 0.95 }, '10-own')
  expect(page).toContain('ResNet50” has an accuracy of 90.0 % (80.0 to 95.0)')
  expect(page).toContain('sensitivity 75.0 % (60.0 to 90.0)')
  expect(page).not.toMatch(/Notebook 0[16] was not run/)
})

test.each([
  [{ value: 0.9, low: 0.8, high: 0.95 }, 'The network is better'],
  [{ value: 0.3, low: 0.2, high: 0.4 }, 'The network is worse'],
  [{ value: 0.7, low: 0.5, high: 0.9 }, 'Overlapping intervals leave open which is better; a paired comparison'],
  [{ value: 0.7, low: NaN, high: NaN }, 'Without intervals'],
])('network against the best baseline at 60 to 70 %%: %o: %s', (accuracy, words) => {
  expect(runWith(accuracy)).toContain(words)
})

test.each([
  [0.9, 0.05, 'but only 66.0 % (61.0 to 71.0)'],
  [0.7, 0.05, 'The intervals overlap, which leaves open whether the random split is easier; folds of both kinds'],
  [0.7, NaN, 'Without intervals nobody knows how sure'],
  [0.6, 0.05, 'here the random split is no easier'],
])('the random split at %f, ± %f, against 61 to 71 %% by group: %s', (value, reach, words) => {
  const accuracyOf = (value: number, reach: number) => ({ split: '', accuracy: { value, low: value - reach, high: value + reach } })
  const splitEffect = { method: 'pixels', random: accuracyOf(value, reach), grouped: accuracyOf(0.66, 0.05) }
  const [sentence] = foundSentences({ data: null, splitEffect, comparison: null, evaluation: null, mistakes: null })
  expect(sentence).toContain(words)
})

test('the page says which notebooks are missing or failed, and opens the failed one', () => {
  const run = record('2030-01-01T00:00:00Z', 'phantom')
  const failed = { ...run.notebooks[0], name: '02-split', failure: { cell: 3, title: 'a < b', text: 'broken' } }
  const page = indexPage([{ record: { ...run, notebooks: [...run.notebooks, failed] }, shown: new Map() }])
  expect(page).toContain('Notebook 06 was not run. Missing here: ')
  expect(page).not.toContain('Notebook 01 was not run')
  expect(page).toContain('Notebook 02-split failed at cell 3')
  expect(page).toContain('<details id="phantom-02-split" open>')
  expect(page).toContain('<details id="phantom-01-explore">')
  expect(page).toContain('Cell 3 failed: a &lt; b')
})

test('the command to run again quotes paths; nothing on the page is loaded from elsewhere', () => {
  const run = record('2030-01-01T00:00:00Z', 'real')
  const page = indexPage([{ record: { ...run, data: { ...run.data, open: '/my data/it’s "here"' } }, shown: new Map() }])
  expect(page).toContain('LAB_DATA=\'/my data/it’s &quot;here&quot;\' LAB_PROFILE=quick npm start -- 01')
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
  expect(page).not.toMatch(/@import|url\(/)
})

test('every link of the contents leads to a section, and each anchor is there once', () => {
  const page = runWith({ value: 0.9, low: 0.8, high: 0.95 })
  const anchors = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(anchors).size).toBe(anchors.length)
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target)
})

test('a confusion matrix at the top leads to the one whose cells open, which stands on the page as the notebook shows it', () => {
  const matrix = '<figure data-figure="confusion-matrix"><svg><title>counts</title></svg></figure>'
  const section = '<section data-gallery="confusion-explorer" data-title="the images"><details name="a"><summary>3</summary></details></section>'
  const run = record('2030-01-01T00:00:00Z', 'real')
  const pageOf = (...shown: string[]) =>
    indexPage([{ record: run, shown: new Map([[run.notebooks[0].name, collect(showing(...shown), '06')]]) }])
  const page = pageOf(matrix, section)
  expect(page).toContain(`<div class="gallery" id="real-06-confusion-explorer">${section}</div>`)
  expect(page).toContain('<a href="#real-06-confusion-explorer">The images behind its cells</a>')
  expect(pageOf(matrix)).not.toContain('The images behind its cells')
})

test('without any run the page names the command', () => {
  expect(indexPage([])).toContain('npm start')
})

test('a notebook’s title is its first heading', () => {
  const cells = [{ cell_type: 'code', source: '# no heading' }, { cell_type: 'markdown', source: ['Before\n', '# 06 · ROC\n'] }]
  expect(collect({ cells }, '06').title).toBe('06 · ROC')
  const run = { ...record('2030-01-01T00:00:00Z', 'real') }
  const page = indexPage([{ record: run, shown: new Map([[run.notebooks[0].name, collect({ cells }, '01')]]) }])
  expect(page).toContain('<h4>01 ROC</h4>')
})

test.each([
  ...topFigures.map(({ names }): string[] => [...names]), ['02-baselines-random'], ['02-baselines-group'], ['06-evaluation'], ['06-groups'],
])('a notebook shows what the top of the report is made of: %s', (...names: string[]) => {
  const notebooks = readdirSync(inProject('notebooks'))
  const shows = names.filter(name => {
    const [, number = '', thing = ''] = /^(\d+)-(.*)$/.exec(name) ?? []
    const file = notebooks.find(one => one.startsWith(`${number}-`))!
    const text = readFileSync(inProject('notebooks', file), 'utf8')
    // Figures with a default name are shown by a function of that name.
    const call = thing.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())
    return text.includes(`'${thing}'`) || text.includes(`${call}(`) || text.includes(`show(${thing})`)
  })
  expect(shows).not.toEqual([])
})
