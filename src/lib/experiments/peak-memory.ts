/** The peak of the memory that a run needs. */

/** Watches the process's resident memory. */
export interface MemoryWatch {
  /** Reads the memory in use now. */
  look(): void
  /** Bytes at the peak so far. */
  peak(): number
  stop(): void
}

/**
 * Begins to watch. The operating system reports only the peak since the process began. Where an earlier run of the same
 * process needed more, this run's peak is the largest value read, and misses memory that is freed within a step.
 * @param interval milliseconds between two readings
 */
export function watchMemory(interval = 250): MemoryWatch {
  const before = process.resourceUsage().maxRSS
  let seen = 0
  const look = () => { seen = Math.max(seen, process.memoryUsage.rss()) }
  const timer = setInterval(look, interval).unref()
  return {
    look,
    peak() {
      look()
      const { maxRSS } = process.resourceUsage()
      return maxRSS > before ? Math.max(1024 * maxRSS, seen) : seen
    },
    stop: () => clearInterval(timer),
  }
}
