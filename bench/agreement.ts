/** The comparison before anything is timed: all contenders must compute the same numbers. */
import { LabError } from '../src/lib/system/errors'

/** What a contender computed, by the output's name. */
export type Outputs = Readonly<Record<string, readonly number[]>>

/**
 * The largest difference that each output may have. In brackets: the largest difference seen between two contenders,
 * which comes from float32 sums in different orders. Real mistakes, tried on PyTorch, are larger: an ε of Adam that was
 * not converted changes the losses by 0.4, a stride on the wrong convolution by 0.05, β₁ = 0.8 by 0.006; another ε of
 * batch normalization changes the scores by 3e-3.
 */
const tolerances: Readonly<Record<string, number>> = {
  /** Class scores at inference (2e-6). */
  logits: 1e-4,
  /** Probabilities for images from files (5e-6), whose pixels may differ by one grey level after resizing. */
  imageProbabilities: 1e-3,
  /** Losses in training mode before steps 1, 2, 3 and 4; each step magnifies differences (2e-3). */
  losses: 0.005,
  /** Mean grey level of an image (2e-3). */
  greyLevels: 0.1,
}

/** Tolerances are so many times larger on graphics cards, where convolutions may round their inputs to ten bits. */
const cardFactor = 50

/** @throws LabError 'data-mismatch' naming the contender, the output and the difference */
export function compareOutputs(all: readonly { name: string; outputs: Outputs }[], onCard = false): void {
  const [first, ...rest] = all
  for (const { name, outputs } of rest)
    for (const [output, values] of Object.entries(first?.outputs ?? {})) {
      const tolerance = tolerances[output] * (onCard ? cardFactor : 1)
      const difference = largestDifference(values, outputs[output] ?? [])
      if (difference <= tolerance) continue
      throw new LabError('data-mismatch', {
        expected: `${name} to compute the same ${output} as ${first.name}, to ${tolerance}`,
        received: `a difference of ${difference.toPrecision(3)}`,
        remedy: 'Correct the contender that is wrong; nothing was timed, because the times could not be compared',
      })
    }
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity
  return a.reduce((largest, value, i) => {
    const difference = Math.abs(value - b[i])
    return difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference
  }, 0)
}
