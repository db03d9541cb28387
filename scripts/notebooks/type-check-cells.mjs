/**
 * Type-checks the notebooks' cells. Each notebook becomes one module under build/cells, which imports the declarations
 * that the kernel reads, too.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject, root } from '../set-up/project.mjs'

const options = {
  target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', moduleDetection: 'force', lib: ['ES2022'],
  types: ['node'], strict: true, skipLibCheck: true, noEmit: true,
}

/**
 * @param {string} [notebooks] the folder of notebooks
 * @returns {string[]} one line an error, with notebook and cell; empty without errors
 */
export function typeCheckCells(notebooks = inProject('notebooks')) {
  const folder = inProject('build', 'cells')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const cellOfLine = new Map()
  for (const name of readdirSync(notebooks).filter(name => name.endsWith('.ipynb'))) {
    const { text, cells } = moduleOf(JSON.parse(readFileSync(join(notebooks, name), 'utf8')))
    writeFileSync(join(folder, name.replace('.ipynb', '.ts')), text)
    cellOfLine.set(name.replace('.ipynb', ''), cells)
  }
  if (cellOfLine.size === 0) return []
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }))
  const compiler = inProject('node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: root, encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(line => line.replace(/^build\/cells\/(.+)\.ts\((\d+),\d+\)/, (_, name, at) =>
    `${name}, code cell ${cellOfLine.get(name)[at - 1]}`))
}

/** A notebook's code as one module, and for each line the number of its code cell. */
function moduleOf(notebook) {
  const code = notebook.cells.filter(cell => cell.cell_type === 'code')
    .map(({ source }) => (Array.isArray(source) ? source.join('') : source).replaceAll("'../src/lib'", "'../../src/lib'"))
  const cells = code.flatMap((text, i) => text.split('\n').map(() => i + 1))
  return { text: `${code.join('\n')}\n`, cells }
}
