/** Kinds of work that write files, each with a reader of what lies there afterwards. Failing disks try them. */
import { dataWorks } from './disk-data'
import { networkWorks } from './disk-networks'
import { resultWorks } from './disk-results'

/** One kind of work. Each function gets the folder in which all of its files lie. */
export interface DiskWork {
  kind: string
  /** Makes what lies there before the work: an older result that the work replaces, or files that it reads. */
  prepare(folder: string): Promise<unknown>
  /** @returns a text that tells one result from another */
  carryOut(folder: string): Promise<string>
  /** Reads what lies there, as a fresh process does. @returns a text that tells one content from another */
  read(folder: string): Promise<string>
  /** Whether a content may lie there after a fault. Default: the old one, or the new one. */
  isWhole?(content: string): boolean
  /** Whether it takes seconds rather than moments: not for a small run. */
  isSlow?: true
}

export const diskWorks: readonly DiskWork[] = [...networkWorks, ...dataWorks, ...resultWorks]
