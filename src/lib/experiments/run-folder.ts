/**
 * A run's folder, results/runs/NAME: config.json, environment.json, split.csv, history.csv, predictions.csv,
 * metrics.json, figures/, and checkpoint/ until the run has ended. A run is finished when metrics.json is there, which
 * is written last. The folders are the only record of which runs exist.
 */
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import type { EpochRecord } from '../training/config'
import { probabilityColumn } from '../display/prediction-tables'
import { measurePredictions, type Evaluation } from '../evaluation/evaluation'
import type { Predictions } from '../evaluation/predictions'
import { LabError, damagedFile, nearest } from '../system/errors'
import { remove } from '../system/files'
import { isThere, namesIn } from '../system/is-there'
import { readJson } from '../system/json'
import { lockHolder } from '../system/lock.mjs'
import { inProject } from '../system/project-root'
import type { ContrastiveRecord } from '../training/contrastive/config'
import { experimentSchema, type ExperimentConfig } from './config'
import { environmentSchema, type RunEnvironment } from './environment'
import { folderSize } from './file-traffic'
import { contrastiveEpochSchema, epochSchema } from './history'
import { metricsSchema, type RunMetrics } from './metrics'
import { figure, readRows } from './results-file'
import { recordOf } from '../system/json-parts'

/** Everything that a finished run's folder holds. */
export interface FinishedRun {
  name: string
  folder: string
  config: ExperimentConfig
  environment: RunEnvironment
  /** One row an epoch; empty for baselines and linear probes. */
  history: EpochRecord[]
  /** Epochs of contrastive pre-training; empty where there was none. */
  contrastiveHistory: ContrastiveRecord[]
  /** The evaluation of the judged part, computed from predictions.csv. */
  evaluation: Evaluation
  metrics: RunMetrics
}

/** The names of files in a run's folder. */
export const runFiles = {
  config: 'config.json', environment: 'environment.json', split: 'split.csv', history: 'history.csv',
  contrastiveHistory: 'contrastive-history.csv', predictions: 'predictions.csv', metrics: 'metrics.json',
  figures: 'figures', checkpoint: 'checkpoint', lock: 'running.lock',
} as const

/** The folder of all runs: results/runs, or the folder in the environment variable LAB_RUNS_FOLDER (for tests). */
export function runsFolder(): string {
  return process.env.LAB_RUNS_FOLDER ? resolve(process.env.LAB_RUNS_FOLDER) : inProject('results', 'runs')
}

/** The folder of the run of this name. */
export function runFolder(name: string): string {
  return join(runsFolder(), name)
}

export function isFinished(folder: string): boolean {
  return isThere(join(folder, runFiles.metrics))
}

/** Whether a living process is carrying the run out. */
export function isUnderWay(folder: string): boolean {
  return lockHolder(join(folder, runFiles.lock)) !== null
}

/** The names of all runs, finished or not, in alphabetical order. */
export function runNames(): string[] {
  const folder = runsFolder()
  return namesIn(folder).filter(name => isThere(join(folder, name, runFiles.config))).sort()
}

/** @throws LabError 'bad-argument' with the nearest names where there is no such run */
export function requireRun(name: string): string {
  const names = runNames()
  if (names.includes(name)) return runFolder(name)
  throw new LabError('bad-argument', {
    expected: 'the name of a run', received: `'${name}'`,
    remedy: names.length ? `Nearest: ${nearest(name, names, 1)[0]}` : 'There are no runs yet',
  })
}

/** @throws LabError 'data-missing', 'damaged-file' */
export function readConfig(folder: string): Promise<ExperimentConfig> {
  return readJson(join(folder, runFiles.config), experimentSchema)
}

/** The environment of a run, finished or not; null where it has not been written yet. */
export async function readEnvironment(folder: string): Promise<RunEnvironment | null> {
  const path = join(folder, runFiles.environment)
  return isThere(path) ? readJson(path, environmentSchema) : null
}

/** @throws LabError 'data-missing' where the run is not finished; 'damaged-file' */
export function readMetrics(folder: string): Promise<RunMetrics> {
  return readJson(join(folder, runFiles.metrics), metricsSchema)
}

/** Reads a finished run back. @throws LabError 'data-missing' where it is not finished; 'damaged-file' */
export async function readRun(name: string): Promise<FinishedRun> {
  const folder = requireRun(name)
  const metrics = await readMetrics(folder)
  const config = await readConfig(folder)
  const environment = await readJson(join(folder, runFiles.environment), environmentSchema)
  // What the run named as positive, or its data set did; null where neither named a class.
  const positive = metrics.positive ?? undefined
  return {
    name, folder, config, environment, metrics,
    history: await readRows(join(folder, runFiles.history), epochSchema, []),
    contrastiveHistory: await readRows(join(folder, runFiles.contrastiveHistory), contrastiveEpochSchema, []),
    evaluation: measurePredictions({ ...await readPredictions(folder, environment), ...(positive && { positive }) }),
  }
}

/** The cost of a finished run. @throws LabError 'data-missing' where it is not finished; 'damaged-file' */
export async function readMeasurement(name: string) {
  const folder = requireRun(name)
  const config = await readConfig(folder)
  const environment = await readJson(join(folder, runFiles.environment), environmentSchema)
  if (!isFinished(folder))
    throw new LabError('data-missing', { expected: `${name} to be finished`, received: 'no metrics', remedy: 'Run it again' })
  const { data, seconds, threads, peakMemory, peakDisk, traffic } = environment
  return { config, data: data.hash, seconds, threads, peakMemory, disk: await folderSize(folder), peakDisk, traffic }
}

/** Removes a run. @throws LabError 'bad-argument' where it is under way */
export async function removeRun(name: string): Promise<void> {
  const folder = requireRun(name)
  if (isUnderWay(folder))
    throw new LabError('bad-argument', {
      expected: 'a run that no process is carrying out', received: name, remedy: 'Stop the run first: Ctrl-C saves it',
    })
  await remove(folder)
}

const predictionSchema = recordOf(z.union([z.string(), figure]))

async function readPredictions(folder: string, { data: { labels, grouping } }: RunEnvironment): Promise<Predictions> {
  const path = join(folder, runFiles.predictions)
  const rows = await readRows(path, predictionSchema, ['image', 'group', 'label', 'part'])
  const probabilities = Float32Array.from(rows.flatMap(row =>
    labels.map(label => Number(row[probabilityColumn(label)]))))
  const numbers = Int32Array.from(rows, ({ label }) => labels.indexOf(String(label)))
  if (!rows.length || numbers.includes(-1) || probabilities.some(value => !(value >= 0 && value <= 1)))
    throw damagedFile(path, 'an unknown label, or a probability outside 0 to 1', `Remove the run: npm run runs -- remove ${basename(folder)}`)
  return {
    probabilities, labels: numbers, classes: labels, grouping, names: rows.map(({ image }) => String(image)),
    groups: rows.map(({ group }) => (group ? String(group) : null)),
  }
}
