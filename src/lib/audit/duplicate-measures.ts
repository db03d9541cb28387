/** The measures by which two images count as copies of each other, and their thresholds. */
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'

/** How two images are compared. */
export type DuplicateMeasure = 'grey levels' | 'details' | 'correlation' | 'perceptual hash' | 'features'

/** One measure at one threshold. */
export interface DuplicateRule {
  measure: DuplicateMeasure
  /** The least likeness of a pair; of the perceptual hash the greatest distance. */
  threshold: number
}

/** Other thresholds than the default ones, several for a measure if you like. Grey levels are equal, without one. */
export type DuplicateThresholds = Partial<Record<Exclude<DuplicateMeasure, 'grey levels'>, readonly number[]>>

/**
 * The default thresholds, and where they come from. Measured on 240 phantom patients with one image each, CT and X-ray,
 * of whom no two may pair: no pair by details (0.8), hash (2) or features (0.95); by correlation (0.9) 45 pairs of CT
 * and 1,720 of X-ray images.
 */
const defaults: Required<DuplicateThresholds> = {
  details: [0.8], correlation: [0.95, 0.9], 'perceptual hash': [2], features: [0.95],
}

/** The correlation that two images must reach before their details are compared. */
export const leastCorrelation = 0.8

/** Each measure at each of its thresholds, the surest first. @throws LabError 'bad-argument' for other thresholds */
export function duplicateRules(thresholds: DuplicateThresholds = {}): DuplicateRule[] {
  requireKnownKeys('thresholds', thresholds, {
    details: true, correlation: true, 'perceptual hash': true, features: true,
  })
  const chosen = { ...defaults, ...thresholds }
  const rules = (Object.keys(defaults) as (keyof DuplicateThresholds)[]).flatMap(measure => {
    const range = measure === 'perceptual hash' ? { low: 0, high: 63, whole: true } : { above: 0, high: 1 }
    requireList(measure, chosen[measure])
    chosen[measure].forEach(threshold => requireInRange(`the threshold of ${measure}`, threshold, range))
    return chosen[measure].map((threshold): DuplicateRule => ({ measure, threshold }))
  })
  return [{ measure: 'grey levels', threshold: 1 }, ...rules]
}

function requireList(measure: string, value: unknown): void {
  if (Array.isArray(value)) return
  throw new LabError('bad-argument', {
    expected: `a list of thresholds of ${measure}`, received: String(value),
    remedy: `Write '${measure}': [${String(value)}]`,
  })
}

/** Whether two images that are alike by this measure are copies of one another. The others find candidates. */
export function provesCopies({ measure }: DuplicateRule): boolean {
  return measure === 'grey levels' || measure === 'details'
}

/** What a measure compares, and what its threshold means. */
export function explainRule({ measure, threshold }: DuplicateRule): string {
  switch (measure) {
    case 'grey levels': return 'Equal grey levels at every pixel, at full size.'
    case 'details':
      return `Correlation of ${leastCorrelation} or more at 64 × 64 pixels, and of ${threshold} or more once the outermost `
        + 'sixteenth is left out, the mean of the 5 × 5 pixels around each pixel is taken away and one image is shifted by a '
        + 'pixel at most. Images of different phantom patients reach 0.78 at most, copies with another brightness and a '
        + 'shift of a pixel 0.89 or more.'
    case 'correlation':
      return `Correlation of ${threshold} or more at 64 × 64 pixels, as neighboring slices of one patient have. Images of `
        + 'different patients in the same position can have it, too.'
    case 'perceptual hash':
      return `At most ${threshold} of 64 bits differ. The bits say which of the 64 lowest frequencies lie above their median: `
        + 'coarse shapes, much alike in all images of a chest. Allowing more bits chains images of many patients.'
    case 'features':
      return `Cosine of ${threshold} or more between the last stage’s features, averaged over height and width and `
        + 'standardized over the set, so that what all images share does not count.'
  }
}
