/** How long a notebook takes to read, from its words and its lines of code. */

/** As much of a notebook's cell as is read. */
export interface ReadableCell {
  cell_type: string
  source: string | string[]
}

/** Words of prose that an adult reads in a minute, slowly enough to learn from them. */
const wordsAMinute = 200
/** Lines of code that a student reads in a minute; the output beneath is looked at within the same time. */
const linesAMinute = 12

/** Minutes for all cells, not rounded. Links count by their text; empty lines do not count. */
export function readingMinutes(cells: readonly ReadableCell[]): number {
  const text = (kind: string) => cells.filter(cell => cell.cell_type === kind)
    .map(({ source }) => (Array.isArray(source) ? source.join('') : source)).join('\n')
  const prose = text('markdown').replace(/\]\([^)]*\)/g, ']')
  const words = prose.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length
  const lines = text('code').split('\n').filter(line => line.trim()).length
  return words / wordsAMinute + lines / linesAMinute
}

/** The minutes that a notebook's first cell names for reading; NaN where it names none. */
export function statedMinutes(firstCell: string): number {
  return Number(/About (\d+)\s+minutes\s+to\s+read/.exec(firstCell)?.[1] ?? NaN)
}
