/**
 * Carries runs out on a Slurm cluster: one job array, whose tasks carry out runs in their folders on the shared file
 * system. Nothing of this project runs between two commands: the queue and the run folders hold the state.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from '../../../system/errors'
import { formatTimeLimit } from './time-limit'
import { collectFromFolder, type Carrier, type Job, type JobEvent } from '../carrier'
import { arraysWith, recorderOf, type JobArray } from './array'
import { completeSlurmOptions, type SlurmOptions, type SlurmRequest } from './options'
import { slurm } from './programs'
import { queuedTasks } from './queue'
import { runStates } from './run-states'
import { submitArray, type Submission } from './submit'

/** Milliseconds between two looks at the queue. */
const interval = 5000

export class SlurmCarrier implements Carrier {
  readonly description: string
  /** What was submitted; null before, and where nothing was left to submit. */
  array: JobArray | null = null
  private readonly request: SlurmRequest
  private readonly left = new AbortController()
  private jobs: readonly Job[] = []

  /**
   * @param every milliseconds between two looks at the queue
   * @throws LabError 'bad-argument' for an option that is unknown or out of range
   */
  constructor(options: SlurmOptions, private readonly submission: Submission, private readonly every = interval) {
    this.request = completeSlurmOptions(options)
    const { cpus, gpus, seconds, atOnce, partition } = this.request
    this.description = [
      `tasks of ${cpus} ${cpus === 1 ? 'thread' : 'threads'}${gpus ? ' and a graphics card' : ''}`,
      `up to ${formatTimeLimit(seconds)}`, `${atOnce} at once`, ...(partition ? [`partition ${partition}`] : []),
    ].join(', ')
  }

  /** @throws whatever `submitArray` throws */
  async submit(jobs: readonly Job[]): Promise<void> {
    this.jobs = jobs
    this.array = await submitArray(jobs, this.request, this.submission)
  }

  /** Looks at the queue and the run folders until no job is left in the queue. */
  async *watch(): AsyncGenerator<JobEvent> {
    const told = new Map<string, string>()
    for (;;) {
      const states = await runStates(this.jobs)
      for (const { job: { name }, state, note } of states) {
        if (told.get(name) === state) continue
        told.set(name, state)
        if (state === 'running') yield { kind: 'started', job: name }
        if (state === 'finished') yield { kind: 'finished', job: name }
        if (state === 'failed') yield { kind: 'failed', job: name, fault: new LabError('worker-failed', {
          expected: `the task of ${name} to finish it`, received: note, remedy: 'Submit the plan again when it is mended',
        }) }
      }
      if (this.left.signal.aborted || states.every(({ state }) => state !== 'running' && state !== 'queued')) {
        for (const { job: { name }, state } of states)
          if (state === 'paused' || state === 'missing') yield { kind: 'paused', job: name }
        return
      }
      await pause(this.every, undefined, { signal: this.left.signal }).catch(() => {})
    }
  }

  collect(job: Job) {
    return collectFromFolder(job)
  }

  /** Ends the watching. The jobs go on. */
  leave(): void {
    this.left.abort()
  }

  async cancel(): Promise<void> {
    await cancelArrays(this.jobs.map(({ run }) => run))
  }
}

/**
 * Cancels the arrays that are to carry out one of these runs. Runs under way are saved.
 * @returns the numbers of the jobs that were in the queue
 * @throws LabError 'scheduler-missing', 'scheduler-failed'
 */
export async function cancelArrays(runs: readonly string[]): Promise<number[]> {
  const arrays = await arraysWith(runs)
  const names = arrays.flatMap(array => [recorderOf(array), array.name])
  const queued = await queuedTasks(names)
  const numbers = [...new Set(queued.map(({ job }) => job))].sort((a, b) => a - b)
  if (numbers.length) await slurm('scancel', numbers.map(String))
  return numbers
}
