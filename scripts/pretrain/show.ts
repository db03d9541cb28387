/** How a training run in the terminal is shown. */
import { progressLine } from '../../src/lib/system/progress-line.mjs'
import type { TrainProgress } from '../../src/lib/training/config'

const display = progressLine()

/** One line that changes in place on a terminal; one line an epoch elsewhere. */
export function showTraining({ epoch, epochs, step, steps, loss, accuracy, history, seconds }: TrainProgress): void {
  const ended = history.length === epoch
  const last = history[history.length - 1]
  const line = `epoch ${epoch} of ${epochs}, step ${step} of ${steps}: loss ${loss.toFixed(3)}, `
    + `accuracy ${accuracy.toFixed(3)}${ended ? `, held out ${last.validationAccuracy.toFixed(3)}` : ''}, `
    + `${Math.round(seconds)} s`
  if (ended) display.say(line)
  else display.show(line)
}
