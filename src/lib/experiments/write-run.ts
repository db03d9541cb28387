/** Writes a run's folder: its start, its pauses, and its end. */
import { join } from 'node:path'
import { confusionMatrix } from '../display/figures/confusion-matrix'
import { learningCurves } from '../display/figures/learning-curves'
import { rocCurve } from '../display/figures/roc-curve'
import { probabilityColumn } from '../display/prediction-tables'
import type { Evaluation } from '../evaluation/evaluation'
import type { Part, Split } from '../data/split/split'
import { remove, writeFileAtomic } from '../system/files'
import type { EpochRecord } from '../training/config'
import type { ContrastiveRecord } from '../training/contrastive/config'
import type { ExperimentConfig } from './config'
import type { RunEnvironment } from './environment'
import { folderSize } from './file-traffic'
import { metricsOf, type RunMetrics } from './metrics'
import { writeRows } from './results-file'
import { runFiles } from './run-folder'

/** The results of a run, before they are written. */
export interface RunOutcome extends Pick<RunMetrics, 'baselines' | 'seconds' | 'trainedParameters' | 'fractals'> {
  evaluation: Evaluation
  history: readonly EpochRecord[]
  contrastiveHistory: readonly ContrastiveRecord[]
}

/** Writes what is known when a run begins: config, environment and split. */
export async function writeStart(
  folder: string, config: ExperimentConfig, environment: RunEnvironment, split: Split,
): Promise<void> {
  await writeJson(join(folder, runFiles.environment), environment)
  await writeRows(join(folder, runFiles.split), splitRows(split), ['image', 'class', 'group', 'part'])
  await writeJson(join(folder, runFiles.config), config)
}

export function writeEnvironment(folder: string, environment: RunEnvironment): Promise<void> {
  return writeJson(join(folder, runFiles.environment), environment)
}

/** Writes a run's results: metrics.json, which marks the run as finished, at the end. Then removes the checkpoints. */
export async function writeEnd(
  folder: string, { evaluation: { part } }: ExperimentConfig, environment: RunEnvironment, outcome: RunOutcome,
): Promise<void> {
  const { evaluation, history, contrastiveHistory, baselines, seconds, trainedParameters, fractals } = outcome
  if (history.length) await writeRows(join(folder, runFiles.history), history)
  if (contrastiveHistory.length) await writeRows(join(folder, runFiles.contrastiveHistory), contrastiveHistory)
  await writeRows(join(folder, runFiles.predictions), predictionRows(evaluation, part))
  await writeFigures(join(folder, runFiles.figures), evaluation, history)
  await writeEnvironment(folder, { ...environment, peakDisk: await folderSize(folder) })
  const metrics: RunMetrics = { part, ...metricsOf(evaluation), baselines, seconds, trainedParameters, fractals }
  await writeJson(join(folder, runFiles.metrics), metrics)
  await remove(join(folder, runFiles.checkpoint))
}

async function writeFigures(folder: string, evaluation: Evaluation, history: readonly EpochRecord[]): Promise<void> {
  const curves = history.length ? [learningCurves(history)] : []
  const figures = [confusionMatrix(evaluation), rocCurve(evaluation), ...curves]
  for (const { name, svg } of figures) await writeFileAtomic(join(folder, `${name}.svg`), svg)
}

function splitRows({ dataset, train, validation, test, purged }: Split): object[] {
  const rows = (part: string, indices: Part['indices']) => indices.map(index => {
    const { name, label, group } = dataset.items[index]
    return { image: name, class: dataset.labels[label], group, part }
  })
  return [
    ...rows('train', train.indices), ...rows('validation', validation.indices), ...rows('test', test.indices),
    ...rows('left out', purged),
  ]
}

function predictionRows({ predictions }: Evaluation, part: string): object[] {
  const { names, groups, labels, classes, probabilities } = predictions
  return names.map((image, row) => {
    const columns = classes.map((label, k) => [probabilityColumn(label), probabilities[row * classes.length + k]])
    return { image, group: groups[row], label: classes[labels[row]], part, ...Object.fromEntries(columns) }
  })
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFileAtomic(path, JSON.stringify(value, null, 2) + '\n')
}
