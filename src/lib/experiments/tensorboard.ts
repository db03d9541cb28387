/** Runs for TensorBoard: `tensorboard --logdir results/runs` shows the curves of all runs with an event file. */
import { join } from 'node:path'
import { writeFileAtomic } from '../system/files'
import type { FinishedRun } from './run-folder'
import { encodeEvents, type ScalarEvent } from './tensorboard-events'

/** The name is always the same, so that writing again replaces the file. */
const fileName = 'events.out.tfevents.0.lab'

/** Writes a run's curves and metrics into its folder. @returns the file's path */
export async function writeTensorboard(run: FinishedRun): Promise<string> {
  const path = join(run.folder, fileName)
  await writeFileAtomic(path, encodeEvents(eventsOf(run)))
  return path
}

/** An event an epoch, then one with the metrics. An event's time is the run's start plus the seconds trained so far. */
export function eventsOf({ history, contrastiveHistory, metrics, environment }: FinishedRun): ScalarEvent[] {
  let wallTime = Date.parse(environment.started) / 1000
  const epochs = (rows: readonly { epoch: number; seconds: number }[], values: (index: number) => ScalarEvent['values']) =>
    rows.map(({ epoch, seconds }, i) => ({ wallTime: wallTime += seconds, step: epoch, values: values(i) }))
  const without = epochs(contrastiveHistory, i => {
    const { loss, found, spread } = contrastiveHistory[i]
    return { 'without labels/loss': loss, 'without labels/found': found, 'without labels/spread': spread }
  })
  const training = epochs(history, i => {
    const { loss, validationLoss, accuracy, validationAccuracy, rate } = history[i]
    return {
      'loss/training': loss, 'loss/validation': validationLoss, 'accuracy/training': accuracy,
      'accuracy/validation': validationAccuracy, 'learning rate': rate,
    }
  })
  const { part, accuracy, auc, loss } = metrics
  const judged = { [`${part}/accuracy`]: accuracy.value, [`${part}/AUC`]: auc.value, [`${part}/loss`]: loss }
  return [...without, ...training, { wallTime, step: history.length, values: judged }]
}
