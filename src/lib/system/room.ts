/** Writes for which the disk has no room: how much is needed, and where. */
import { LabError } from './errors'

/**
 * Runs a write. Where the disk has no room for it, the error says how much the whole needs, in which folder.
 * @param folder that the user knows
 * @param need how many bytes, asked only then, and for what, such as '80 images'
 * @throws LabError 'write-failed'; any other error of `write`
 */
export async function inRoom<T>(
  folder: string, need: () => { bytes: number; what: string }, write: () => Promise<T>,
): Promise<T> {
  try {
    return await write()
  } catch (fault) {
    if (!(fault instanceof LabError && fault.code === 'write-failed' && /ENOSPC|EDQUOT/.test(fault.received))) throw fault
    const { bytes, what } = need()
    throw new LabError('write-failed', {
      expected: `about ${Math.max(0.1, bytes / 1e6).toFixed(1)} MB of free disk in ${folder} for ${what}`,
      received: fault.received, remedy: fault.remedy,
    })
  }
}
