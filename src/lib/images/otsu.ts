/** Otsu's threshold between dark and bright (Otsu 1979). Browser-safe. */

/**
 * The grey level that parts an image's pixels best: those up to it are dark, those above it bright. It makes the
 * variance between the two as large as any level does; of equal ones it is the lowest, as in scikit-image.
 * @param data grey levels, whole numbers from 0 to 255
 * @returns 0 to 255; of an even image its one level
 * @example otsuThreshold([10, 12, 200, 210])   // 12
 */
export function otsuThreshold(data: ArrayLike<number>): number {
  const counts = new Float64Array(256)
  for (let i = 0; i < data.length; i++) counts[data[i]]++
  const total = data.length, sum = counts.reduce((all, count, level) => all + count * level, 0)
  let best = -1, threshold = 0, below = 0, sumBelow = 0
  for (let level = 0; level < 256; level++) {
    below += counts[level]
    sumBelow += counts[level] * level
    if (below === 0) continue
    if (below === total) return best < 0 ? level : threshold
    const gap = sumBelow / below - (sum - sumBelow) / (total - below)
    const between = below * (total - below) * gap * gap
    if (between <= best) continue
    best = between
    threshold = level
  }
  return threshold
}
