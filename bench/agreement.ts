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

/**
 * On a card, all contenders compute what is compared with whole float32 numbers, without TF32, so that the same
 * tolerances hold. Only losses may differ four times as much: cuDNN may compute a convolution by Winograd's algorithm,
 * whose rounding errors are a few times larger, and each step magnifies them. A stride or an ε in the wrong place still
 * shows. Estimated: no card has run this yet.
 */
const cardTolerances: Readonly<Record<string, number>> = { ...tolerances, losses: 0.02 }

/**
 * The differences that a contender in mixed precision may have, whose numbers have 8 bits instead of 24. In brackets:
 * the largest difference seen in PyTorch on a processor. After the first step the losses differ by 0.5 and more,
 * because each step magnifies differences: see `refuseUntrained`.
 */
const mixedTolerances: Readonly<Record<string, number>> = {
  /** Class scores (0.011). */
  logits: 0.1,
  /** The loss before the first step (0.021). */
  losses: 0.2,
}

/** What is compared of one contender. */
export interface Compared {
  name: string
  outputs: Outputs
  /** Whether it computes in mixed precision. Default false. */
  mixed?: boolean
}

/** @throws LabError 'data-mismatch' naming the contender, the output and the difference */
export function compareOutputs(all: readonly Compared[], onCard = false): void {
  const first = all.find(one => !one.mixed)
  for (const { name, outputs, mixed } of all.filter(one => one !== first))
    for (const [output, values] of Object.entries(first?.outputs ?? {})) {
      const tolerance = mixed ? mixedTolerances[output] ?? 0 : (onCard ? cardTolerances : tolerances)[output]
      const compared = mixed && output === 'losses' ? 1 : undefined
      const difference = largestDifference(values.slice(0, compared), outputs[output]?.slice(0, compared) ?? [])
      if (!(difference <= tolerance))
        throw different(name, `compute the same ${output} as ${first!.name}, to ${tolerance}`,
          `a difference of ${difference.toPrecision(3)}`)
      if (mixed && output === 'losses') refuseUntrained(name, outputs.losses)
    }
}

/** In mixed precision, the losses after a few steps are others, but must be lower than before. */
function refuseUntrained(name: string, losses: readonly number[]): void {
  const last = losses[losses.length - 1]
  if (!(last < losses[0])) throw different(name, 'lower its loss by training', `${losses[0]}, and ${last} after`)
}

function different(name: string, expected: string, received: string): LabError {
  return new LabError('data-mismatch', {
    expected: `${name} to ${expected}`, received,
    remedy: 'Correct the contender that is wrong; nothing was timed, because the times could not be compared',
  })
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity
  return a.reduce((largest, value, i) => {
    const difference = Math.abs(value - b[i])
    return difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference
  }, 0)
}
