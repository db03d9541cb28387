/**
 * The moving averages of all batch normalizations in training mode:
 *
 *     moving ← momentum · moving + (1 − momentum) · batch
 *
 * Averages with the same momentum lie end to end in one variable, so that one update a step replaces a hundred.
 */
import { donate } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import { Variable } from '../engine/variable'
import type { BatchStatistics, RunningStatistics } from './layers/layer'

/** Layers with the same momentum, and their averages: mean and variance of the first layer, of the second one, … */
interface Group {
  momentum: number
  layers: readonly RunningStatistics[]
  variable: Variable
}

export class MovingAverages {
  private readonly groups: readonly Group[]

  constructor(layers: readonly RunningStatistics[]) {
    this.groups = [...new Set(layers.map(({ momentum }) => momentum))].map(momentum => {
      const members = layers.filter(layer => layer.momentum === momentum)
      const values = concatenated(averagesOf(members).map(average => average.values))
      const variable = new Variable(`moving averages, ${momentum}`, [values.length], values)
      return { momentum, layers: members, variable }
    })
  }

  /** Names of the parameters, such as 'conv1_bn/moving_mean'. */
  get names(): string[] {
    return this.groups.flatMap(({ layers }) => averagesOf(layers).map(({ name }) => name))
  }

  get variables(): Variable[] {
    return this.groups.map(({ variable }) => variable)
  }

  /** Moves every average by one step. @param batch the statistics of one batch, for each layer */
  update(batch: ReadonlyMap<RunningStatistics, BatchStatistics>): void {
    for (const { momentum, layers, variable } of this.groups) {
      const statistics = layers.flatMap(layer => {
        const { mean, variance } = batch.get(layer)!
        return [mean, variance]
      })
      operations().moveTowards(variable.handle, donate(operations().concatenate(statistics)), 1 - momentum)
    }
  }

  /** The values of each average, by parameter name. */
  numbers(): Map<string, Float32Array> {
    const numbers = new Map<string, Float32Array>()
    for (const { layers, variable } of this.groups) {
      const all = variable.numbers()
      let start = 0
      for (const { name, values } of averagesOf(layers)) numbers.set(name, all.slice(start, start += values.length))
    }
    return numbers
  }
}

function averagesOf(layers: readonly RunningStatistics[]): { name: string; values: Float32Array }[] {
  return layers.flatMap(({ mean, variance }) => [mean, variance])
}

function concatenated(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const values of arrays) {
    all.set(values, start)
    start += values.length
  }
  return all
}
