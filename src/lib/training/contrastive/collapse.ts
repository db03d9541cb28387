/**
 * Collapse: a network whose outputs are the same for every image, or vary in one or two directions only, cannot
 * distinguish images, however low its loss.
 */
import { LabError } from '../../system/errors'
import { lengthsOf } from './loss'

/** How much a batch's projections, as unit vectors, vary. */
export interface Scatter {
  /**
   * Root mean square, over the axes, of the standard deviation times √width: 0 if all projections are the same, 1 if
   * they point evenly in all directions (Chen and He, "Exploring simple siamese representation learning", 2021, figure
   * 2).
   */
  spread: number
  /**
   * Number of directions in which the projections vary: the participation ratio (Σλ)² / Σλ² of the covariance's
   * eigenvalues λ, from 1 to the width (Jing et al., "Understanding dimensional collapse", 2022). 0 if the projections
   * are all the same.
   */
  dimensions: number
}

/** Even random start weights exceed these limits by far: on CT slices, a spread of .8 in 30 dimensions. */
const lowest: Scatter = { spread: 0.1, dimensions: 1.2 }

/** @param projections [rows, width], rows of any length */
export function scatterOf(projections: Float32Array, width: number): Scatter {
  const lengths = lengthsOf(projections, width)
  const rows = lengths.length
  const z = Float64Array.from(projections, (value, i) => value / lengths[Math.floor(i / width)])
  const mean = new Float64Array(width)
  z.forEach((value, i) => { mean[i % width] += value / rows })
  const centered = z.map((value, i) => value - mean[i % width])
  // The covariance's trace is the sum of its eigenvalues; its squared entries add up to their squares' sum.
  let trace = 0, squares = 0
  for (let a = 0; a < width; a++)
    for (let b = 0; b <= a; b++) {
      let covariance = 0
      for (let row = 0; row < rows; row++) covariance += centered[row * width + a] * centered[row * width + b] / rows
      if (a === b) trace += covariance
      squares += (a === b ? 1 : 2) * covariance ** 2
    }
  return { spread: Math.sqrt(trace), dimensions: squares > 0 ? trace ** 2 / squares : 0 }
}

/** @throws LabError 'collapsed' if an epoch's mean figures are below the limits */
export function refuseCollapse({ spread, dimensions }: Scatter, epoch: number): void {
  if (spread >= lowest.spread && dimensions >= lowest.dimensions) return
  throw new LabError('collapsed', {
    expected: `projections with a spread of ${lowest.spread} or more in ${lowest.dimensions} or more dimensions`,
    received: `${spread.toPrecision(2)} in ${dimensions.toPrecision(2)} dimensions after epoch ${epoch}: `
      + 'the network gives about the same output for every image',
    remedy: 'Lower the learning rate, use larger batches, or look at the images: they may all be the same',
  })
}
