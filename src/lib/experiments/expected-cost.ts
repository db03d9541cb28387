/** The time and the memory that runs are expected to take, from runs that were measured. */
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

/** The cost of a finished run. */
export interface MeasuredRun {
  config: ExperimentConfig
  /** SHA-256 of its images. */
  data: string
  seconds: number
  threads: number
  /** Bytes; null where they were not measured. */
  peakMemory: number | null
  /** Bytes of the finished run's folder. */
  disk: number
  /** Bytes of the folder with the run's checkpoints; null where they were not measured. */
  peakDisk: number | null
  /** Bytes read from files and written to them; null where they were not measured. */
  traffic: number | null
}

/** The costs of all finished runs. Folders that are damaged are left out. */
export async function measuredRuns(): Promise<MeasuredRun[]> {
  const runs = await Promise.all(runNames().map(name => readMeasurement(name).catch((fault: unknown) => {
    if (fault instanceof LabError) return null
    throw fault
  })))
  return runs.filter(run => run !== null)
}

/** The expected cost of a run. */
export interface ExpectedCost {
  seconds: number
  /** Bytes; null where no run like it has been measured. */
  memory: number | null
}

/** What was measured, from which costs are derived. */
export interface Measurements {
  datasetOf(config: ExperimentConfig): Promise<Dataset>
  /** Threads that each run will have. Time is assumed to be inversely proportional to threads. */
  threads: number
  measured: readonly MeasuredRun[]
  /** The plan's recorded runs. They are assumed to have had as many threads. */
  recorded: readonly RecordedRun[]
}

/** What expected costs are derived from. */
export interface CostSources extends Measurements {
  /** `measuredSpeed`: called only where no run of the kind was measured or recorded. */
  speed(width: Width): Promise<number>
}

/**
 * Expected costs of runs, in their order. The time is the mean of measured runs that differ only in the seed and in
 * which images of the set they learn from; without such runs, the mean of recorded runs of the same kind; without
 * those, an estimate from the network's multiplications. The memory is the highest peak of such measured runs; without
 * them, the highest peak of runs with the same network, trained depth and batch.
 * @param plan all runs of the plan: they give the kinds of the recorded runs
 */
export async function expectedCosts(
  runs: readonly PlannedRun[], plan: readonly PlannedRun[], sources: CostSources,
): Promise<ExpectedCost[]> {
  const measuredCosts = await measuredCostsOf(runs, plan, sources)
  const costs: ExpectedCost[] = []
  for (const [i, { config }] of runs.entries()) {
    const { seconds, memory } = measuredCosts[i]
    const estimate = async () => estimatedSeconds(config, await sources.datasetOf(config), sources.speed)
    costs.push({ seconds: seconds ?? await estimate(), memory })
  }
  return costs
}

/** The cost of a run as runs like it were measured; null where none was. */
export interface MeasuredCost {
  seconds: number | null
  /** Bytes at the peak. */
  memory: number | null
  /** Bytes of the finished run's folder. */
  disk: number | null
  /** Bytes of the folder with the run's checkpoints. */
  peakDisk: number | null
  /** Bytes read from files and written to them. */
  traffic: number | null
}

/** The costs of runs, in their order, from measured and recorded runs alone: see `expectedCosts`. */
export async function measuredCostsOf(
  runs: readonly PlannedRun[], plan: readonly PlannedRun[], { datasetOf, threads, measured, recorded }: Measurements,
): Promise<MeasuredCost[]> {
  const kinds = new Map(plan.map(({ name, kind }) => [name, kind]))
  const costs: MeasuredCost[] = []
  for (const { kind, config } of runs) {
    const { contentHash } = await datasetOf(config)
    const key = settingsKey(config)
    const alike = measured.filter(one => one.data === contentHash && settingsKey(one.config) === key)
    costs.push({
      seconds: mean(alike, one => one.seconds * one.threads / threads)
        ?? mean(recorded.filter(({ name }) => kinds.get(name) === kind), run => run.seconds) ?? null,
      memory: expectedMemory(config, measured), disk: mean(alike, one => one.disk) ?? null,
      peakDisk: mean(alike, one => one.peakDisk) ?? null, traffic: mean(alike, one => one.traffic) ?? null,
    })
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

/** All settings but the seed and the choice of images. */
function settingsKey({ split, seed: _, ...settings }: ExperimentConfig): string {
  return canonicalJson({ ...settings, share: trainingShare(split) })
}

/** The settings on which memory depends most. */
function memoryKey({ model, freezing, training, linearProbe }: ExperimentConfig): string {
  if (model.kind === 'baseline') return canonicalJson(model)
  const { width, size, head, preparation } = model
  return canonicalJson([width, size, head, preparation?.kind, freezing, training?.batch, linearProbe !== null])
}
