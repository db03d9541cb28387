/** Loss and accuracy by epoch. */
import type { EpochRecord } from '../../training/config'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { figureOptionNames, palette, type Figure, type FigureOptions } from './figure'
import { lineCharts, type Axis, type Series } from './line-chart'

/** Words around the curves, and where the loss axis ends. */
export interface LearningCurvesOptions extends FigureOptions {
  /** The end of the loss axis; higher losses are drawn there. Default: the highest loss. */
  highestLoss?: number
}

/**
 * Loss and accuracy on the training and validation parts, epoch by epoch; or the validation curves of several runs.
 * @param history one run's epochs, or several runs' by name
 * @param options default name 'learning-curves', default title 'Learning curves'
 * @example show(figures.learningCurves(tuned.history))
 * @example show(figures.learningCurves({ frozen: frozen.history, 'fine-tuned': tuned.history }))
 */
export function learningCurves(
  history: readonly EpochRecord[] | Record<string, readonly EpochRecord[]>, options: LearningCurvesOptions = {},
): Figure {
  requireKnownKeys('learningCurves', options, { ...figureOptionNames, highestLoss: true })
  const { name = 'learning-curves', title = 'Learning curves', subtitle, highestLoss } = options
  const runs = Array.isArray(history) ? oneRun(history) : severalRuns(history as Record<string, readonly EpochRecord[]>)
  const epochs = Math.max(2, ...runs.loss.map(series => series.points.length))
  const x = { label: 'epoch', kind: 'whole', domain: [1, epochs] } as const
  return lineCharts({ name, title, subtitle, alt: `${title}. ${runs.words}` }, [
    { title: 'Loss', x, ...(highestLoss ? cutOff(runs.loss, highestLoss) : { y: { label: lossLabel }, series: runs.loss }) },
    { title: 'Accuracy', x, y: { label: 'accuracy', kind: 'percent' }, series: runs.accuracy },
  ])
}

const lossLabel = 'cross-entropy (nats)'

/** Losses above `highest` are drawn at it: one run that diverges would flatten all other curves. */
function cutOff(series: readonly Series[], highest: number): { y: Axis; series: Series[] } {
  return {
    y: { label: `${lossLabel}, cut off at ${highest}`, domain: [0, highest] },
    series: series.map(one => ({ ...one, points: one.points.map(({ x, y }) => ({ x, y: Math.min(y, highest) })) })),
  }
}

interface Curves {
  loss: Series[]
  accuracy: Series[]
  words: string
}

function oneRun(history: readonly EpochRecord[]): Curves {
  const part = (label: string, dashed: boolean, value: (epoch: EpochRecord) => number): Series => ({
    label, dashed, color: palette[dashed ? 1 : 0], points: history.map(epoch => ({ x: epoch.epoch, y: value(epoch) })),
  })
  return {
    loss: [part('training', true, e => e.loss), part('validation', false, e => e.validationLoss)],
    accuracy: [part('training', true, e => e.accuracy), part('validation', false, e => e.validationAccuracy)],
    words: lastEpoch('The run', history),
  }
}

function severalRuns(runs: Record<string, readonly EpochRecord[]>): Curves {
  const lines = (value: (epoch: EpochRecord) => number): Series[] => Object.entries(runs).map(([label, history]) => ({
    label, points: history.map(epoch => ({ x: epoch.epoch, y: value(epoch) })),
  }))
  return {
    loss: lines(epoch => epoch.validationLoss),
    accuracy: lines(epoch => epoch.validationAccuracy),
    words: `Validation only. ${Object.entries(runs).map(([label, history]) => lastEpoch(label, history)).join(' ')}`,
  }
}

function lastEpoch(label: string, history: readonly EpochRecord[]): string {
  const last = history.at(-1)
  if (!last) return `${label} has no epochs.`
  return `${label} ends after ${history.length} epoch${history.length === 1 ? '' : 's'} at validation loss ${formatNumber(last.validationLoss)}`
    + ` and accuracy ${formatNumber(last.validationAccuracy, 'percent')}.`
}
