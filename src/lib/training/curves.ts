/** Histories and schedules as the curves and rows that figures draw. */
import { requireKnownKeys } from '../system/options'
import type { EpochRecord, Trained } from './config'
import { checkSchedule, learningRate, type Schedule, type ValidationFigures } from './schedule'

/** A named curve. */
export interface Curve {
  label: string
  points: { x: number; y: number }[]
}

/** What a schedule is drawn for. */
export interface ScheduleCurveOptions {
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
 * @example scheduleCurve({ name: 'one-cycle' }, 0.001, { steps: 100 }).points.length   // 100
 */
export function scheduleCurve(schedule: Schedule, rate: number, options: ScheduleCurveOptions = {}): Curve {
  requireKnownKeys('scheduleCurve', options, { label: true, steps: true, stepsInEpoch: true, validation: true })
  checkSchedule(schedule)
  const { label = schedule.name, steps = 100, stepsInEpoch = 10 } = options
  const { validation = { validationLoss: 0.5, validationAccuracy: 0.8 } } = options
  const history = (step: number) => Array.from({ length: Math.floor(step / stepsInEpoch) }, () => validation)
  const points = Array.from({ length: steps }, (_, step) =>
    ({ x: step, y: learningRate(schedule, rate, { step, steps, history: history(step) }) }))
  return { label, points }
}

/**
 * The histories of several runs by name, for `figures.learningCurves`.
 * @example Object.keys(collectHistories({ 'one epoch': trained }))   // ['one epoch']
 */
export function collectHistories(runs: Readonly<Record<string, Trained>>): Record<string, EpochRecord[]> {
  return Object.fromEntries(Object.entries(runs).map(([name, { history }]) => [name, history]))
}

/**
 * The histories of runs that continue each other as one history; epochs count on.
 * @example joinHistories([trained, trained]).length   // twice as many epochs
 */
export function joinHistories(runs: readonly Trained[]): EpochRecord[] {
  return runs.flatMap(({ history }) => history).map((record, i) => ({ ...record, epoch: i + 1 }))
}

/**
 * The training loss of each run by epoch.
 * @param highest losses above it are drawn at this height. Default: none are cut off
 * @returns one curve a run, for `figures.lineChart`
 * @example traceLoss({ 'one epoch': trained }, 2)
 */
export function traceLoss(runs: Readonly<Record<string, Trained>>, highest = Infinity): Curve[] {
  return Object.entries(runs).map(([label, { history }]) =>
    ({ label, points: history.map(({ epoch, loss }) => ({ x: epoch, y: Math.min(loss, highest) })) }))
}

/**
 * The last epoch of each run: its losses, accuracies, learning rate and seconds.
 * @returns one row a run; runs without a finished epoch are left out
 * @example listLastEpochs({ 'one epoch': trained })[0].loss
 */
export function listLastEpochs(runs: Readonly<Record<string, Trained>>): (EpochRecord & { run: string })[] {
  return Object.entries(runs).flatMap(([run, { history }]) => history.slice(-1).map(record => ({ run, ...record })))
}

/**
 * The seconds that each epoch of each run took.
 * @returns rows that `figures.barChart` draws as they are: one bar an epoch, one color a run
 * @example collectEpochTimes({ 'one epoch': trained })
 */
export function collectEpochTimes(
  runs: Readonly<Record<string, Trained>>,
): { label: string; group: string; value: number }[] {
  return Object.entries(runs).flatMap(([group, { history }]) =>
    history.map(({ epoch, seconds }) => ({ label: `epoch ${epoch}`, group, value: seconds })))
}
