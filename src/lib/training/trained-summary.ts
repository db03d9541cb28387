/** A training run in a few words. */
import { counted, threeDecimals, withSummary } from '../system/summary'
import type { Trained } from './config'

/** The run itself, which now prints as a summary. */
export function summarizedRun<Run extends Trained>(run: Run): Run {
  return withSummary(run, describe, 'show(figures.learningCurves(x.history))')
}

const endings = {
  finished: 'to its end', early: 'until the validation figures stopped getting better', cancelled: 'until it was interrupted',
} as const

function describe({ history, best, stopped, seconds, model }: Trained): string {
  const bestEpoch = best === null ? 'no epoch was finished' : `best epoch ${best.epoch}: validation loss `
    + `${threeDecimals(best.validationLoss)}, validation accuracy ${threeDecimals(best.validationAccuracy)}`
  return `Training run: ${counted(history.length, 'epoch')} in ${seconds.toFixed(0)} s, ${endings[stopped]}\n`
    + `${bestEpoch}\nModel: ${model.name} (x.model)`
}
