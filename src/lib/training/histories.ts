/** The histories of several runs as the curves and rows that figures and tables take. */
import type { EpochRecord, Trained } from './config'

/** A named curve. */
export interface Curve {
  label: string
  points: { x: number; y: number }[]
}

/**
 * The histories of several runs by name, for `figures.learningCurves`.
 * @example Object.keys(figures.collectHistories({ 'one epoch': trained }))   // ['one epoch']
 */
export function collectHistories(runs: Readonly<Record<string, Trained>>): Record<string, EpochRecord[]> {
  return Object.fromEntries(Object.entries(runs).map(([name, { history }]) => [name, history]))
}

/**
 * The histories of runs that continue each other as one history; epochs count on.
 * @example figures.joinHistories([trained, trained]).length   // twice as many epochs
 */
export function joinHistories(runs: readonly Trained[]): EpochRecord[] {
  return runs.flatMap(({ history }) => history).map((record, i) => ({ ...record, epoch: i + 1 }))
}

/**
 * The training loss of each run by epoch.
 * @param highest losses above it are drawn at this height. Default: none are cut off
 * @returns one curve a run, for `figures.lineChart`
 * @example figures.traceLoss({ 'one epoch': trained }, 2)
 */
export function traceLoss(runs: Readonly<Record<string, Trained>>, highest = Infinity): Curve[] {
  return Object.entries(runs).map(([label, { history }]) =>
    ({ label, points: history.map(({ epoch, loss }) => ({ x: epoch, y: Math.min(loss, highest) })) }))
}

/**
 * The last epoch of each run: its losses, accuracies, learning rate and seconds.
 * @returns one row a run; runs without a finished epoch are left out
 * @example tables.listLastEpochs({ 'one epoch': trained })[0].loss
 */
export function listLastEpochs(runs: Readonly<Record<string, Trained>>): (EpochRecord & { run: string })[] {
  return Object.entries(runs).flatMap(([run, { history }]) => history.slice(-1).map(record => ({ run, ...record })))
}

/**
 * The seconds that each epoch of each run took.
 * @returns rows that `figures.barChart` draws as they are: one bar an epoch, one color a run
 * @example figures.collectEpochTimes({ 'one epoch': trained })
 */
export function collectEpochTimes(
  runs: Readonly<Record<string, Trained>>,
): { label: string; group: string; value: number }[] {
  return Object.entries(runs).flatMap(([group, { history }]) =>
    history.map(({ epoch, seconds }) => ({ label: `epoch ${epoch}`, group, value: seconds })))
}
