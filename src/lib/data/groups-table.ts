/** groups.csv: the patient that each image of a folder shows, and the part that it belongs to. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from '../system/csv'
import { LabError, nearest } from '../system/errors'
import { readFileCapped } from '../system/files'
import type { Item, Role } from './dataset'

const file = 'groups.csv'
const sizeLimit = 64 * 1024 * 1024
const roles: readonly string[] = ['train', 'validation', 'test']

/**
 * Reads group and part by image name; empty if the folder has no groups.csv. Empty cells leave a group or part unknown.
 * @param names the folder's images
 * @throws LabError 'bad-argument' naming the line: an unknown column, image or part, or an image named twice
 */
export async function readGroups(folder: string, names: readonly string[]): Promise<Map<string, Partial<Item>>> {
  const path = join(folder, file)
  const found = new Map<string, Partial<Item>>()
  if (!existsSync(path)) return found
  const [header, ...lines] = parseCsv((await readFileCapped(path, sizeLimit)).toString('utf8'))
  const columns = (header ?? []).map(column => column.trim().toLowerCase())
  const unknown = columns.find(column => !['name', 'group', 'split'].includes(column))
  if (unknown !== undefined || !columns.includes('name'))
    throw wrong(1, 'the columns name, group, split', columns.join(', ') || 'nothing', 'Give the columns these names')

  const known = new Set(names)
  lines.forEach((line, i) => {
    const cell = (column: string) => line[columns.indexOf(column)]?.trim() ?? ''
    const name = cell('name')
    if (!known.has(name))
      throw wrong(i + 2, 'the name of an image in this folder', JSON.stringify(name),
        `Nearest: ${nearest(name, names, 1)[0]}`)
    if (found.has(name)) throw wrong(i + 2, 'each image once', `${name} again`, 'Remove one of its lines')
    const part = cell('split')
    if (part !== '' && !roles.includes(part)) throw wrong(i + 2, roles.join(', '), part, 'Correct the split')
    found.set(name, { group: cell('group') || null, ...(part === '' ? {} : { part: part as Role }) })
  })
  return found
}

function wrong(line: number, expected: string, received: string, remedy: string): LabError {
  return new LabError('bad-argument', { expected: `${expected}, in line ${line} of ${file}`, received, remedy })
}
