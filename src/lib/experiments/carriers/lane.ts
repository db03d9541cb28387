/** A lane carries runs out one after the other, in this process or in another one. */
import type { Job, JobEvent } from './carrier'

export interface Lane {
  /**
   * @returns true where the run finished, false where the signal ended it
   * @throws the error that ended the run
   */
  run(job: Job, signal: AbortSignal, tell: (event: JobEvent) => void): Promise<boolean>
  close(): void
}
