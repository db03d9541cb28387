/**
 * Collapse: a network that gives the same for every image, or varies in one or two directions only, has learnt
 * nothing to tell images by, however low its loss.
 */
import { LabError } from '../../system/errors'
import { lengthsOf } from './loss'

/** How far a batch's projections, as unit vectors, lie apart. */
export interface Scatter {
  /**
   * Root mean square, over the axes, of the standard deviation times √width: 0 where all are the same, 1 where they
   * point in all directions evenly (Chen and He, "Exploring simple siamese representation learning", 2021, figure 2).
   */
  spread: number
  /**
   * In how many directions they vary: the participation ratio (Σλ)² / Σλ² of the covariance's eigenvalues λ, from 1 to
   * the width. Low where the network uses few of its directions (Jing et al., "Understanding dimensional collapse",
   * 2022). 0 where they do not vary.
   */
  dimensions: number
}

/** Passed by far by random start values already: on CT slices they give a spread of .8 in 30 dimensions. */
const least: Scatter = { spread: 0.1, dimensions: 1.2 }

/** @param projections [rows, width], rows of any length */
export function scatterOf(projections: Float32Array, width: number): Scatter {
  const lengths = lengthsOf(projections, width)
  const rows = lengths.length
  const z = Float64Array.from(projections, (value, i) => value / lengths[Math.floor(i / width)])
  const mean = new Float64Array(width)
  z.forEach((value, i) => { mean[i % width] += value / rows })
  const centred = z.map((value, i) => value - mean[i % width])
  // The trace of the covariance is the sum of its eigenvalues, the squares of its entries that of their squares.
  let trace = 0, squares = 0
  for (let a = 0; a < width; a++)
    for (let b = 0; b <= a; b++) {
      let covariance = 0
      for (let row = 0; row < rows; row++) covariance += centred[row * width + a] * centred[row * width + b] / rows
      if (a === b) trace += covariance
      squares += (a === b ? 1 : 2) * covariance ** 2
    }
  return { spread: Math.sqrt(trace), dimensions: squares > 0 ? trace ** 2 / squares : 0 }
}

/** @throws LabError 'collapsed' where the mean figures of an epoch say so */
export function refuseCollapse({ spread, dimensions }: Scatter, epoch: number): void {
  if (spread >= least.spread && dimensions >= least.dimensions) return
  throw new LabError('collapsed', {
    expected: `projections with a spread of ${least.spread} or more in ${least.dimensions} or more dimensions`,
    received: `${spread.toPrecision(2)} in ${dimensions.toPrecision(2)} dimensions after epoch ${epoch}: `
      + 'the network gives about the same for every image',
    remedy: 'Lower the learning rate, take larger batches, or look at the images: they may all be the same',
  })
}
