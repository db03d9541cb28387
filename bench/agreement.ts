/** Before anything is timed: all contenders must have computed the same. */
import { LabError } from '../src/lib/system/errors'

/** What a contender computed, by name. */
export type Outputs = Readonly<Record<string, readonly number[]>>

/**
 * The largest difference that each output may show, with the largest one seen between any two contenders in brackets.
 * Float32 sums taken in another order account for it. Tried on PyTorch: an ε of Adam that was not converted moves the
 * losses by 0.4, a stride on the wrong convolution by 0.05, β₁ = 0.8 by 0.006; another ε of batch normalization moves
 * the scores by 3e-3.
 */
const tolerances: Readonly<Record<string, number>> = {
  /** Class scores at inference (2e-6). */
  logits: 1e-4,
  /** Probabilities for images from files (5e-6), whose pixels may differ by one grey level after resizing. */
  imageProbabilities: 1e-3,
  /** Losses in training mode before steps 1, 2, 3 and 4: each step magnifies the differences (2e-3). */
  losses: 0.005,
  /** Mean grey level of an image (2e-3). */
  greyLevels: 0.1,
}

/** On graphics cards convolutions may round their inputs to ten bits. */
const coarse = 50

/** @throws LabError 'data-mismatch' naming the contender, the output and the difference */
export function compareOutputs(all: readonly { name: string; outputs: Outputs }[], onCard = false): void {
  const [first, ...others] = all
  for (const { name, outputs } of others)
    for (const [output, values] of Object.entries(first?.outputs ?? {})) {
      const most = tolerances[output] * (onCard ? coarse : 1)
      const difference = largestDifference(values, outputs[output] ?? [])
      if (difference <= most) continue
      throw new LabError('data-mismatch', {
        expected: `${name} to compute the same ${output} as ${first.name}, to ${most}`,
        received: `a difference of ${difference.toPrecision(3)}`,
        remedy: 'Nothing was timed: what computes something else cannot be compared. Mend the contender that is wrong',
      })
    }
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - b[i])
    return difference <= most ? most : Number.isNaN(difference) ? Infinity : difference
  }, 0)
}
