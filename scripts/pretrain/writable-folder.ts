/** Where a command leaves its weights. */
import { join, resolve } from 'node:path'
import { remove } from '../../src/lib/system/files'
import { workFolder } from '../../src/lib/system/replace'

/**
 * The folder, made where there is none. That nothing can be written there is said now, and not when hours of training
 * are over.
 * @throws LabError 'write-failed', 'outside-folder'
 */
export async function writableFolder(path: string): Promise<string> {
  const folder = resolve(path)
  await remove(await workFolder(join(folder, 'weights')))
  return folder
}
