/** How the learning rate changes: pure functions of the step and of the epochs that lie behind. */
import { LabError } from '../system/errors'

/**
 * 'constant': the optimizer's rate throughout (the default).
 * 'one-cycle': a cosine rise over the first `warmup` share of all steps, then a cosine fall to almost 0
 * (Smith and Topin 2019).
 * 'plateau': the rate times `factor` whenever the watched figure has not improved for `patience` epochs, but
 * never below `least`.
 */
export type Schedule =
  | { name: 'constant' }
  | { name: 'one-cycle'; warmup?: number }
  | { name: 'plateau'; watch: 'validationAccuracy' | 'validationLoss'; factor: number; patience: number; least: number }

/** The figures of an epoch that a schedule can watch. */
export interface Watched {
  validationAccuracy: number
  validationLoss: number
}

export interface Moment {
  /** Steps taken before this one, over all epochs. */
  step: number
  /** Steps there will be in all. */
  steps: number
  /** The epochs that are done. */
  history: readonly Watched[]
}

/** The learning rate at a moment. @param rate the optimizer's: the highest that any schedule gives */
export function learningRate(schedule: Schedule, rate: number, { step, steps, history }: Moment): number {
  switch (schedule.name) {
    case 'constant': return rate
    case 'one-cycle': return rate * oneCycle(step / Math.max(1, steps - 1), schedule.warmup ?? 0.3)
    case 'plateau': return plateau(schedule, rate, history)
    default: throw new LabError('bad-argument', {
      expected: "schedule name 'constant', 'one-cycle' or 'plateau'",
      received: String((schedule as { name: unknown }).name),
      remedy: 'Choose one of them',
    })
  }
}

/** From 1/25 up to 1 and down to 1/10,000, the usual proportions. @param progress 0 to 1 */
function oneCycle(progress: number, warmup: number): number {
  const between = (from: number, to: number, share: number) => to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2
  return progress < warmup
    ? between(1 / 25, 1, progress / warmup)
    : between(1, 1e-4, (progress - warmup) / (1 - warmup))
}

/** Keras's ReduceLROnPlateau, replayed over the whole history: it needs no memory of its own. */
function plateau(
  { watch, factor, patience, least }: Schedule & { name: 'plateau' }, rate: number, history: readonly Watched[],
): number {
  const margin = 1e-4
  const sign = watch === 'validationAccuracy' ? 1 : -1
  let best = -Infinity, waited = 0, current = rate
  for (const epoch of history) {
    const figure = sign * epoch[watch]
    if (figure > best + margin) {
      best = figure
      waited = 0
    } else if (++waited >= patience) {
      current = Math.max(current * factor, least)
      waited = 0
    }
  }
  return Math.min(rate, current)
}
