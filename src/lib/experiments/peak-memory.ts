/** How much memory a run needs at most. */

/** Watches the process's resident memory. */
export interface MemoryWatch {
  /** Looks now: between two steps, say. */
  look(): void
  /** Bytes at the peak so far. */
  peak(): number
  stop(): void
}

/**
 * Begins to watch. The system tells the peak of the process's whole life only. Where an earlier run of this process
 * needed more, this run's peak is the most that was seen at its looks, which miss what a step frees again.
 * @param interval milliseconds between two looks of its own
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
