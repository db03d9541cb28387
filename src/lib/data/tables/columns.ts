/** Which column of a table about images means what. */
import { oneOf } from '../../system/errors'
import { wrongLine, type TextTable } from './text-table'

/** What a column of a table can tell about an image. */
export type ColumnRole = 'file' | 'label' | 'group' | 'split' | 'positive'

/** Names of columns, for tables that use other names than those known here. */
export type ColumnNames = Partial<Record<ColumnRole, string>>

/** Names that are understood without an option, without regard to case, spaces and signs. */
const knownNames: Record<ColumnRole, readonly string[]> = {
  file: ['file', 'filename', 'name', 'image', 'imagename', 'path'],
  label: ['label', 'class'],
  group: ['group', 'patient', 'patientid', 'subject', 'subjectid'],
  split: ['split', 'part', 'subset'],
  positive: ['positive'],
}
const roles = Object.keys(knownNames) as ColumnRole[]

/** Where each role's column is, and the names of the columns that have none. */
export interface Columns {
  /** The cell of a role in a record; '' where the table has no such column. */
  cell(cells: readonly string[], role: ColumnRole): string
  has(role: ColumnRole): boolean
  unused: string[]
}

/**
 * Finds the columns of a table.
 * @param names the columns' names where the caller gives them; the others are recognized
 * @throws LabError 'bad-argument' for a column that appears twice, two columns that may mean the same, or a name that
 *   the table does not have
 */
export function findColumns({ name, header }: Pick<TextTable, 'name' | 'header'>, names: ColumnNames = {}): Columns {
  const { line, cells } = header
  const plain = cells.map(cell => cell.toLowerCase())
  const seen = new Set<string>()
  const doubled = plain.find(cell => cell !== '' && (seen.has(cell) || !seen.add(cell)))
  if (doubled !== undefined)
    throw wrongLine(name, line, 'each column once', `${doubled} twice`, 'Remove or rename one of the two columns')

  const indexOf = (role: ColumnRole): number => {
    const requested = names[role]
    if (requested !== undefined) {
      const index = plain.indexOf(requested.trim().toLowerCase())
      if (index < 0) throw oneOf(`the ${role} column of ${name}`, requested, cells)
      return index
    }
    const assigned = Object.values(names).map(other => other.trim().toLowerCase())
    const found = [...cells.keys()].filter(i =>
      knownNames[role].includes(plain[i].replace(/[^\p{L}\p{N}]/gu, '')) && !assigned.includes(plain[i]))
    if (found.length > 1)
      throw wrongLine(name, line, `one column for the ${role}`, found.map(i => cells[i]).join(' and '),
        `Remove one of them, or name the column: --${role}-column (columns: { ${role}: … })`)
    return found[0] ?? -1
  }
  const index = Object.fromEntries(roles.map(role => [role, indexOf(role)])) as Record<ColumnRole, number>
  const used = new Set(Object.values(index))
  return {
    cell: (row, role) => (index[role] < 0 ? '' : row[index[role]]),
    has: role => index[role] >= 0,
    unused: cells.filter((cell, i) => cell !== '' && !used.has(i)),
  }
}
