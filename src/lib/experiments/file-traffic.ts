/** The bytes that a run reads from files and writes to them: at most so many cross the network to a file server. */
import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readable } from '../system/files'

/** Bytes that this process has read and written so far, from the cache too; null where the system does not tell. */
export function fileTraffic(): number | null {
  let text: string
  try {
    text = readFileSync('/proc/self/io', 'utf8')
  } catch {
    return null
  }
  const count = (key: string) => Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(text)?.[1] ?? NaN)
  const bytes = count('rchar') + count('wchar')
  return Number.isNaN(bytes) ? null : bytes
}

/** Bytes of all files in a folder. @throws LabError 'data-missing' */
export async function folderSize(folder: string): Promise<number> {
  return readable(folder, async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    // A file may vanish meanwhile: the folder belongs to a run that may be under way.
    return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
  })
}
