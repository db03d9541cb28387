/**
 * A carrier carries out the runs of a plan: on this machine, or on a cluster. The results of a run are in the run's
 * folder; a carrier's events only report progress.
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

/** An event of a job. 'paused': the job was cancelled, and its checkpoint stays. */
export type JobEvent =
  | { kind: 'started' | 'finished' | 'paused'; job: string }
  | { kind: 'progress'; job: string; progress: RunProgress }
  | { kind: 'failed'; job: string; fault: Error }

export interface Carrier {
  /** Where runs are carried out and with how many threads, in words. */
  readonly description: string
  /** Takes jobs, in the order in which they are to begin. Call it once. */
  submit(jobs: readonly Job[]): Promise<void>
  /** The events, as they happen, until every job has finished, paused or failed. */
  watch(): AsyncIterable<JobEvent>
  /** The results of a job; null where it is not finished. */
  collect(job: Job): Promise<FinishedRun | null>
  /** Ends all jobs after the step under way and saves them. Submitted again, they go on from their checkpoints. */
  cancel(): void | Promise<void>
  /** The command ends: a cluster goes on without it; on this machine the jobs are cancelled. */
  leave(): void
}

/** The results of a job from its run folder, whichever carrier carried it out. */
export async function collectFromFolder({ run }: Job): Promise<FinishedRun | null> {
  return isFinished(runFolder(run)) ? readRun(run) : null
}
