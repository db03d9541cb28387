/** Whatever names and texts data sets and models have, pages show them: no script of theirs runs in a real browser. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseHTML } from 'linkedom'
import { describe, expect, it, test, vi } from 'vitest'
import { environment, inProject, venvPython } from '../../scripts/set-up/project.mjs'
import { figures } from '../../src/lib/index'
import { withoutForbidden } from '../../src/lib/display/html'
import type { Shown } from '../../src/lib/notebook/output'
import { shownOf } from '../../src/lib/notebook/show'
import { figuresOfOurs, hostile, hostilePages, shownFigures, shownWords } from '../fixtures/hostile-names'
import { temporaryFolder } from '../fixtures/temporary'
import { hasChromium, startChromium } from './lab'

const folder = temporaryFolder()
vi.stubEnv('LAB_DATA_FOLDER', folder('data'))
const makers = { ...shownFigures, ...shownWords }, shown = Object.keys(makers)
const made = new Map<string, Promise<Shown>>()

/** What a reader sees of one of them, made once. */
function outputOf(name: string): Promise<Shown> {
  const output = made.get(name) ?? Promise.resolve(makers[name]()).then(shownOf)
  made.set(name, output)
  return output
}

test('every figure is here, or shows only what this program knows', () => {
  const drawn = Object.keys(figures).filter(name => !figuresOfOurs.includes(name))
  expect(Object.keys(shownFigures).sort()).toEqual(drawn.sort())
})

describe('as HTML', () => {
  it.each(shown)('%s has no script, no handler of events, no link out and no letter of a terminal', async name => {
    const { html } = await outputOf(name)
    expect(foreign(html)).toEqual([])
    expect(html).toBe(withoutForbidden(html))
  })
})

/** Elements and attributes that run something or lead elsewhere. */
function foreign(html: string): string[] {
  const elements = [...parseHTML(`<html><body>${html}</body></html>`).document.querySelectorAll('body *')]
  return elements.flatMap(element => {
    const attributes = [...element.attributes].filter(({ name, value }) =>
      /^on|^srcdoc$|^formaction$/i.test(name) || (/^(xlink:)?(href|src)$/i.test(name) && !/^(data:image\/|#|\w+$)/.test(value)))
    return [...(/^(script|iframe|object|embed|base|meta|link|form)$/i.test(element.tagName) ? [element.tagName] : []),
      ...attributes.map(({ name, value }) => `${element.tagName} ${name}=${value}`)]
  })
}

test.runIf(hasChromium)('in pages of notebooks, of the report and of an audit, no script of theirs runs', async () => {
  const outputs = await Promise.all(shown.map(outputOf))
  const [report, audit] = hostilePages(outputs.map(({ html }) => html))
  const executed = folder('executed.ipynb'), page = folder('executed.html')
  const cells = outputs.map(({ html, text, markdown }, i) => ({
    cell_type: 'code', id: `cell-${i}`, source: '', metadata: {}, execution_count: 1, outputs: [
      {
        output_type: 'display_data', metadata: {},
        data: markdown === undefined ? { 'text/html': html } : { 'text/markdown': markdown },
      },
      { output_type: 'stream', name: 'stdout', text },
    ],
  }))
  writeFileSync(executed, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }))
  const { status, stderr } = spawnSync(venvPython, ['-c', pageOf, executed, page], { encoding: 'utf8', env: environment() })
  expect([status, stderr.includes('Traceback')]).toEqual([0, false])
  writeFileSync(folder('report.html'), report)
  writeFileSync(folder('audit.html'), audit)
  // The same without the policy: what escapes alone is worth.
  const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/
  for (const name of ['report', 'audit', 'executed']) {
    const text = readFileSync(folder(`${name}.html`), 'utf8')
    expect(text).toMatch(policy)
    writeFileSync(folder(`${name}-bare.html`), text.replace(policy, ''))
  }
  writeFileSync(folder('proof.html'), `<meta charset="utf-8">${hostile.join(' ')}`)
  const browser = await startChromium()
  try {
    const look = async (name: string) => {
      const tab = await browser.newPage()
      const asked: string[] = []
      tab.on('request', request => { if (/^(https?|ws):/.test(request.url())) asked.push(request.url()) })
      await tab.goto(String(pathToFileURL(folder(`${name}.html`))))
      await tab.waitForTimeout(300)
      const links = await tab.locator('a[href]').evaluateAll(all => all.map(one => (one as unknown as URL).href))
      asked.push(...links.filter(href => !/^(file|https?):/.test(href)))
      const ran = await tab.evaluate(() => (globalThis as { ran?: number }).ran)
      await tab.close()
      return [name, ran, asked]
    }
    expect((await look('proof'))[1]).toBe(1)
    for (const name of ['report', 'audit', 'executed', 'report-bare', 'audit-bare', 'executed-bare'])
      expect(await look(name)).toEqual([name, undefined, []])
  } finally {
    await browser.close()
  }
})

/** The page that `npm start` makes of an executed notebook. */
const pageOf = `
import importlib.util, sys, nbformat
from pathlib import Path
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("runner", ${JSON.stringify(inProject('scripts', 'notebooks', 'run-notebook.py'))})
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)
runner.write(Path(sys.argv[2]), runner.page_of(nbformat.read(sys.argv[1], as_version=4), "executed"))
`
