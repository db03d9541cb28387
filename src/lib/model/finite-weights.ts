/**
 * Whether a network can compute with a model's numbers: they are finite, and variances are not negative. Both faults
 * give NaN, which ReLU turns into 0: a broken network can give answers that look sound.
 */
import { LabError } from '../system/errors'
import type { Architecture } from './architecture'

/** The name of the first parameter that holds a number that is not finite; null where there is none. */
export function findNotFinite(weights: ReadonlyMap<string, Float32Array>): string | null {
  for (const [name, values] of weights) if (!areFinite(values)) return name
  return null
}

/** A variance that sums of float32 numbers may leave below zero, as a share of the ε that is added to it. */
const rounding = 0.1

/**
 * The first moving variance whose batch normalization has no number: one that is negative by more than rounding, or 0
 * without an ε. Null where there is none.
 * @param weights all of the architecture's, or some
 */
export function findNegativeVariance(
  { layers }: Architecture, weights: ReadonlyMap<string, Float32Array>,
): { name: string; value: number } | null {
  for (const layer of layers) {
    if (layer.kind !== 'batch-normalization') continue
    const name = `${layer.name}/moving_variance`, { epsilon } = layer
    const value = weights.get(name)?.find(variance => variance < -rounding * epsilon || variance + epsilon <= 0)
    if (value !== undefined) return { name, value }
  }
  return null
}

/** @throws LabError 'bad-argument' where one of the model's numbers is not finite, or a variance is negative */
export function requireFiniteWeights(
  { architecture, weights }: { architecture: Architecture; weights: ReadonlyMap<string, Float32Array> },
): void {
  const name = findNotFinite(weights)
  if (name !== null)
    throw new LabError('bad-argument', {
      expected: 'a model whose weights are finite numbers', received: `other numbers in ${name}`,
      remedy: 'Make or train the model again, with a lower learning rate',
    })
  const negative = findNegativeVariance(architecture, weights)
  if (negative)
    throw new LabError('bad-argument', {
      expected: 'a model whose variances are above 0', received: `${negative.value} in ${negative.name}`,
      remedy: 'Make the model again',
    })
}

/** Zero times a number that is not finite is NaN, and so is every sum with it: one pass without a branch. */
function areFinite(values: Float32Array): boolean {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]
  return sum === 0
}
