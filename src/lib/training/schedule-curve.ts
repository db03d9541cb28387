/** The learning rate of a schedule as a curve. */
import type { Curve } from './histories'
import { requireKnownKeys } from '../system/options'
import { checkSchedule, learningRate, type Schedule, type ValidationFigures } from './schedule'

/** What a schedule is drawn for. */
export interface ScheduleTrace {
  /** The name of the curve. Default the schedule's name. */
  label?: string
  /** Steps to draw. Default 100. */
  steps?: number
  /** Steps in an epoch; the validation figures change only between epochs. Default 10. */
  stepsInEpoch?: number
  /** Validation figures of every epoch of the imagined run. Default: a run that never improves after the first. */
  validation?: ValidationFigures
}

/**
 * The learning rate of a schedule, step by step.
 * @param rate the optimizer's learning rate, which a schedule scales
 * @returns a curve for `figures.lineChart`
 * @example figures.traceSchedule({ name: 'one-cycle' }, 0.001, { steps: 100 }).points.length   // 100
 */
export function traceSchedule(schedule: Schedule, rate: number, options: ScheduleTrace = {}): Curve {
  requireKnownKeys('traceSchedule', options, { label: true, steps: true, stepsInEpoch: true, validation: true })
  checkSchedule(schedule)
  const { label = schedule.name, steps = 100, stepsInEpoch = 10 } = options
  const { validation = { validationLoss: 0.5, validationAccuracy: 0.8 } } = options
  const history = (step: number) => Array.from({ length: Math.floor(step / stepsInEpoch) }, () => validation)
  const points = Array.from({ length: steps }, (_, step) =>
    ({ x: step, y: learningRate(schedule, rate, { step, steps, history: history(step) }) }))
  return { label, points }
}
