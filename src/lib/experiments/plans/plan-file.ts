/** A plan in a JSON file, which lists experiments. Their run folders hold all results. */
import { basename } from 'node:path'
import { z } from 'zod'
import { dataTable } from '../../display/tables'
import { readJson } from '../../system/json'
import { completeExperiment } from '../config'
import type { Plan } from '../plan'
import { recordOf } from '../../system/json-parts'

const planFileSchema = z.strictObject({
  title: z.string(),
  /** Experiments by the name of the run; `completeExperiment` checks each. */
  experiments: recordOf(z.unknown()),
})

/**
 * The plan in a file.
 * @param path of NAME.json: `{ "title": …, "experiments": { "run name": { … config … }, … } }`
 * @throws LabError 'data-missing', 'damaged-file'; 'bad-argument' naming an experiment's setting that is unknown or out
 *   of range
 */
export async function readPlan(path: string): Promise<Plan> {
  const { title, experiments } = await readJson(path, planFileSchema)
  const runs = Object.entries(experiments)
    .map(([name, settings]) => ({ name, kind: name, config: completeExperiment(settings) }))
  const name = basename(path, '.json')
  return {
    name, title, runs, files: [], recorded: async () => [], record: async () => {},
    results: async finished => dataTable(name, title, finished.map(({ run, finished: { metrics } }) => ({
      run: run.name, part: metrics.part, accuracy: metrics.accuracy.value, low: metrics.accuracy.low,
      high: metrics.accuracy.high, loss: metrics.loss, auc: metrics.auc.value, seconds: metrics.seconds,
    })), [
      'run', 'part', { key: 'accuracy', title: 'accuracy', format: 'percent' }, { key: 'low', title: 'from', format: 'percent' },
      { key: 'high', title: 'to', format: 'percent' }, { key: 'loss', title: 'loss', format: 'decimal' },
      { key: 'auc', title: 'AUC', format: 'decimal' }, { key: 'seconds', title: 'time', format: 'seconds' },
    ], '95 % intervals, by group where groups are known.'),
  }
}
