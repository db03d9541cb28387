/** Classifying by one number alone: a decision tree of one threshold (Iba and Langley 1992). */
import { ascending, range, sum } from 'd3-array'
import type { Examples, Features } from '../data/feature-rows'

/** One feature, one threshold, and the share of each class among the examples on either side. */
export interface DecisionStump {
  feature: number
  /** Halfway between two examples. Infinity where every feature is the same in all examples: all lie below. */
  threshold: number
  below: readonly number[]
  above: readonly number[]
}

/**
 * Finds the feature and the threshold that are right for the most examples when each side is called by its most common
 * class; of equal ones the first.
 */
export function fitStump(examples: Examples, classes: number): DecisionStump {
  const { count, dimensions, values, labels } = examples
  const all = new Array<number>(classes).fill(0)
  for (let i = 0; i < count; i++) all[labels[i]]++
  let right = Math.max(...all), best = { feature: 0, threshold: Infinity, below: all, above: all }
  for (let feature = 0; feature < dimensions; feature++) {
    const valueOf = (i: number) => values[i * dimensions + feature]
    const order = range(count).sort((a, b) => ascending(valueOf(a), valueOf(b)))
    const below = all.map(() => 0), above = [...all]
    for (const [n, i] of order.slice(0, -1).entries()) {
      below[labels[i]]++
      above[labels[i]]--
      const value = valueOf(i), next = valueOf(order[n + 1])
      if (value === next || Math.max(...below) + Math.max(...above) <= right) continue
      right = Math.max(...below) + Math.max(...above)
      best = { feature, threshold: (value + next) / 2, below: [...below], above: [...above] }
    }
  }
  return { ...best, below: sharesOf(best.below), above: sharesOf(best.above) }
}

/** For each row the class shares of its side, [count, classes]; a value equal to the threshold lies below. */
export function stumpProbabilities({ feature, threshold, below, above }: DecisionStump, rows: Features): Float32Array {
  const sides = range(rows.count).map(row => (rows.values[row * rows.dimensions + feature] > threshold ? above : below))
  return Float32Array.from(sides.flat())
}

function sharesOf(counts: readonly number[]): number[] {
  const total = sum(counts)
  return counts.map(count => count / total)
}
