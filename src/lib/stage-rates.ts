/** Discriminative learning rates: the further a stage lies from the head, the slower it learns. */
import { stages } from './architecture'
import type { Model } from './model'

/**
 * Each parameter's share of the learning rate: the head's is 1, and every stage's is `decay` times that of the stage
 * behind it (Howard and Ruder 2018, section 3.2).
 * @param decay above 0, up to 1
 */
export function stageRates({ architecture, weights }: Model, decay: number): Map<string, number> {
  const behind = new Map(architecture.layers.map(({ name, stage }) =>
    [name, stages.length - 1 - stages.indexOf(stage)]))
  return new Map([...weights.keys()].map(name => [name, decay ** behind.get(name.slice(0, name.lastIndexOf('/')))!]))
}
