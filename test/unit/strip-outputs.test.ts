/** Git stores notebooks without outputs: tried in a repository of its own. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

const fixture = readFileSync(join(__dirname, '..', 'fixtures', 'notebooks', 'shows-things.ipynb'), 'utf8')

/** The notebook as an editor leaves it after it was run. */
function afterRunning(text: string): string {
  const notebook = JSON.parse(text)
  notebook.metadata.widgets = { state: {} }
  for (const cell of notebook.cells.filter((one: { cell_type: string }) => one.cell_type === 'code')) {
    cell.execution_count = 7
    cell.outputs = [{ output_type: 'stream', name: 'stdout', text: ['a patient’s name\n'] }]
    cell.metadata = { execution: { 'iopub.execute_input': '2030-01-01' }, trusted: true }
    cell.source = cell.source.join('')
  }
  return JSON.stringify(notebook)
}

test('what is committed has no outputs, the file on disk keeps them, and running a notebook is no change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'filter-'))
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args],
    { cwd: folder, encoding: 'utf8' })
  try {
    for (const path of ['.gitattributes', 'scripts/notebooks/strip-outputs.mjs']) cpSync(inProject(path), join(folder, path))
    git('init', '--quiet')
    git('config', 'filter.notebook-outputs.clean', 'node scripts/notebooks/strip-outputs.mjs')
    writeFileSync(join(folder, 'a.ipynb'), afterRunning(fixture))
    git('add', '.')
    git('commit', '--quiet', '-m', 'a notebook')
    expect(git('show', 'HEAD:a.ipynb')).toBe(fixture)
    expect(readFileSync(join(folder, 'a.ipynb'), 'utf8')).toContain('a patient’s name')
    expect(git('status', '--porcelain')).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
