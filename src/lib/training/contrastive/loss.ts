/**
 * The contrastive loss: each view of an image is to be told apart from the views of other images by its nearness to
 * the image's second view (SimCLR: Chen et al., "A simple framework for contrastive learning of visual
 * representations", 2020), decoupled: the second view itself does not count among those to be told from (Yeh et al.,
 * "Decoupled contrastive learning", 2022).
 */

export interface ContrastiveLoss {
  /** Mean over the views, in nats; below 0 where the second view is nearer than all others together. */
  loss: number
  /** Share of the views that are nearer to their second view than to any other. */
  found: number
  /** Gradient of the loss with respect to the projections, [2 n, width]. */
  gradient: Float32Array
}

/**
 * With unit vectors z and cosines s = z·z′, mean over the views i with second view j of
 * −s(i, j) / τ + log Σ exp(s(i, k) / τ), the sum over all k but i and j.
 * @param projections [2 n, width], n ≥ 2: rows i and n + i are two views of one image, of any length
 * @param temperature τ, above 0: the lower, the more the nearest of the others count
 */
export function contrastiveLoss(projections: Float32Array, width: number, temperature: number): ContrastiveLoss {
  const views = projections.length / width
  const lengths = lengthsOf(projections, width)
  const z = Float64Array.from(projections, (value, i) => value / lengths[Math.floor(i / width)])
  const s = cosines(z, width)
  // Of the loss with respect to s(i, k) as view i sees it.
  const slopes = new Float64Array(views * views)
  let loss = 0, found = 0
  for (let i = 0; i < views; i++) {
    const row = s.subarray(i * views, (i + 1) * views)
    const j = (i + views / 2) % views
    const others = row.map((cosine, k) => (k === i || k === j ? -Infinity : cosine / temperature))
    const highest = others.reduce((high, one) => Math.max(high, one))
    const logSum = highest + Math.log(others.reduce((sum, one) => sum + Math.exp(one - highest), 0))
    loss += (logSum - row[j] / temperature) / views
    if (row[j] / temperature > highest) found += 1 / views
    for (let k = 0; k < views; k++)
      slopes[i * views + k] = (Math.exp(others[k] - logSum) - (k === j ? 1 : 0)) / (temperature * views)
  }
  return { loss, found, gradient: projectionGradient(z, lengths, slopes, width) }
}

/** Back through the cosines and the division by the length. */
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
    const own = z.subarray(i * width, (i + 1) * width)
    const along = own.reduce((sum, value, c) => sum + value * dz[c], 0)
    for (let c = 0; c < width; c++) gradient[i * width + c] = (dz[c] - along * own[c]) / lengths[i]
  }
  return gradient
}

/** Every row with every row, [rows, rows]. */
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

/** What each row is to be divided by. A row of zeros has no direction: divided by Infinity it takes no part. */
export function lengthsOf(rows: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) =>
    Math.hypot(...rows.subarray(row * width, (row + 1) * width)) || Infinity)
}
