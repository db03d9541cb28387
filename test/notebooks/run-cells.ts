/**
 * Runs a notebook's cells in this process, one after the other and without Jupyter's kernel: quick enough for many data
 * sets. `notebooks.test.ts` runs the same cells as a student does.
 */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import * as library from '../../src/lib/index'
import { inProject } from '../../src/lib/system/project-root'

interface Cell {
  cell_type: string
  source: string[]
}

/** The import line of a cell; cells import from the library and from nothing else. */
const importLine = /^import \{([^}]*)\} from '..\/src\/lib'$/gm

/** The cells of a stored notebook as one program: names are imported once, and `cell` hears which cell comes next. */
function programOf(name: string): string {
  const { cells } = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8')) as { cells: Cell[] }
  const code = cells.filter(cell => cell.cell_type === 'code').map(cell => cell.source.join(''))
  const imported = code.flatMap(text => [...text.matchAll(importLine)].flatMap(([, names]) => names.split(',')))
    .map(one => one.trim()).filter(one => one && !one.startsWith('type '))
  const body = code.map((text, i) => `cell(${i + 1})\n${text.replace(importLine, '')}`).join('\n;')
  const program = `const { ${[...new Set(imported)].join(', ')} } = library\n;${body}`
  return ts.transpile(`(async (library, cell) => {${program}\n})`, { target: ts.ScriptTarget.ES2022 })
}

/**
 * Runs all cells of a notebook. What they show goes through src/lib/notebook/output.ts.
 * @throws the error of the first cell that fails, with the cell's number before its message
 */
export async function runCells(name: string): Promise<void> {
  let current = 0
  const program = (0, eval)(programOf(name)) as (lab: typeof library, cell: (number: number) => void) => Promise<void>
  try {
    await program(library, number => { current = number })
  } catch (error) {
    throw new Error(`${name}, code cell ${current}: ${(error as Error).message}`, { cause: error })
  }
}
