/** Learns as an experiment's config says, and evaluates: a network that trains, a linear probe, or a baseline. */
import { predictBaseline } from '../baselines/baselines'
import type { Split } from '../data/split/split'
import { countParameters } from '../model/parameter-count'
import { measurePredictions } from '../evaluation/evaluation'
import { evaluate } from '../inference/evaluate'
import { computeFeatures, fitProbe, type SplitFeatures } from '../training/linear-probe'
import { train } from '../training/train'
import type { ExperimentConfig, NetworkConfig } from './config'
import { frozenBelow } from './frozen-below'
import { checkpointIn, trainingProgress, type StepControl } from './progress'
import { startModel, type StartedModel } from './start-model'
import type { RunOutcome } from './write-run'

/** The features computed last. The next run of a plan often reads other stages of the same network. */
export class LatestFeatures {
  private latest: { key: string; found: FoundFeatures } | null = null

  /** The features under a key; `compute` makes them unless they were computed last. */
  async of(key: string, compute: () => Promise<FoundFeatures | null>): Promise<FoundFeatures | null> {
    if (this.latest?.key === key) return this.latest.found
    const found = await compute()
    if (found) this.latest = { key, found }
    return found
  }
}

interface FoundFeatures {
  features: SplitFeatures
  started: StartedModel
  /** Seconds of preparing the network and computing the features. */
  seconds: number
}

/**
 * @param featuresKey names the data, split, network and seed
 * @returns null where it was cancelled
 * @throws whatever `train` throws; the signal's reason
 */
export async function learn(
  config: ExperimentConfig, split: Split, control: StepControl, latest: LatestFeatures, featuresKey: string,
): Promise<RunOutcome | null> {
  const { model } = config
  if (model.kind === 'baseline') return learnBaseline(config, model.name, split)
  return config.linearProbe
    ? probe(config, model, config.linearProbe.stages, split, control, latest, featuresKey)
    : trainNetwork(config, model, split, control)
}

async function learnBaseline(config: ExperimentConfig, name: string, split: Split): Promise<RunOutcome> {
  const begun = performance.now()
  const evaluation = measurePredictions(await predictBaseline(name, judgedSplit(config, split)), positiveOf(config))
  const seconds = secondsSince(begun)
  return {
    evaluation, seconds, trainedParameters: null, history: [], contrastiveHistory: [], fractals: null,
    baselines: await compared(config, split),
  }
}

async function probe(
  config: ExperimentConfig, network: NetworkConfig, stages: NonNullable<ExperimentConfig['linearProbe']>['stages'],
  split: Split, control: StepControl, latest: LatestFeatures, key: string,
): Promise<RunOutcome | null> {
  const { signal } = control
  const found = await latest.of(key, async () => {
    const begun = performance.now()
    const started = await startModel(network, split, config.seed, control)
    if (!started) return null
    const features = await computeFeatures(started.model, split, { signal, onProgress: control.countOf('features') })
    return { features, started, seconds: secondsSince(begun) }
  })
  if (!found) return null
  const begun = performance.now()
  const fitted = fitProbe(found.features, stages)
  const seconds = found.seconds + secondsSince(begun)
  const predictions = config.evaluation.part === 'test' ? fitted.test().predictions : fitted.validation
  const { contrastiveHistory, fractals } = found.started
  return {
    evaluation: measurePredictions(predictions, positiveOf(config)), seconds,
    trainedParameters: fitted.trainedParameters, history: [], contrastiveHistory, fractals,
    baselines: await compared(config, split),
  }
}

async function trainNetwork(
  config: ExperimentConfig, network: NetworkConfig, split: Split, control: StepControl,
): Promise<RunOutcome | null> {
  const started = await startModel(network, split, config.seed, control)
  if (!started) return null
  const start = frozenBelow(started.model, config.freezing)
  const trained = await train(start, split, { ...config.training!, seed: config.seed }, {
    signal: control.signal, checkpoint: checkpointIn(control.folder, 'training'),
    onProgress: trainingProgress(control), onPreparing: control.countOf('what the frozen layers give'),
  })
  if (trained.stopped === 'cancelled') return null
  const { part, views } = config.evaluation
  const { contrastiveHistory, fractals } = started
  return {
    evaluation: await evaluate(trained.model, split[part], { views, ...positiveOf(config) }),
    seconds: started.seconds + trained.seconds, trainedParameters: countParameters(start).trainable,
    history: trained.history, contrastiveHistory, fractals, baselines: await compared(config, split),
  }
}

async function compared(config: ExperimentConfig, split: Split): Promise<RunOutcome['baselines']> {
  const rows: RunOutcome['baselines'] = []
  for (const name of config.evaluation.baselines) {
    const { accuracy, loss } = measurePredictions(await predictBaseline(name, judgedSplit(config, split)))
    rows.push({ name, accuracy, loss })
  }
  return rows
}

/** `predictBaseline` reads the test part: a split whose test part is the part that the config judges. */
function judgedSplit({ evaluation: { part } }: ExperimentConfig, split: Split): Split {
  return part === 'test' ? split : { ...split, test: split.validation }
}

function positiveOf({ evaluation: { positive } }: ExperimentConfig): { positive?: string } {
  return { positive }
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}
