/** How many threads the project uses, and asynchronous work of which a limited number runs at a time. */
import { availableParallelism } from 'node:os'
import { variable } from './variable'

/**
 * How many threads the project may keep busy: the environment variable LAB_THREADS, or one a core without it.
 * @throws LabError 'bad-argument' where LAB_THREADS is no whole number from 1
 */
export function threadLimit(): number {
  return Number(variable('LAB_THREADS') ?? availableParallelism())
}

/**
 * Calls `work(0) … work(count − 1)`, at most `width` at a time. The first error ends it.
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
 * Yields the results of `work(0) … work(count − 1)`, in order, each as soon as it is ready. While the caller waits for
 * a result or uses it, work on the next ones goes on: at most `width` are running or waiting to be yielded, which
 * limits the memory. The first error in order ends it; so does leaving the loop.
 */
export async function* inTurn<T>(
  count: number, width: number, work: (index: number) => Promise<T>,
): AsyncGenerator<T, void, void> {
  const ahead: Promise<T>[] = []
  for (let next = 0, yielded = 0; yielded < count; yielded++) {
    for (; next < Math.min(count, yielded + width); next++) {
      const result = work(next)
      // An error is thrown when its result is due. If the caller leaves the loop before, nobody needs to hear of it.
      result.catch(() => {})
      ahead.push(result)
    }
    yield await ahead.shift()!
  }
}
