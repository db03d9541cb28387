/** What a user asks of a Slurm cluster for the runs of a plan. */
import { LabError, outOfRange, requireInRange } from '../../../system/errors'
import { requireKnownKeys } from '../../../system/options'
import { parseTimeLimit } from './time-limit'

export interface SlurmOptions {
  /** A partition by name; default: the cluster's. */
  partition?: string
  /** The time limit of a task, as `parseTimeLimit` reads it, 0:05:00 to 30-00:00:00; default '2:00:00'. */
  time?: string
  /** Cores of a task, which are the threads of its runs, 1 to 256; default 4. */
  cpus?: number
  /** Graphics cards of a task, 0 or 1: a run uses one at most. Default 0. */
  gpus?: number
  /** GB of memory of a task, 1 to 4000; default: what the runs are expected to need, or else the cluster's default. */
  memory?: number
  /** How many tasks go on at once, 1 to 10,000; default 50. */
  atOnce?: number
}

/** Complete options: times in seconds, memory in megabytes (null: the cluster's default). */
export interface SlurmRequest {
  partition: string | null
  seconds: number
  cpus: number
  gpus: number
  memory: number | null
  atOnce: number
}

const minute = 60, day = 24 * 60 * minute
const limits = { low: 5 * minute, high: 30 * day }

/**
 * Options with their defaults.
 * @throws LabError 'bad-argument' naming the option that is unknown or out of range
 * @example completeSlurmOptions({ partition: 'short', time: '0:30:00' }).seconds   // 1800
 */
export function completeSlurmOptions(options: SlurmOptions = {}): SlurmRequest {
  requireKnownKeys('Slurm', options, { partition: true, time: true, cpus: true, gpus: true, memory: true, atOnce: true })
  const { partition = null, time = '2:00:00', cpus = 4, gpus = 0, memory = null, atOnce = 50 } = options
  // One name, or several separated by commas, as sbatch takes them.
  if (partition !== null && !/^[\w.-]+(,[\w.-]+)*$/.test(partition))
    throw new LabError('bad-argument', {
      expected: 'partition to be a name of letters, digits, dots and dashes', received: JSON.stringify(partition),
      remedy: 'sinfo lists the partitions',
    })
  const seconds = parseTimeLimit(time)
  if (seconds < limits.low || seconds > limits.high)
    throw outOfRange('time', `${time}, which is ${seconds} seconds`, limits, 'Choose a time from 0:05:00 to 30-00:00:00')
  requireInRange('cpus', cpus, { low: 1, high: 256, whole: true })
  requireInRange('gpus', gpus, { low: 0, high: 1, whole: true }, 'A run uses one graphics card at most')
  if (memory !== null) requireInRange('memory', memory, { low: 1, high: 4000, whole: true }, 'memory counts GB')
  requireInRange('atOnce', atOnce, { low: 1, high: 10_000, whole: true })
  return { partition, seconds, cpus, gpus, memory: memory === null ? null : memory * 1024, atOnce }
}
