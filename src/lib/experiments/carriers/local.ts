/** Carries runs out on this machine: in this process, or in several processes that share the cores. */
import { descending, sum } from 'd3-array'
import { requireFree } from '../../engine/require-memory'
import { threadLimit } from '../../system/parallel'
import { outOfRange } from '../../system/errors'
import { estimatedMemory } from '../estimated-memory'
import { ExperimentSession, runExperiment } from '../run-experiment'
import { isUnderWay, runFolder } from '../run-folder'
import { collectFromFolder, type Carrier, type Job, type JobEvent } from './carrier'
import { EventQueue } from './event-queue'
import type { Lane } from './lane'
import { RunProcess } from './run-process'

const highestWorkers = 64

/**
 * A carrier on this machine.
 * @param workers how many runs go on at once, 1 to 64. One run at a time goes on in this process. More have a process
 *   each, and share the threads evenly. The last bits of a run depend on its threads: environment.json names them.
 * @throws LabError 'bad-argument' for another number of workers
 */
export function localCarrier(workers = 1): Carrier {
  if (!Number.isInteger(workers) || workers < 1 || workers > highestWorkers)
    throw outOfRange('workers', workers, { low: 1, high: highestWorkers, whole: true })
  const threads = threadsOf(workers)
  const words = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return workers === 1
    ? carrierOf(`one run at a time, on ${words}`, [laneInThisProcess()])
    : carrierOf(`${workers} runs at a time, each a process on ${words}`,
      Array.from({ length: workers }, () => new RunProcess(threads)))
}

/** Threads that each of several workers has. */
export function threadsOf(workers: number): number {
  return Math.max(1, Math.floor(threadLimit() / workers))
}

/** A lane in this process. */
function laneInThisProcess(): Lane {
  const session = new ExperimentSession()
  return {
    run: async ({ name, config }, signal, tell) => await runExperiment(config, {
      session, signal, whenUnderWay: 'wait', onProgress: progress => tell({ kind: 'progress', job: name, progress }),
    }) !== null,
    close: () => {},
  }
}

/**
 * One run alone is checked when its network trains. Several that begin together would each find the memory free.
 * @throws LabError 'too-large' where the largest runs that may go on at once need more memory than is free
 */
export function requireMemoryFor(jobs: readonly Job[], workers: number, free?: number | null): void {
  if (workers < 2) return
  const largest = jobs.map(({ config }) => estimatedMemory(config)).sort(descending).slice(0, workers)
  requireFree(sum(largest), `${largest.length} runs at a time`, 'Use fewer workers, or close other programs', free)
}

function carrierOf(description: string, lanes: readonly Lane[]): Carrier {
  const events = new EventQueue<JobEvent>(), cancelled = new AbortController()
  const tell = (event: JobEvent) => events.push(event)
  const carry = async (one: Lane, jobs: Job[]) => {
    for (let job = nextOf(jobs); job && !cancelled.signal.aborted; job = nextOf(jobs)) {
      const { name } = job
      tell({ kind: 'started', job: name })
      try {
        tell({ kind: await one.run(job, cancelled.signal, tell) ? 'finished' : 'paused', job: name })
      } catch (fault) {
        tell({ kind: 'failed', job: name, fault: fault as Error })
      }
    }
    one.close()
  }
  return {
    description,
    async submit(jobs) {
      requireMemoryFor(jobs, lanes.length)
      const waiting = [...jobs]
      void Promise.all(lanes.map(one => carry(one, waiting))).then(() => events.end())
    },
    watch: () => events.read(),
    collect: collectFromFolder,
    cancel: () => cancelled.abort(),
    leave: () => cancelled.abort(),
  }
}

/**
 * Takes the next job: the first that no process is carrying out, so that two plans at once share their runs; else the
 * first, which then waits for that process.
 */
function nextOf(jobs: Job[]): Job | undefined {
  const free = jobs.findIndex(({ run }) => !isUnderWay(runFolder(run)))
  return jobs.splice(Math.max(0, free), 1)[0]
}
