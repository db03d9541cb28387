/** Locks between processes, for the library: faults of the disk are errors in words. */
import { withLock, type LockOptions } from './lock.mjs'
import { refused } from './safe-path'

/**
 * Runs the work while holding a lock file: see `withLock`.
 * @throws LabError 'write-failed' where the lock file cannot be written; LockBusy; whatever the work throws
 */
export async function locked<T>(path: string, work: () => Promise<T>, options: LockOptions): Promise<T> {
  let isHeld = false
  try {
    return await withLock(path, () => {
      isHeld = true
      return work()
    }, options)
  } catch (fault) {
    throw isHeld ? fault : refused('write-failed', path, fault)
  }
}
