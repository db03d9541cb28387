/** The states of runs on a cluster, from the run folders and Slurm's queue. */
import { join } from 'node:path'
import { isFinished, isUnderWay, runFiles, runFolder } from '../../run-folder'
import type { Job } from '../carrier'
import { arraysWith, faultsOf } from './array'
import { queuedTasks } from './queue'
import { isThere } from '../../../system/is-there'

/**
 * 'running': a process carries it out. 'queued': its task waits, or carries out another run before it. 'failed': an
 * error ended it. 'paused': it has begun, and nobody carries it out. 'missing': it has not begun, and is in no queue.
 */
export type RunStateName = 'finished' | 'running' | 'queued' | 'failed' | 'paused' | 'missing'

export interface RunState {
  job: Job
  state: RunStateName
  /** The node, the reason for waiting, or the error; empty where there is nothing to say. */
  note: string
}

/**
 * The states of jobs, in their order.
 * @throws LabError 'scheduler-missing', 'scheduler-failed', 'damaged-file'
 */
export async function runStates(jobs: readonly Job[]): Promise<RunState[]> {
  // The queue is read first: a run that ends meanwhile is then seen as finished, never as missing.
  const arrays = await arraysWith(jobs.filter(({ run }) => !isFinished(runFolder(run))).map(({ run }) => run))
  const queue = new Map((await queuedTasks(arrays.map(({ name }) => name))).map(task => [`${task.name} ${task.task}`, task]))
  const waiting = new Map<string, string>(), faults = new Map<string, string>()
  for (const array of arrays) {
    // A later array's attempt counts, not an earlier one's.
    for (const { run } of array.tasks.flat()) faults.delete(run)
    for (const { run, message } of await faultsOf(array)) faults.set(run, message)
    array.tasks.forEach((runs, task) => {
      const queued = queue.get(`${array.name} ${task}`)
      if (queued) for (const { run } of runs) waiting.set(run, queued.note)
    })
  }
  return jobs.map(job => {
    const { run } = job, folder = runFolder(run)
    const is = (state: RunStateName, note = ''): RunState => ({ job, state, note })
    if (isFinished(folder)) return is('finished')
    if (isUnderWay(folder)) return is('running', waiting.get(run) ?? 'outside the queue')
    // A run that failed while its task goes on with others is not carried out again by that task.
    if (faults.has(run)) return is('failed', faults.get(run))
    if (waiting.has(run)) return is('queued', waiting.get(run))
    return is(isThere(join(folder, runFiles.config)) ? 'paused' : 'missing')
  })
}

/** Whether a run has to be submitted: it is neither finished nor in the queue, and no process carries it out. */
export function isLeft({ state }: RunState): boolean {
  return state === 'failed' || state === 'paused' || state === 'missing'
}
