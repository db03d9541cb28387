/** Several training runs, one after the other, each under the student's eyes. */
import type { Model } from '../../model/model'
import type { Split } from '../../data/split/split'
import type { TrainConfig, Trained } from '../../training/config'
import { requireKnownKeys } from '../../system/options'
import { train } from './training'

/** What one run starts from, and how it trains. */
export interface Run {
  model: Model
  config: TrainConfig
}

/**
 * Trains each run on the same split with live progress. The interrupt button ends the run under way and leaves
 * out those after it.
 * @returns the runs that were begun, by name, in the order given
 * @example await trainRuns({ frozen: { model: freeze(network, { through: 'conv5' }), config },
 *   free: { model: network, config } }, parts)
 */
export async function trainRuns(runs: Readonly<Record<string, Run>>, split: Split): Promise<Record<string, Trained>> {
  for (const [name, run] of Object.entries(runs)) requireKnownKeys(`the run '${name}'`, run, { model: true, config: true })
  const done: [string, Trained][] = []
  for (const [name, { model, config }] of Object.entries(runs)) {
    const trained = await train(model, split, config, { title: name })
    done.push([name, trained])
    if (trained.stopped === 'cancelled') break
  }
  return Object.fromEntries(done)
}
