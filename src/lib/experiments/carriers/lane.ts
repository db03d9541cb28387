/** Where runs go on one after the other: in this process, or in another. */
import type { Job, JobEvent } from './carrier'

export interface Lane {
  /**
   * @returns whether the run is finished; not where the signal ended it
   * @throws what ended the run
   */
  run(job: Job, signal: AbortSignal, tell: (event: JobEvent) => void): Promise<boolean>
  close(): void
}
