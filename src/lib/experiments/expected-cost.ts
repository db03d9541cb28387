/** How long runs will take and how much memory they will need, before they begin: from runs that were measured. */
import { mean } from 'd3-array'
import type { Dataset } from '../data/dataset'
import { release, tensor } from '../engine/engine'
import type { Width } from '../model/architecture'
import { stageCosts } from '../model/convolution-cost'
import { describeResNet50 } from '../model/resnet50-layers'
import { Network } from '../network/network'
import { resnet50 } from '../weights/resnet50'
import { trainingDepths, type ExperimentConfig, type NetworkConfig } from './config'
import { canonicalJson } from './identity'
import type { PlannedRun, RecordedRun } from './plan'
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

/** What a run is expected to cost. */
export interface ExpectedCost {
  seconds: number
  /** Bytes; null where no run like it has been measured. */
  memory: number | null
}

/** From what costs are expected. */
export interface CostSources {
  dataset: Dataset
  /** Threads that each run will have: time is taken to shrink as they grow. */
  threads: number
  measured: readonly MeasuredRun[]
  /** What a plan's table says of runs that it holds; with as many threads, as far as is known. */
  recorded: readonly RecordedRun[]
  /** Multiplications a second that training at a width does here: `measuredSpeed`, asked only where nothing is measured. */
  speed(width: Width): Promise<number>
}

/**
 * Expected costs of runs, in their order. Time: the mean of measured runs that differ in images of the same set and seed
 * only; else of recorded runs of the same kind; else an estimate from the network's multiplications. Memory: the most
 * that such a run needed; else the most that one with the same network, trained depth and batch did.
 * @param plan all runs of the plan, which say of which kind recorded ones are
 */
export async function expectedCosts(
  runs: readonly PlannedRun[], plan: readonly PlannedRun[], sources: CostSources,
): Promise<ExpectedCost[]> {
  const { dataset, threads, measured, recorded } = sources
  const kinds = new Map(plan.map(({ name, kind }) => [name, kind]))
  const costs: ExpectedCost[] = []
  for (const { kind, config } of runs) {
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

/** A baseline's fit, in seconds: any processor does it in a few. */
const baselineSeconds = 5

/** About how many seconds a run takes, from what its network costs. */
async function estimatedSeconds(
  config: ExperimentConfig, dataset: Dataset, speed: CostSources['speed'],
): Promise<number> {
  const { model } = config
  return model.kind === 'baseline' ? baselineSeconds : expectedSeconds(config, model, dataset, await speed(model.width))
}

/**
 * About how many seconds a network's run takes. A layer that trains costs three times its forward pass: gradients by its
 * inputs and by its kernels are as much again each.
 * @param speed multiplications a second, as `measuredSpeed` gives them
 */
export function expectedSeconds(
  config: ExperimentConfig, model: NetworkConfig, dataset: Dataset, speed: number,
): number {
  const costs = forwardCosts(model), images = dataset.items.length, learnt = images * trainingShare(config.split)
  const forward = total(costs), { preparation } = model
  // Each image in two views; a fractal as any image.
  const before = preparation?.kind === 'contrastive' ? preparation.epochs * learnt * 2 * 3 * forward
    : preparation?.kind === 'fractals' ? preparation.steps * 64 * 3 * forward : 0
  if (!config.training) return (before + images * forward) / speed + baselineSeconds
  const depthsBelow = trainingDepths.length - 1 - trainingDepths.indexOf(config.freezing)
  return (before + config.training.epochs * learnt * (forward + 2 * total(costs.slice(depthsBelow)))) / speed
}

const batch = 64, size = 64

/** Multiplications a second that training at a width does here, from two steps on empty images. */
export async function measuredSpeed(width: Width): Promise<number> {
  const model = await resnet50({ classes: ['a', 'b'], weights: 'none', width, size })
  const network = new Network(model, 'train')
  const images = tensor(new Float32Array(batch * size * size * 3), [batch, size, size, 3])
  const slope = tensor(new Float32Array(batch * 2).fill(1), [batch, 2])
  try {
    let seconds = 0
    // The first step also warms up.
    for (const step of [0, 1]) {
      const begun = performance.now()
      release(network.trainForward(images, { seed: 0, step }))
      for (const [, gradient] of network.backward(slope)) release(gradient)
      seconds = (performance.now() - begun) / 1000
    }
    return 3 * batch * total(forwardCosts({ width, size })) / seconds
  } finally {
    release(images, slope)
    network.close()
  }
}

/** Multiplications of each stage, for one image forward: stem, conv2, … conv5. */
function forwardCosts({ width, size }: Pick<NetworkConfig, 'width' | 'size'>): number[] {
  return stageCosts({ architecture: describeResNet50({ classes: 2, width, size }) }).map(stage => stage.multiplications)
}

function total(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0)
}
