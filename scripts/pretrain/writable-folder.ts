/** The folder into which a command saves weights. */
import { join, resolve } from 'node:path'
import { remove } from '../../src/lib/system/files'
import { workFolder } from '../../src/lib/system/replace'

/**
 * Makes the folder if it is missing, and tries to write there: an error appears now, and not after hours of training.
 * @throws LabError 'write-failed', 'outside-folder'
 */
export async function writableFolder(path: string): Promise<string> {
  const folder = resolve(path)
  await remove(await workFolder(join(folder, 'weights')))
  return folder
}
