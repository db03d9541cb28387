/** Comparing all images of a set by what a network computes from them. */
import { setImmediate as giveWay } from 'node:timers/promises'
import type { Features } from '../data/feature-rows'
import { dotProduct } from '../images/correlation'
import type { PairCollection } from './alike-pairs'
import type { Compared } from './compare-pixels'

/** Hands over every pair and the cosine of its standardized features. */
export async function compareByFeatures(
  features: Features, alike: readonly PairCollection[], onCompared: Compared,
): Promise<void> {
  const { count, dimensions } = features
  const rows = standardizedRows(features)
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const cosine = dotProduct(rows, i * dimensions, rows, j * dimensions, dimensions)
      for (const pairs of alike) pairs.add(i, j, cosine)
    }
    onCompared(i + 1, count)
    await giveWay()
  }
}

/**
 * Each feature less its mean over the set and divided by its standard deviation, then each row scaled to length 1. A
 * feature that is the same for all images becomes 0.
 */
export function standardizedRows({ count, dimensions, values }: Features): Float32Array {
  const rows = new Float32Array(values.length)
  for (let k = 0; k < dimensions; k++) {
    let sum = 0, squares = 0
    for (let i = 0; i < count; i++) sum += values[i * dimensions + k]
    const mean = sum / count
    for (let i = 0; i < count; i++) squares += (values[i * dimensions + k] - mean) ** 2
    const spread = Math.sqrt(squares / count)
    // Where all values are equal, rounding of their mean leaves a spread of some 1e-16 of it.
    if (spread <= 1e-9 * Math.abs(mean)) continue
    for (let i = 0; i < count; i++) rows[i * dimensions + k] = (values[i * dimensions + k] - mean) / spread
  }
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * dimensions, (i + 1) * dimensions)
    const length = Math.sqrt(dotProduct(row, 0, row, 0, dimensions))
    if (length > 0) row.forEach((value, k) => { row[k] = value / length })
  }
  return rows
}
