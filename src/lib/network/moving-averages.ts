/**
 * The moving averages of all batch normalizations that train, end to end in one variable for each momentum: one
 * update a step in place of a hundred.
 *
 * moving ← momentum · moving + (1 − momentum) · batch
 */
import { donate } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import type { Follower, Forward } from './layers/layer'
import { Variable } from '../engine/variable'

type Statistics = NonNullable<Forward['statistics']>

interface Group {
  momentum: number
  followers: readonly Follower[]
  variable: Variable
}

export class MovingAverages {
  private readonly groups: readonly Group[]

  constructor(followers: readonly Follower[]) {
    this.groups = [...new Set(followers.map(({ momentum }) => momentum))].map(momentum => {
      const own = followers.filter(follower => follower.momentum === momentum)
      const values = joined(own.flatMap(({ mean, variance }) => [mean.values, variance.values]))
      return { momentum, followers: own, variable: new Variable(`moving averages, ${momentum}`, [values.length], values) }
    })
  }

  /** Their parameters' names. */
  get names(): string[] {
    return this.groups.flatMap(({ followers }) => followers.flatMap(({ mean, variance }) => [mean.name, variance.name]))
  }

  get variables(): Variable[] {
    return this.groups.map(({ variable }) => variable)
  }

  /** One step with the statistics of one batch, of every follower. */
  follow(statistics: ReadonlyMap<Follower, Statistics>): void {
    for (const { momentum, followers, variable } of this.groups) {
      const batch = operations().concatenate(followers.flatMap(follower => {
        const { mean, variance } = statistics.get(follower)!
        return [mean, variance]
      }))
      operations().moveTowards(variable.handle, donate(batch), 1 - momentum)
    }
  }

  /** Each moving average by its parameter's name. */
  numbers(): Map<string, Float32Array> {
    const numbers = new Map<string, Float32Array>()
    for (const { followers, variable } of this.groups) {
      const all = variable.numbers()
      let at = 0
      for (const { name, values } of followers.flatMap(({ mean, variance }) => [mean, variance]))
        numbers.set(name, all.slice(at, at += values.length))
    }
    return numbers
  }
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const values of arrays) {
    all.set(values, at)
    at += values.length
  }
  return all
}
