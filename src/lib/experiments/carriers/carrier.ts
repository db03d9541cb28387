/**
 * Who carries a plan's runs out: this machine, or (some day) a cluster's scheduler. A carrier computes nothing itself:
 * each run leaves its folder, and what a carrier tells beside is for watching only.
 */
import type { ExperimentConfig } from '../config'
import { isFinished, readRun, runFolder, type FinishedRun } from '../run-folder'
import type { RunProgress } from '../progress'

/** A run to be carried out. */
export interface Job {
  /** Unique among the jobs of a carrier. */
  name: string
  config: ExperimentConfig
  /** The name of the run's folder. */
  run: string
}

/** What a carrier tells of a job. 'paused': it was cancelled, and its checkpoint stays. */
export type JobEvent =
  | { kind: 'started' | 'finished' | 'paused'; job: string }
  | { kind: 'progress'; job: string; progress: RunProgress }
  | { kind: 'failed'; job: string; fault: Error }

export interface Carrier {
  /** In words: who computes, with how many threads. */
  readonly description: string
  /** Hands jobs over, in the order in which they are to begin. To be called once. */
  submit(jobs: readonly Job[]): void
  /** What happens, as it happens, until every job has finished, paused or failed. */
  watch(): AsyncIterable<JobEvent>
  /** What a job has left; null where it is not finished. */
  collect(job: Job): Promise<FinishedRun | null>
  /** Ends all jobs after the step under way. What they have is saved: submitted again, they go on from there. */
  cancel(): void
}

/** What a job has left in its folder, whoever carried it out. */
export async function collectFromFolder({ run }: Job): Promise<FinishedRun | null> {
  return isFinished(runFolder(run)) ? readRun(run) : null
}
