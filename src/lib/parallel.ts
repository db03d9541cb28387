/** Several waits at once, bounded: for decoding and hashing, which run outside JavaScript's own thread. */

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
