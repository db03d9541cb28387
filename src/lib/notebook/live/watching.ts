/** Several watched runs, one after the other, each under a progress bar. */
import { watchTraining, type WatchedRun, type WatchOptions } from '../../training/watched-run'
import type { Model } from '../../model/model'
import type { Part } from '../../data/split/split'
import { withProgress } from '../progress'

/**
 * Trains each model on the same part, with the same images in the same order. The interrupt button ends the run under
 * way and leaves out those after it.
 * @returns the runs that were begun, by name, in the order given
 * @example await watchRuns({ whole: network }, parts.train, { steps: 2, rate: 0.01 })
 */
export async function watchRuns(
  models: Readonly<Record<string, Model>>, part: Part, options: Omit<WatchOptions, 'onProgress' | 'signal'>,
): Promise<Record<string, WatchedRun>> {
  const done: [string, WatchedRun][] = []
  for (const [name, model] of Object.entries(models)) {
    const stopped = await withProgress(name, async (onProgress, signal) => {
      done.push([name, await watchTraining(model, part, { ...options, onProgress, signal })])
      return signal.aborted
    })
    if (stopped) break
  }
  return Object.fromEntries(done)
}
