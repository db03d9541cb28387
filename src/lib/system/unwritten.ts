/** Caches that cannot be written: the work goes on without them, and says so. */
import { LabError } from './errors'
import { notice } from './notice'

/**
 * Tells that a cache was not written.
 * @param fault what writing it threw; any other error than that the file cannot be written is thrown again
 * @param then what that means for the work, as a sentence
 */
export function tellUnwritten(path: string, fault: unknown, then: string): void {
  if (!(fault instanceof LabError) || (fault.code !== 'write-failed' && fault.code !== 'outside-folder')) throw fault
  const reason = fault.code === 'write-failed' ? fault.received : 'it lies outside the project'
  notice(`${path} is not kept: ${reason}. ${then}`)
}
