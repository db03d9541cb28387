/** The reference notebook's protocol from other start weights than ImageNet's: random numbers and fractals. */
import { baselineNames } from '../../../baselines/baselines'
import { describeEngine, engineName } from '../../../engine/engine'
import type { Width } from '../../../model/architecture'
import { referenceRecipe } from '../../../papers/reference-notebook'
import { completeExperiment, type ExperimentConfig, type ExperimentSettings } from '../../config'
import type { Plan, PlanResult } from '../../plan'
import { defaultData, type PlanOptions } from '../../plan-options'
import { readReferenceRows, recordReferenceRow, referenceFile, rowName } from './recorded'
import { referenceTable, type ReferenceRow } from './row'
import type { FinishedRun } from '../../run-folder'

/** What distinguishes one run of the protocol from another. */
export interface ReferenceRun {
  weights: 'none' | 'fractal'
  width: Width
  /** 50 in the notebook. */
  epochs: number
  /** Names start weights, order and augmentation. The split keeps the notebook's own seed, 42. */
  seed: number
}

/** The baseline beside the notebook's accuracy. */
const neighbor = baselineNames.find(name => name.startsWith('pixels'))!

/** The protocol from both kinds of start weights, in half and full width unless one width is chosen. */
export function referenceNotebook({ width, data = defaultData, seed = 42, files }: PlanOptions<string> = {}): Plan {
  const { epochs } = referenceRecipe.training
  const widths: readonly Width[] = width ? [width] : ['half', 'full']
  const planned = widths.flatMap(each => (['none', 'fractal'] as const)
    .map((weights): ReferenceRun => ({ weights, width: each, epochs, seed })))
  const byName = new Map(planned.map(run => [runName(run), run]))
  const file = files ?? (data === defaultData ? referenceFile() : null)
  const rowOf = ({ run, finished }: PlanResult) => referenceRow(byName.get(run.name)!, finished)
  return {
    name: 'reference-notebook', title: 'The reference notebook’s protocol from other start weights',
    runs: planned.map(run => ({
      name: runName(run), kind: runName(run), config: referenceExperiment(run, { name: data }),
    })),
    files: file ? [file] : [],
    recorded: async () => {
      if (!file) return []
      const rows = new Map((await readReferenceRows(file)).map(row => [rowName(row), row]))
      // The table may hold rows of several engines, so only a row of this engine counts as done.
      const engine = engineName(describeEngine())
      return planned.flatMap(run => {
        const row = rows.get(rowName({ ...run, start: startName(run), engine }))
        return row ? [{ name: runName(run), seconds: 60 * row.minutes }] : []
      })
    },
    record: async result => { if (file) await recordReferenceRow(rowOf(result), file) },
    results: async finished => referenceTable(file ? await readReferenceRows(file) : finished.map(rowOf)),
  }
}

/** Such as 'scratch-half-50-42'. */
function runName({ weights, width, epochs, seed }: ReferenceRun): string {
  return `${weights === 'none' ? 'scratch' : weights}-${width}-${epochs}-${seed}`
}

function startName({ weights }: ReferenceRun): string {
  return weights === 'none' ? 'random' : weights
}

/** The experiment of a run. */
export function referenceExperiment(
  { weights, width, epochs, seed }: ReferenceRun, data: ExperimentSettings['data'],
): ExperimentConfig {
  const { split, network, training } = referenceRecipe
  return completeExperiment({
    data, split, model: { kind: 'resnet50', weights, width, ...network }, training: { ...training, epochs }, seed,
    evaluation: { baselines: [neighbor] },
  })
}

/** The row of a finished run. */
export function referenceRow(
  run: ReferenceRun, { history, evaluation, metrics, environment }: FinishedRun,
): ReferenceRow {
  const last = history[history.length - 1]
  return {
    start: startName(run), width: run.width, epochs: run.epochs,
    accuracy: rounded(last.validationAccuracy), loss: rounded(last.validationLoss),
    highestAccuracy: rounded(Math.max(...history.map(epoch => epoch.validationAccuracy))),
    lowestLoss: rounded(Math.min(...history.map(epoch => epoch.validationLoss))),
    auc: rounded(evaluation.auc.value), minutes: Math.round(metrics.seconds / 6) / 10,
    engine: environment.engine, threads: environment.threads, seed: run.seed,
    nearestNeighbour: rounded(metrics.baselines[0].accuracy.value),
  }
}

/** Four digits, as published. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
