/** The contrastive loss as a training objective: its figures on plain arrays, its gradient there or in the engine. */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import type { Objective } from '../objective'
import { scatterOf, type Scatter } from './collapse'
import { contrastiveLoss, type ContrastiveLoss } from './loss'

export type ContrastiveFigures = ContrastiveLoss & Scatter

/** Added to a cosine divided by the temperature, which is at most 100: the softmax then gives the view exactly 0. */
const excluded = -1e9

/**
 * `contrastiveLoss` and `scatterOf` of projections, [views, width].
 * @param temperature .01 to 1
 * @param views of a batch, an even number from 4: rows i and views / 2 + i are two views of one image
 */
export function contrastiveObjective(
  temperature: number, width: number, views: number,
): Objective<ContrastiveFigures> {
  const { seconds, exclusions } = pairs(views)
  const shares = new Float32Array(views).fill(1 / (temperature * views))
  const inputs = [
    { numbers: seconds, shape: [views, views] }, { numbers: exclusions, shape: [views, views] },
    { numbers: shares, shape: [views, 1] },
  ]
  return {
    // Assigned, not spread: to spread the loss would read its gradient, and so compute it.
    measure: projections =>
      Object.assign(contrastiveLoss(projections, width, temperature), scatterOf(projections, width)),
    inEngine: () => ({
      name: `contrastive, temperature ${temperature}`, inputs, gradient: (projections, read) => projectionGradient(projections, temperature, read),
    }),
  }
}

/**
 * For each pair of views, [views, views]: 1 where the one is the other's second view, else 0; and what excludes from
 * the softmax's denominator the view itself and its second view.
 */
function pairs(views: number): { seconds: Float32Array; exclusions: Float32Array } {
  const seconds = new Float32Array(views ** 2), exclusions = new Float32Array(views ** 2)
  for (let i = 0; i < views; i++) {
    const j = (i + views / 2) % views
    seconds[i * views + j] = 1
    exclusions[i * views + i] = exclusions[i * views + j] = excluded
  }
  return { seconds, exclusions }
}

/**
 * The gradient of the mean over the views i, with second view j, of −s(i, j) / τ + log Σ exp(s(i, k) / τ). With respect
 * to s(i, k) it is that of a cross-entropy: (softmax over the others − 1 at j) / (τ · views).
 */
function projectionGradient(
  projections: Tensor, temperature: number, [seconds, exclusions, shares]: readonly Tensor[],
): Tensor {
  const { normalizeRows, normalizeRowsGradient, multiply, scale, add, crossEntropyGradient } = operations()
  const directions = normalizeRows(projections), z = directions.y
  const scores = add(donate(scale(donate(multiply(z, z, { b: true })), 1 / temperature)), exclusions)
  const slopes = crossEntropyGradient(scores, seconds, shares)
  // The cosine s(i, k) depends on the directions of both views.
  const dz = add(donate(multiply(slopes, z)), donate(multiply(slopes, z, { a: true })))
  const gradient = normalizeRowsGradient(dz, directions)
  release(scores, slopes, dz, z, directions.lengths)
  return gradient
}
