/** Several things at once, bounded: how many threads, and waits for work that runs outside JavaScript's own. */
import { availableParallelism } from 'node:os'

/** How many threads the project may keep busy: as many as the environment's LAB_THREADS says, else one a core. */
export function threadLimit(): number {
  const wanted = Number(process.env.LAB_THREADS)
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism()
}

/**
 * Calls `work(0) … work(count − 1)`, at most `width` at a time; the first fault ends it.
 * @returns the results in order
 */
export async function inParallel<T>(count: number, width: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results = new Array<T>(count)
  let next = 0
  const lane = async () => {
    try {
      while (next < count) {
        const index = next++
        results[index] = await work(index)
      }
    } catch (error) {
      next = count
      throw error
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane))
  return results
}

/**
 * The results of `work(0) … work(count − 1)`, in order, each as soon as it is there. While one is waited for or used,
 * those behind it are under way: at most `width` are, or are done and not yet taken, so that memory stays bounded.
 * The first fault in order ends it; so does leaving the loop.
 */
export async function* inTurn<T>(
  count: number, width: number, work: (index: number) => Promise<T>,
): AsyncGenerator<T, void, void> {
  const ahead: Promise<T>[] = []
  for (let next = 0, taken = 0; taken < count; taken++) {
    for (; next < Math.min(count, taken + width); next++) {
      const result = work(next)
      // A fault is met when its turn comes; if the loop is left before, it concerns nobody.
      result.catch(() => {})
      ahead.push(result)
    }
    yield await ahead.shift()!
  }
}
