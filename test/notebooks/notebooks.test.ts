/** Every notebook runs from top to bottom on the phantom, at a tiny size; and git stores it without outputs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { strip } from '../../scripts/notebooks/strip-outputs.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { runNotebook } from './run-notebook'

const names = readdirSync(inProject('notebooks')).filter(name => name.endsWith('.ipynb')).sort()

/** A notebook as git has it in its index; as it lies there where it is not in git (yet). */
function stored(name: string): string {
  const { status, stdout } = spawnSync('git', ['show', `:notebooks/${name}`], { cwd: inProject(), encoding: 'utf8' })
  return status === 0 ? stdout : readFileSync(inProject('notebooks', name), 'utf8')
}

/** The terms that a page links to and the glossary lacks. */
function deadGlossaryLinks(page: string, glossary: string): string[] {
  const terms = [...page.matchAll(/href="glossary\.html#([^"]+)"/g)].map(([, term]) => term)
  return terms.filter(term => !glossary.includes(`id="${term}"`))
}

describe.each(names)('%s', name => {
  test('is stored without outputs, counts or traces of an editor', () => {
    expect(stored(name)).toBe(strip(stored(name)))
  })

  test('begins with a heading, and has cells of at most eight lines', () => {
    const { cells } = JSON.parse(stored(name)) as { cells: { cell_type: string; source: string[] }[] }
    expect(cells[0].cell_type).toBe('markdown')
    expect(cells[0].source[0]).toMatch(/^# /)
    const long = cells.filter(cell => cell.cell_type === 'code' && cell.source.length > 8)
    expect(long.map(cell => cell.source.join(''))).toEqual([])
  })

  test('runs on the phantom', { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notebook-'))
    try {
      const { status, events, page } = await runNotebook(inProject('notebooks', name), folder,
        { LAB_DATA: 'phantom', LAB_PROFILE: 'tiny', LAB_RESULTS_FOLDER: folder, LAB_RUNS_FOLDER: join(folder, 'runs') })
      expect(events.at(-1)?.failure).toBeNull()
      expect(status).toBe(0)
      const html = readFileSync(page, 'utf8')
      expect(html).not.toMatch(/<(script|link|img)\b[^>]*\b(src|href)="https?:/)
      expect(deadGlossaryLinks(html, readFileSync(join(folder, 'glossary.html'), 'utf8'))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
