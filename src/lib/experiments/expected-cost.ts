/** How long runs will take and how much memory they will need, before they begin: from runs that were measured. */
import { mean } from 'd3-array'
import type { Dataset } from '../data/dataset'
import type { Width } from '../model/architecture'
import { LabError } from '../system/errors'
import type { ExperimentConfig } from './config'
import { estimatedSeconds } from './estimated-time'
import { canonicalJson } from './identity'
import type { PlannedRun, RecordedRun } from './plan'
import { readMeasurement, runNames } from './run-folder'
import { trainingShare } from './split'

/** A finished run, as far as its cost is concerned. */
export interface MeasuredRun {
  config: ExperimentConfig
  /** SHA-256 of its images. */
  data: string
  seconds: number
  threads: number
  /** Bytes; null where they were not measured. */
  peakMemory: number | null
}

/** What the folders of all finished runs tell of their cost; a folder that cannot be read tells nothing. */
export async function measuredRuns(): Promise<MeasuredRun[]> {
  const runs = await Promise.all(runNames().map(name => readMeasurement(name).catch((fault: unknown) => {
    if (fault instanceof LabError) return null
    throw fault
  })))
  return runs.filter(run => run !== null)
}

/** What a run is expected to cost. */
export interface ExpectedCost {
  seconds: number
  /** Bytes; null where no run like it has been measured. */
  memory: number | null
}

/** From what costs are expected. */
export interface CostSources {
  datasetOf(config: ExperimentConfig): Promise<Dataset>
  /** Threads that each run will have: time is taken to shrink as they grow. */
  threads: number
  measured: readonly MeasuredRun[]
  /** What a plan's table says of runs that it holds; with as many threads, as far as is known. */
  recorded: readonly RecordedRun[]
  /** Multiplications a second that training at a width does here: `measuredSpeed`, asked only where nothing is measured. */
  speed(width: Width): Promise<number>
}

/**
 * Expected costs of runs, in their order. Time: the mean of measured runs that differ in images of the same set and
 * seed only; else of recorded runs of the same kind; else an estimate from the network's multiplications. Memory: the
 * most that such a run needed; else the most that one with the same network, trained depth and batch did.
 * @param plan all runs of the plan, which say of which kind recorded ones are
 */
export async function expectedCosts(
  runs: readonly PlannedRun[], plan: readonly PlannedRun[], sources: CostSources,
): Promise<ExpectedCost[]> {
  const { threads, measured, recorded } = sources
  const kinds = new Map(plan.map(({ name, kind }) => [name, kind]))
  const costs: ExpectedCost[] = []
  for (const { kind, config } of runs) {
    const dataset = await sources.datasetOf(config)
    const alike = measured.filter(one => one.data === dataset.contentHash && settingsKey(one.config) === settingsKey(config))
    const seconds = mean(alike, one => one.seconds * one.threads / threads)
      ?? mean(recorded.filter(({ name }) => kinds.get(name) === kind), run => run.seconds)
      ?? await estimatedSeconds(config, dataset, sources.speed)
    costs.push({ seconds, memory: expectedMemory(config, measured) })
  }
  return costs
}

function expectedMemory(config: ExperimentConfig, measured: readonly MeasuredRun[]): number | null {
  for (const key of [settingsKey, memoryKey]) {
    const peaks = measured.filter(one => key(one.config) === key(config)).flatMap(one => one.peakMemory ?? [])
    if (peaks.length) return Math.max(...peaks)
  }
  return null
}

/** All settings but which images of the set are learnt from, and the seed. */
function settingsKey({ split, seed: _, ...settings }: ExperimentConfig): string {
  return canonicalJson({ ...settings, share: trainingShare(split) })
}

/** The settings on which memory depends most. */
function memoryKey({ model, freezing, training, linearProbe }: ExperimentConfig): string {
  if (model.kind === 'baseline') return canonicalJson(model)
  const { width, size, head, preparation } = model
  return canonicalJson([width, size, head, preparation?.kind, freezing, training?.batch, linearProbe !== null])
}
