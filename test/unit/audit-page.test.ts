/** The page of an audit and its files: whole, self-contained, in words that need no color. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AuditNumber } from '../../src/lib/audit/number'
import { barChart } from '../../src/lib/display/figures/bar-chart'
import { findings } from '../../src/lib/display/findings-table'
import { dataTable } from '../../src/lib/display/tables'
import { shownOf } from '../../src/lib/notebook/show'
import type { ArmScores } from '../../src/lib/audit/arms'
import { writeAudit } from '../../src/lib/report/audit-files'
import { readRecordedAudits, readRecordedFindings, recordAudit } from '../../src/lib/report/recorded-audit'
import { auditPage, type AuditSection } from '../../src/lib/report/audit-page'
import { madeAudit } from '../fixtures/audit'
import { datasetOf, groupedItems } from '../fixtures/datasets'
import { madeArms } from '../fixtures/audited'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
beforeEach(() => vi.stubEnv('LAB_RESULTS_FOLDER', path('results')))

const conditions = { command: 'npm run audit -- made-up', seconds: 75, started: '2030-01-02T03:04:05Z' }
const hostile = datasetOf(groupedItems(20, 1), { title: 'A <b>bold</b> "set"', notice: '<script>alert(1)</script>' })
const section: AuditSection = {
  id: 'classifiers', title: 'Trivial classifiers', words: 'Which < which.',
  numbers: dataTable('classifiers-figures', '', [{ what: 'b', value: 0.25 }]),
  tables: [dataTable('scores', 'Scores', [{ arm: 'a', value: 0.5 }])],
  figures: [barChart([{ label: 'a <name>', value: 0.5 }], { name: 'scores', title: 'Scores', label: 'accuracy' })],
}

test('the page has verdict, findings in words, sections and conditions; each link of the contents leads to one anchor', () => {
  const audit = madeAudit(), page = auditPage(audit, [section], conditions)
  const { document } = parseHTML(page)
  expect(document.querySelector('.verdict')!.textContent).toBe(audit.verdict)
  expect([...document.querySelectorAll('.answers strong')].map(one => one.textContent))
    .toEqual(['shuffled labels: fault', 'lungs: unknown', 'images: no fault seen'])
  for (const words of ['COVID 15', '1 min 15 s', '2030-01-02 03:04 UTC', 'each a number block', conditions.command, audit.set.contentHash])
    expect(page).toContain(words)
  expect(document.querySelector('details a')!.getAttribute('href')).toBe('tables/classifiers-figures.csv')
  const anchors = [...document.querySelectorAll('[id]')].map(one => one.id)
  expect(new Set(anchors).size).toBe(anchors.length)
  expect([...document.querySelectorAll('nav a')].map(one => one.getAttribute('href')!.slice(1)).filter(id => !anchors.includes(id)))
    .toEqual([])
  expect(document.querySelectorAll('figure svg[role="img"]')).toHaveLength(1)
})

test('the page loads nothing, and text of a data set is text', () => {
  const page = auditPage(madeAudit(hostile), [section], conditions)
  expect(page).not.toMatch(/<script>alert|<b>|(src|href)="(https?:)?\/\/|@import|url\(/)
  expect(page).toContain('&lt;b&gt;bold')
})

test('a phantom’s page says that it is never evidence about disease; that of real images does not', () => {
  expect(auditPage(madeAudit(), [], conditions)).toContain('never evidence about disease')
  expect(auditPage(madeAudit(datasetOf(groupedItems(20, 1), { evidence: 'real' })), [], conditions)).not.toContain('about disease')
})

test('page and tables replace those of an earlier audit, as a whole', async () => {
  const dataset = datasetOf(groupedItems(20, 1), { name: 'folder:Odd “names” ü-0f3a9c22' })
  const page = await writeAudit(dataset, madeAudit(dataset), conditions), folder = page.replace(/index\.html$/, '')
  mkdirSync(`${folder}tables`, { recursive: true })
  writeFileSync(`${folder}tables/stale.csv`, 'of an earlier audit')
  expect(await writeAudit(dataset, madeAudit(dataset), conditions)).toBe(page)
  expect(existsSync(page)).toBe(true)
  expect(readdirSync(`${folder}tables`)).not.toContain('stale.csv')
  expect(readFileSync(`${folder}tables/findings.csv`, 'utf8').split('\r\n')[1])
    .toBe('shuffled labels,fault,With labels that mean nothing the accuracy is 87.2 %.')
})

test('show gives the findings as a table, with the verdict beneath', () => {
  const audit = madeAudit()
  expect(shownOf(audit).text).toContain(audit.verdict)
  expect(findings(audit).rows.map(({ answer }) => answer)).toEqual(['fault', 'unknown', 'no fault seen'])
})

describe('the record', () => {
  const number = (what: string, value: number): AuditNumber =>
    ({ question: 'labels', what, measure: 'share', value, low: NaN, high: NaN, images: 20 })
  const auditOf = (name: string, value: number) =>
    madeAudit(datasetOf(groupedItems(20, 1), { name, evidence: 'real' }), { numbers: [number('a, "quoted"', value)] })

  test('of a set replaces that of its earlier audit, and keeps those of other sets', async () => {
    const file = path('audit.csv')
    for (const [name, value] of [['one', 0.1], ['other', 0.2], ['one', 0.3]] as const) await recordAudit(auditOf(name, value), file)
    expect((await readRecordedAudits(file)).map(({ data, what, value, low }) => [data, what, value, low]))
      .toEqual([['other', 'a, "quoted"', 0.2, NaN], ['one', 'a, "quoted"', 0.3, NaN]])
    const recorded = await readRecordedFindings(path('audit-findings.csv'))
    expect(recorded.map(({ data, verdict }) => `${data} ${verdict}`)).toEqual(
      ['other', 'one'].flatMap(name => ['fault', 'unknown', 'clear'].map(verdict => `${name} ${verdict}`)))
    expect(existsSync(path('audit-one.svg')), 'a picture of classifiers, where there were none').toBe(false)
    await recordAudit({ ...auditOf('one', 1), arms: { arms: madeArms() } as unknown as ArmScores }, file)
    expect(readFileSync(path('audit-one.svg'), 'utf8')).toMatch(/^<svg .*What tells the class: .*lungs blacked out/s)
  })

  test.each([
    ['phantom', madeAudit()], ['stopped', { ...auditOf('one', 1), stopped: true }],
    ['tested on a phantom', { ...auditOf('one', 1), external: madeAudit().set }],
    ['planted', madeAudit(datasetOf(groupedItems(20, 1), { evidence: 'planted' }))],
  ])('takes no audit that is %s', async (_, audit) => {
    await expect(recordAudit(audit, path('refused.csv'))).rejects.toThrow(/bad-argument: expected a whole audit of real images/)
    expect(existsSync(path('refused.csv'))).toBe(false)
  })
})
