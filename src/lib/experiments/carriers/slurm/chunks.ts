/** Shares the runs of a plan out among the tasks of a job array. */
import { sum } from 'd3-array'
import { warningBefore } from './time-limit'

/** The share of the time limit that runs are expected to fill: expected times are means. */
const filling = 0.7

/** What decides the size of a task. */
export interface ChunkLimits {
  /** Seconds of a task's time limit. */
  seconds: number
  /** Tasks that go on at once. */
  atOnce: number
  /** Tasks that an array may have. */
  mostTasks: number
}

/**
 * The runs of each task, in the order of the runs. A task is expected to end well before the time limit, and the work
 * is shared out among as many tasks as may go on at once. Where the runs would need more tasks than an array may have,
 * the tasks are longer than the limit: they stop at it, wait in the queue, and go on.
 * @param seconds that each run is expected to take. A run of unknown time (null) is expected to fill a task.
 * @returns indices of runs; every run is in one task
 */
export function chunksOf(seconds: readonly (number | null)[], limits: ChunkLimits): number[][] {
  const longest = filling * (limits.seconds - warningBefore(limits.seconds))
  const times = seconds.map(time => Math.min(longest, time ?? longest))
  const share = sum(times) / limits.atOnce
  for (let size = Math.min(longest, share); ; size *= 1.2) {
    const chunks = filled(times, size)
    if (chunks.length <= limits.mostTasks) return chunks
  }
}

/** Runs in order; a new chunk begins where the next run would exceed the size. */
function filled(times: readonly number[], size: number): number[][] {
  const chunks: number[][] = []
  let left = 0
  times.forEach((time, i) => {
    // Sums of floating-point numbers may miss an exact share by their last digits.
    if (chunks.length === 0 || time > left + 1e-9 * size) {
      chunks.push([])
      left = size
    }
    chunks[chunks.length - 1].push(i)
    left -= time
  })
  return chunks
}
