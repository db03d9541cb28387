/** Runs every notebook on one data set and looks at what it shows. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import * as output from '../../src/lib/notebook/output'
import type { Shown } from '../../src/lib/notebook/output'
import { inProject } from '../../src/lib/system/project-root'
import '../fixtures/one-thread'
import { narrowNetworks } from './narrow-networks'
import { runCells } from './run-cells'

const notebooks = readdirSync(inProject('notebooks')).filter(name => /^\d.*\.ipynb$/.test(name)).sort()

/** What may not be shown over a set. */
export interface Words {
  /** Words that would be false, such as /slice/i over X-rays. */
  never: readonly RegExp[]
  /** The notebooks that run, by the beginning of their names. Default: all. */
  only?: RegExp
}

/**
 * One test for each notebook: every cell runs, and nothing that it shows is false about the set.
 * @param open makes the set in an empty folder and gives what LAB_DATA names
 */
export function testNotebooksOn(open: (folder: string) => Promise<string>, { never, only = /^/ }: Words): void {
  const folder = mkdtempSync(join(tmpdir(), 'any-data-')), results = mkdtempSync(join(tmpdir(), 'any-results-'))
  const shown: Shown[] = []
  beforeAll(async () => {
    vi.stubEnv('LAB_PROFILE', 'tiny')
    vi.stubEnv('LAB_RESULTS_FOLDER', results)
    vi.stubEnv('LAB_RUNS_FOLDER', join(results, 'runs'))
    vi.stubEnv('LAB_DATA', await open(folder))
  })
  beforeEach(() => {
    shown.length = 0
    vi.spyOn(output, 'put').mockImplementation(one => { shown.push(one) })
    vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.spyOn(console, 'table').mockImplementation(() => {})
    narrowNetworks()
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => {
    vi.unstubAllEnvs()
    for (const path of [folder, results]) rmSync(path, { recursive: true, force: true })
  })

  test.each(notebooks.filter(name => only.test(name)))('%s', { timeout: 300_000 }, async name => {
    await runCells(name)
    expect(shown.length).toBeGreaterThan(5)
    const texts = shown.map(({ html, markdown }) => markdown ?? html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '))
    const banned = [/\bNaN\b/, /\bundefined\b/, /\[object/, ...recorded.has(name) ? [] : never]
    expect(banned.flatMap(word => texts.flatMap(text => excerpt(text, word)))).toEqual([])
  })
}

/** Notebooks that show recorded results or published rows, which name the set that they come from. */
const recorded = new Set(['08-four-strategies.ipynb', '09-reproduce-the-papers.ipynb'])

/** A word with what stands around it; nothing where the text lacks it. */
function excerpt(text: string, word: RegExp): string[] {
  const found = word.exec(text)
  return found ? [text.slice(Math.max(0, found.index - 60), found.index + 60)] : []
}
