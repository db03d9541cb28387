/** How the learning rate changes: pure functions of the step and of the finished epochs. */
import { oneOf, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'

/**
 * 'constant': the optimizer's rate throughout (the default).
 * 'one-cycle': a cosine rise over the first `warmup` share of all steps (default .3; from 0, below 1), then a cosine
 * fall to almost 0 (Smith and Topin 2019).
 * 'plateau': the rate is multiplied by `factor` whenever the watched figure has not improved for `patience` epochs, but
 * never falls below `least`. As Keras's ReduceLROnPlateau. The factor lies between 0 and 1, `patience` is 1 or more,
 * `least` is a rate from 0.
 */
export type Schedule =
  | { name: 'constant' }
  | { name: 'one-cycle'; warmup?: number }
  | { name: 'plateau'; watch: 'validationAccuracy' | 'validationLoss'; factor: number; patience: number; least: number }

const scheduleNames = ['constant', 'one-cycle', 'plateau']

/** @throws LabError 'bad-argument' naming the setting that is unknown, missing or out of range */
export function checkSchedule(schedule: Schedule): void {
  requireOneOf('schedule.name', schedule?.name, scheduleNames)
  const remedy = 'Change the schedule'
  switch (schedule.name) {
    case 'constant': return requireKnownKeys("schedule 'constant'", schedule, { name: true })
    case 'one-cycle':
      requireKnownKeys("schedule 'one-cycle'", schedule, { name: true, warmup: true })
      // With a warmup of 1 the rate after the rise would be 0 / 0.
      return requireInRange('schedule.warmup', schedule.warmup ?? 0.3, { low: 0, below: 1 }, remedy)
    case 'plateau': {
      requireKnownKeys("schedule 'plateau'", schedule, { name: true, watch: true, factor: true, patience: true, least: true })
      requireOneOf('schedule.watch', schedule.watch, ['validationAccuracy', 'validationLoss'])
      requireInRange('schedule.factor', schedule.factor, { above: 0, below: 1 }, remedy)
      requireInRange('schedule.patience', schedule.patience, { low: 1, whole: true }, remedy)
      requireInRange('schedule.least', schedule.least, { low: 0, high: 100 }, remedy)
    }
  }
}

/** The figures of an epoch that a schedule can watch. */
export interface ValidationFigures {
  validationAccuracy: number
  validationLoss: number
}

/** The moment of a run at which a learning rate is asked for. */
export interface Moment {
  /** Steps taken before this one, over all epochs. */
  step: number
  /** Steps of the whole run. */
  steps: number
  /** The finished epochs. */
  history: readonly ValidationFigures[]
}

/**
 * The learning rate of a step.
 * @param rate the optimizer's: the highest that any schedule gives
 * @throws LabError 'bad-argument' for an unknown schedule
 * @example learningRate({ name: 'one-cycle' }, 1e-3, { step: 0, steps: 100, history: [] })   // 4e-5
 */
export function learningRate(schedule: Schedule, rate: number, { step, steps, history }: Moment): number {
  switch (schedule.name) {
    case 'constant': return rate
    case 'one-cycle': return rate * oneCycle(step / Math.max(1, steps - 1), schedule.warmup ?? 0.3)
    case 'plateau': return plateau(schedule, rate, history)
    default: throw oneOf('schedule.name', (schedule as { name: unknown }).name, scheduleNames)
  }
}

/** Share of the highest rate: from 1/25 up to 1, then down to 1/10,000. @param progress 0 to 1 */
function oneCycle(progress: number, warmup: number): number {
  const between = (from: number, to: number, share: number) => to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2
  return progress < warmup
    ? between(1 / 25, 1, progress / warmup)
    : between(1, 1e-4, (progress - warmup) / (1 - warmup))
}

/** Recomputed from the whole history at each step, so that there is no state to save. */
function plateau(
  { watch, factor, patience, least }: Schedule & { name: 'plateau' }, rate: number,
  history: readonly ValidationFigures[],
): number {
  const margin = 1e-4
  const sign = watch === 'validationAccuracy' ? 1 : -1
  let best = -Infinity, epochsWithoutImprovement = 0, current = rate
  for (const epoch of history) {
    const figure = sign * epoch[watch]
    if (figure > best + margin) {
      best = figure
      epochsWithoutImprovement = 0
    } else if (++epochsWithoutImprovement >= patience) {
      current = Math.max(current * factor, least)
      epochsWithoutImprovement = 0
    }
  }
  return Math.min(rate, current)
}
