/** Which tasks wait in Slurm's queue, or run. */
import { LabError } from '../../../system/errors'
import { slurm } from './programs'

/** A task in the queue. */
export interface QueuedTask {
  /** The name of its job. */
  name: string
  /** The number of its job. */
  job: number
  /** Its number in the array; null where the job is no array. */
  task: number | null
  running: boolean
  /** Where it runs, or why it waits, in Slurm's words. */
  note: string
}

/** States in which a task has a node. */
const onNode = ['RUNNING', 'COMPLETING', 'CONFIGURING', 'SUSPENDED', 'SIGNALING', 'STAGE_OUT', 'STOPPED']

/**
 * The tasks in the queue of the jobs with these names.
 * @throws LabError 'scheduler-missing', 'scheduler-failed'
 */
export async function queuedTasks(names: readonly string[]): Promise<QueuedTask[]> {
  if (names.length === 0) return []
  const words = ['--noheader', '--array', `--name=${names.join(',')}`, '--format=%F|%K|%T|%N|%r|%j']
  return parseQueue(await slurm('squeue', words))
}

/** @param text lines JOB|TASK|STATE|NODE|REASON|NAME @throws LabError 'scheduler-failed' for another line */
export function parseQueue(text: string): QueuedTask[] {
  return text.split('\n').map(line => line.trim()).filter(Boolean).map(line => {
    const [, job, task, state, node, reason, name] = /^(\d+)\|([^|]*)\|(\w+)\|([^|]*)\|([^|]*)\|(.+)$/.exec(line) ?? []
    if (name === undefined || !/^(\d+|N\/A)$/.test(task)) throw new LabError('scheduler-failed', {
      expected: 'squeue to print JOB|TASK|STATE|NODE|REASON|NAME', received: `'${line}'`,
      remedy: 'Report this line: this version of Slurm prints another form',
    })
    const running = onNode.includes(state)
    return {
      name, job: Number(job), task: task === 'N/A' ? null : Number(task), running,
      note: running ? `on ${node}` : reason,
    }
  })
}
