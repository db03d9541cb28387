/**
 * The contrastive loss: each view of an image should be nearer to the image's second view than to the views of other
 * images (SimCLR: Chen et al., "A simple framework for contrastive learning of visual representations", 2020). It is
 * decoupled: the softmax's denominator does not include the second view (Yeh et al., "Decoupled contrastive learning",
 * 2022).
 */

export interface ContrastiveLoss {
  /** Mean over the views, in nats; below 0 if the second view is nearer than all others together. */
  loss: number
  /** Share of the views that are nearer to their second view than to any other. */
  found: number
  /** Gradient of the loss with respect to the projections, [2 n, width]. Each reading computes it. */
  readonly gradient: Float32Array
}

/**
 * The mean over the views i, with second view j, of −s(i, j) / τ + log Σ exp(s(i, k) / τ). The sum is over all k except
 * i and j; s(i, k) is the cosine between the projections of views i and k.
 * @param projections [2 n, width], n ≥ 2: rows i and n + i are two views of one image, of any length
 * @param temperature τ, above 0: the lower, the more weight the nearest of the other views get
 */
export function contrastiveLoss(projections: Float32Array, width: number, temperature: number): ContrastiveLoss {
  const views = projections.length / width
  const lengths = lengthsOf(projections, width)
  const z = Float64Array.from(projections, (value, i) => value / lengths[Math.floor(i / width)])
  const s = cosines(z, width)
  // Derivatives of view i's loss with respect to s(i, k).
  const slopes = new Float64Array(views * views)
  let loss = 0, found = 0
  for (let i = 0; i < views; i++) {
    const row = s.subarray(i * views, (i + 1) * views)
    const j = (i + views / 2) % views
    const otherSimilarities = row.map((cosine, k) => (k === i || k === j ? -Infinity : cosine / temperature))
    const highest = otherSimilarities.reduce((high, one) => Math.max(high, one))
    const logSum = highest + Math.log(otherSimilarities.reduce((sum, one) => sum + Math.exp(one - highest), 0))
    loss += (logSum - row[j] / temperature) / views
    if (row[j] / temperature > highest) found += 1 / views
    for (let k = 0; k < views; k++)
      slopes[i * views + k] = (Math.exp(otherSimilarities[k] - logSum) - (k === j ? 1 : 0)) / (temperature * views)
  }
  // A step as one call has its gradient from the engine. To compute it here takes longer than the rest.
  return { loss, found, get gradient() { return projectionGradient(z, lengths, slopes, width) } }
}

/** The backward pass through the cosines and the division by the length. */
function projectionGradient(z: Float64Array, lengths: Float64Array, slopes: Float64Array, width: number): Float32Array {
  const views = lengths.length
  const gradient = new Float32Array(z.length)
  const dz = new Float64Array(width)
  for (let i = 0; i < views; i++) {
    dz.fill(0)
    for (let k = 0; k < views; k++) {
      const slope = slopes[i * views + k] + slopes[k * views + i]
      for (let c = 0; c < width; c++) dz[c] += slope * z[k * width + c]
    }
    const row = z.subarray(i * width, (i + 1) * width)
    const along = row.reduce((sum, value, c) => sum + value * dz[c], 0)
    for (let c = 0; c < width; c++) gradient[i * width + c] = (dz[c] - along * row[c]) / lengths[i]
  }
  return gradient
}

/** The cosine of each pair of rows, which are unit vectors: [rows, rows]. */
function cosines(z: Float64Array, width: number): Float64Array {
  const rows = z.length / width
  const s = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k <= i; k++) {
      let sum = 0
      for (let c = 0; c < width; c++) sum += z[i * width + c] * z[k * width + c]
      s[i * rows + k] = s[k * rows + i] = sum
    }
  return s
}

/** The length of each row; Infinity for a row of zeros, which has no direction: dividing by it gives zeros again. */
export function lengthsOf(rows: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) =>
    Math.hypot(...rows.subarray(row * width, (row + 1) * width)) || Infinity)
}
