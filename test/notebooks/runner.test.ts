/** The runner and the report, on small notebooks of the tests' own. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { decodeImage } from '../../src/lib/images/image-file'
import { inProject } from '../../src/lib/system/project-root'
import type { RunRecord } from '../../src/lib/report/run-record'
import { runNotebook, type NotebookRun } from './run-notebook'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'runner-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const fixture = (name: string) => join(__dirname, '..', 'fixtures', 'notebooks', `${name}.ipynb`)

// Three tests look at one run: starting a kernel takes most of the time.
const shared = mkdtempSync(join(tmpdir(), 'runner-'))
let showsThings: NotebookRun
beforeAll(async () => { showsThings = await runNotebook(fixture('shows-things'), shared) })
afterAll(() => rmSync(shared, { recursive: true, force: true }))

test('tells each cell as it comes, and at the end the time and the memory', () => {
  const { status, events } = showsThings
  expect(status).toBe(0)
  expect(events[0]).toEqual({ event: 'start', cells: 3 })
  expect(events.filter(({ event }) => event === 'cell').map(({ number }) => number)).toEqual([1, 2, 3])
  const end = events.at(-1)
  expect(end).toMatchObject({ event: 'end', failure: null })
  expect(end?.seconds).toBeGreaterThan(0)
  // A Node process with a TypeScript compiler in it holds more than 50 MB, and far less than 2 GB.
  expect(end?.peakBytes).toBeGreaterThan(50e6)
  expect(end?.peakBytes).toBeLessThan(2e9)
})

test('names the cell that failed and its error, without a stack, and still writes notebook and page', async () => {
  const { status, events, executed, page } = await runNotebook(fixture('fails'), folder)
  expect(status).toBe(1)
  const failure = events.at(-1)?.failure as { cell: number; title: string; text: string }
  expect(failure.cell).toBe(2)
  expect(failure.title).toBe('const lost: number = 1')
  expect(failure.text).toMatch(/expected a slice, received a stone$/)
  expect(readFileSync(executed, 'utf8')).toContain('this runs')
  expect(readFileSync(page, 'utf8')).toContain('received a stone')
})

test('an error of the library is its message alone: no stack, no list of its parts', async () => {
  const { status, events, executed } = await runNotebook(fixture('misuses'), folder, { LAB_PROFILE: 'tiny', LAB_DATA: '' })
  expect(status).toBe(1)
  const message = 'bad-argument: expected validation and test above 0, and below 1 together, received 0.2 and 1.5. Try 0.2.'
  expect(events.at(-1)?.failure).toMatchObject({ cell: 3, text: message })
  const { cells } = JSON.parse(readFileSync(executed, 'utf8')) as { cells: { outputs?: { name: string; text: string }[] }[] }
  const written = cells.map(({ outputs = [] }) => outputs.filter(({ name }) => name === 'stderr').map(({ text }) => text).join(''))
  expect(written.at(-1)).toBe(`${message}\n`)
  // Errors that a cell catches and prints, too.
  expect(written.at(-2)).toMatch(/^unknown-data-set: [^\n]+ Nearest: phantom\.\nseen: bad-argument: expected fit to be [^\n]+\n$/)
  expect(readFileSync(executed, 'utf8')).not.toMatch(/build\/lib|evalmachine/)
})

test('loses nothing of three thousand lines, and of twelve hundred things shown, in one cell each', async () => {
  const { status, executed } = await runNotebook(fixture('shows-much'), folder)
  const written = readFileSync(executed, 'utf8')
  expect(status).toBe(0)
  expect(written.match(/line \d+\\n/g)).toHaveLength(3000)
  expect(written).toContain('shown 1199')
})

test('the page loads nothing from elsewhere', () => {
  const html = readFileSync(showsThings.page, 'utf8')
  expect(html).toContain('Two stripes')
  expect(html).not.toMatch(/<script|<link|@import|url\(["']?https?:/)
})

const record: RunRecord = {
  started: '2030-01-02T03:04:05.000Z', seconds: 61, profile: 'tiny', engine: null, engineMissing: 'left out',
  data: {
    name: 'phantom', open: 'phantom', folder: 'phantom', title: 'Phantom <chest>', evidence: 'phantom',
    notice: 'Drawn by code.', licence: 'Apache-2.0', source: 'this project', labels: ['a', 'b'], images: 12,
  },
  notebooks: [
    { name: '01-shows-things', seconds: 2, cells: 3, peakBytes: 2e8, failure: null },
    { name: '02-fails', seconds: 1, cells: 3, peakBytes: null, failure: { cell: 2, title: 'throw', text: '1 < 2' } },
  ],
}

test('the report writes each figure and table as files, and an index that shows them', async () => {
  const run = join(folder, 'phantom'), notebooks = join(run, 'notebooks')
  mkdirSync(notebooks, { recursive: true })
  writeFileSync(join(notebooks, '01-shows-things.ipynb'), readFileSync(showsThings.executed))
  writeFileSync(join(run, 'run.json'), JSON.stringify(record))
  const report = () => spawnSync(process.execPath, ['--import', 'tsx', inProject('scripts', 'notebooks', 'report.ts'), folder],
    { cwd: inProject(), encoding: 'utf8' })
  expect(report()).toMatchObject({ status: 0, stderr: '' })

  expect(readdirSync(join(run, 'figures')).sort()).toEqual(['01-two-stripes.png', '01-two-stripes.svg'])
  // Letter for letter as the cell wrote it: an HTML parser would have written lineargradient.
  const svg = readFileSync(join(run, 'figures', '01-two-stripes.svg'), 'utf8')
  expect(svg).toMatch(/^<svg .*viewBox="0 0 40 20".*<linearGradient id="shade">.*5 &lt; 6<\/text><\/svg>$/)
  const png = await decodeImage(readFileSync(join(run, 'figures', '01-two-stripes.png')), 3)
  expect([png.width, png.height]).toEqual([80, 40])
  // RFC 4180, numbers in full precision.
  expect(readFileSync(join(run, 'tables', '01-shares.csv'), 'utf8'))
    .toBe('name,share\r\n"Q1, ""first""",0.30000000000000004\r\nplain,2\r\n')

  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  for (const words of ['never evidence about disease', 'Phantom &lt;chest&gt;', 'phantom/figures/01-two-stripes.svg',
    'phantom/tables/01-shares.csv', 'phantom/notebooks/01-shows-things.html', '200 MB', 'Cell 2 failed', '1 &lt; 2'])
    expect(index).toContain(words)

  // Again, from a notebook that shows nothing: what the first run left is gone.
  writeFileSync(join(notebooks, '01-shows-things.ipynb'), JSON.stringify({ cells: [] }))
  expect(report().status).toBe(0)
  expect(readdirSync(join(run, 'figures'))).toEqual([])
})
