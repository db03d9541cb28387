/** A task of a job array: carries its runs out one after the other, on the node on which it finds itself. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from '../../../system/errors'
import { isThere } from '../../../system/is-there'
import { runIdentity } from '../../identity'
import { ExperimentSession, runExperiment } from '../../run-experiment'
import { isFinished, isUnderWay, runFiles, runFolder } from '../../run-folder'
import type { Job } from '../carrier'
import { readFaults, writeFaults, type Faults, type JobArray } from './array'

/** Milliseconds between two looks at a run that another process carries out. */
const patience = 2000

export interface TaskControl {
  /** Ends the task after the step under way. Checkpoints stay. */
  signal: AbortSignal
  /** Receives a line for each event. */
  say(line: string): void
}

/** How a task ended. */
export interface TaskOutcome {
  /** Runs of the task that are neither finished nor failed. */
  left: Job[]
  faults: Faults
  /**
   * Whether a run finished or saved a checkpoint, here or in the process that the task waited for: a task that gets
   * nowhere must not return to the queue for ever.
   */
  advanced: boolean
}

/**
 * Carries out the runs of a task that are not finished. A run that another process carries out is left to that process
 * as long as the process lives: when a node cannot be reached, Slurm gives its task to a second node.
 * @param folder of the array: receives what failed
 */
export async function carryOutTask(
  { tasks }: Pick<JobArray, 'tasks'>, task: number, folder: string, { signal, say }: TaskControl,
): Promise<TaskOutcome> {
  const session = new ExperimentSession(), before = savedStates(tasks[task])
  // A task that has returned to the queue does not carry out again what has failed.
  const faults = await readFaults(folder, task)
  const isLeft = ({ run }: Job) => !isFinished(runFolder(run)) && !faults.some(fault => fault.run === run)
  let waiting = tasks[task].filter(isLeft), advanced = false
  while (waiting.length && !signal.aborted) {
    const job = waiting.find(({ run }) => !isUnderWay(runFolder(run)))
    if (!job) {
      advanced = true
      await pause(patience, undefined, { signal }).catch(() => {})
      waiting = waiting.filter(isLeft)
      continue
    }
    say(`${job.name}: begins`)
    try {
      await requireSameImages(job, session)
      const finished = await runExperiment(job.config, {
        session, signal, onProgress: ({ note, milestone }) => { if (milestone) say(`${job.name}: ${note}`) },
      })
      if (!finished) break
      advanced = true
      say(`${job.name}: finished`)
    } catch (fault) {
      // Another process has begun the run in the meantime.
      if (isUnderWay(runFolder(job.run))) continue
      const { message } = fault as Error
      say(`${job.name}: ${message}`)
      faults.push({ run: job.run, message })
      await writeFaults(folder, task, faults)
    }
    waiting = waiting.filter(isLeft)
  }
  const after = savedStates(waiting), saved = waiting.some(({ run }) => after.get(run) !== before.get(run))
  return { left: waiting, faults, advanced: advanced || saved }
}

/** @throws LabError 'data-mismatch' where this machine's images or start weights make another run of the config */
async function requireSameImages({ run, config }: Job, session: ExperimentSession): Promise<void> {
  const { name } = await runIdentity(config, await session.dataset(config))
  if (name !== run) throw new LabError('data-mismatch', {
    expected: `the images and start weights of ${run}`, received: `those of ${name}`,
    remedy: 'Make the data folder the same on all nodes, and submit the plan again',
  })
}

/** The names and times of each run's saved files: they differ from earlier ones where something was saved since. */
function savedStates(jobs: readonly Job[]): ReadonlyMap<string, string> {
  return new Map(jobs.map(({ run }) => [run, savedState(join(runFolder(run), runFiles.checkpoint))]))
}

function savedState(folder: string): string {
  if (!isThere(folder)) return ''
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.map(entry => join(entry.parentPath, entry.name)).sort()
    .map(path => `${path} ${statSync(path, { throwIfNoEntry: false })?.mtimeMs}`).join('\n')
}
