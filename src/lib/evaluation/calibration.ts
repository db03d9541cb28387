/** Whether probabilities mean what they say: of the images called 80 % positive, are 80 % positive? */
import { wilson } from './intervals'

/** The images whose scores lie in one range. */
export interface ReliabilityRow {
  /** Ends of the range; the upper one belongs to the next range, but 1 to the last. */
  from: number
  to: number
  images: number
  /** Mean score; NaN without images. */
  said: number
  /** Share that are positive, with Wilson's 95 % interval as if each image came from another patient. */
  came: number
  low: number
  high: number
}

/**
 * Scores in ranges of equal width, each with its mean beside the share of positives: a reliability table.
 * @param positives 1 where the image is positive, else 0
 * @param scores probabilities, 0 to 1
 * @param ranges how many; default 5
 */
export function reliability(positives: ArrayLike<number>, scores: ArrayLike<number>, ranges = 5): ReliabilityRow[] {
  const all = Array.from({ length: scores.length }, (_, i) => i)
  return Array.from({ length: ranges }, (_, r) => {
    const inside = all.filter(i => Math.min(ranges - 1, Math.floor(scores[i] * ranges)) === r)
    const sum = (values: ArrayLike<number>) => inside.reduce((total, i) => total + values[i], 0)
    return {
      from: r / ranges, to: (r + 1) / ranges, images: inside.length,
      said: sum(scores) / inside.length, came: sum(positives) / inside.length, ...wilson(sum(positives), inside.length),
    }
  })
}
