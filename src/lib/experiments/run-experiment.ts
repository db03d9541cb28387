/** One experiment: from a config to a run folder, which holds all results. */
import { join } from 'node:path'
import type { Dataset } from '../data/dataset'
import { openDataset } from '../data/registry'
import type { Split } from '../data/split/split'
import { damagedFile, LabError, requireOneOf } from '../system/errors'
import { LockBusy } from '../system/lock.mjs'
import { locked } from '../system/locked'
import { completeExperiment, type ExperimentConfig, type ExperimentSettings } from './config'
import { describeEnvironment, type RunEnvironment } from './environment'
import { canonicalJson, runIdentity, type RunIdentity } from './identity'
import { fileTraffic } from './file-traffic'
import { LatestFeatures, learn } from './learn'
import { watchMemory } from './peak-memory'
import type { RunProgress, StepControl } from './progress'
import { isFinished, readEnvironment, readRun, runFiles, runFolder, type FinishedRun } from './run-folder'
import { splitOf } from './split'
import { writeEnd, writeEnvironment, writeStart, type RunOutcome } from './write-run'

/** How a run is watched and stopped. None of this changes a result. */
export interface ExperimentControl {
  onProgress?(progress: RunProgress): void
  /** Ends the run after the step under way. Its checkpoint stays: the same config goes on from there. */
  signal?: AbortSignal
  /** What successive runs share. Default: a new session. */
  session?: ExperimentSession
  /**
   * What to do while another process carries the same run out: refuse, the default; or wait, tell so as progress, and
   * then read what that process has finished, or go on from its checkpoint.
   */
  whenUnderWay?: 'refuse' | 'wait'
}

/** What successive runs share: the open data set, and the features computed last. */
export class ExperimentSession {
  readonly features = new LatestFeatures()
  private opened: { key: string; dataset: Promise<Dataset> } | null = null

  /** @param open data sets that are open already; configs without settings of the data find them by name */
  constructor(private readonly open: readonly Dataset[] = []) {}

  /** The data set of a config. @throws LabError 'unknown-data-set', 'data-missing' */
  dataset({ data }: Pick<ExperimentConfig, 'data'>): Promise<Dataset> {
    const found = data.phantom ? undefined : this.open.find(({ name }) => name === data.name)
    if (found) return Promise.resolve(found)
    const key = canonicalJson(data)
    if (this.opened?.key !== key) this.opened = { key, dataset: openDataset(data.name, { phantom: data.phantom }) }
    return this.opened.dataset
  }

  /** The finished run of an experiment; null where there is none. */
  async finished(config: ExperimentConfig): Promise<FinishedRun | null> {
    const { name } = await runIdentity(config, await this.dataset(config))
    return isFinished(runFolder(name)) ? readRun(name) : null
  }
}

/**
 * Carries an experiment out and writes its run folder. If the same experiment (config, images, start weights) has been
 * finished before, its results are read and nothing is computed. If the run was interrupted, it goes on from its
 * checkpoint.
 * @returns null where the run was cancelled
 * @throws LabError 'bad-argument' for an invalid config, or where another process is carrying the same run out;
 *   'bad-checkpoint' where the run began with another engine or number of threads; whatever `train` throws
 * @example
 * const run = await runExperiment({
 *   data: { name: 'phantom' }, split: { kind: 'group', validation: 0.2, test: 0.2 },
 *   model: { kind: 'resnet50', weights: 'fractal' }, freezing: 'head', training: presets.quick.train,
 * })
 */
export async function runExperiment(
  settings: ExperimentSettings, control: ExperimentControl = {},
): Promise<FinishedRun | null> {
  const { signal, session = new ExperimentSession(), whenUnderWay = 'refuse' } = control
  const config = completeExperiment(settings)
  if (signal?.aborted) return null
  const dataset = await session.dataset(config)
  const identity = await runIdentity(config, dataset)
  const { name } = identity
  const result = () => isFinished(runFolder(name)) ? readSameRun(name, config) : null
  if (isFinished(runFolder(name))) return result()
  // Before the run's folder is made: where the config does not fit the data set, nothing is left behind.
  const split = splitOf(dataset, config.split)
  requirePositive(config, dataset)
  const work = async () => {
    // Another process may have finished the run in the meantime.
    if (!isFinished(runFolder(name))) await carryOut(config, split, identity, { ...control, session })
    return result()
  }
  const busy = whenUnderWay === 'refuse' ? { onBusy: 'refuse' } as const :
    { onBusy: 'wait', purpose: 'carrying this run out' } as const
  const say = (line: string) => control.onProgress?.({ note: line.trim(), share: 0, milestone: true })
  return locked(join(runFolder(name), runFiles.lock), work, { ...busy, signal, say }).catch((fault: unknown) => {
    if (signal?.aborted && fault === signal.reason) return null
    throw fault instanceof LockBusy ? underWay(name, fault) : fault
  })
}

/** @throws LabError 'damaged-file' where the folder of this name holds another experiment's run */
async function readSameRun(name: string, config: ExperimentConfig): Promise<FinishedRun> {
  const run = await readRun(name)
  if (canonicalJson(run.config) === canonicalJson(config)) return run
  throw damagedFile(join(run.folder, runFiles.config), 'a config that does not belong to the folder’s name',
    `Remove the run: npm run runs -- remove ${name}`)
}

/** Refuses an unknown positive class now, and not after the training. @throws LabError 'bad-argument' */
function requirePositive({ evaluation: { positive } }: ExperimentConfig, { labels }: Dataset): void {
  if (positive !== undefined) requireOneOf('evaluation.positive', positive, labels)
}

function underWay(name: string, { process, host }: LockBusy): LabError {
  return new LabError('bad-argument', {
    expected: `${name} to be carried out by one process at a time`,
    received: `process ${process} on ${host}, which is doing so`,
    remedy: 'Wait for that process, or stop it: Ctrl-C saves the run',
  })
}

async function carryOut(
  config: ExperimentConfig, split: Split, identity: RunIdentity,
  { signal, onProgress, session }: ExperimentControl & { session: ExperimentSession },
): Promise<void> {
  const folder = runFolder(identity.name)
  const memory = watchMemory(), begun = performance.now(), trafficBefore = fileTraffic()
  const environment = { ...await describeEnvironment(split.dataset, identity), ...await earlierSessions(folder) }
  await writeStart(folder, config, environment, split)
  const tell = (progress: RunProgress) => {
    memory.look()
    onProgress?.(progress)
  }
  const control: StepControl = {
    signal, folder: join(folder, runFiles.checkpoint), onProgress: tell,
    countOf: note => (done, count) => tell({ note, share: done / count, milestone: done === count }),
  }
  try {
    const outcome = await unlessCancelled(
      () => learn(config, split, control, session.features, featuresKey(config, identity)), identity.name, signal)
    const ended: RunEnvironment = {
      ...environment, seconds: environment.seconds + (performance.now() - begun) / 1000,
      peakMemory: Math.max(environment.peakMemory ?? 0, memory.peak()),
      traffic: added(environment, trafficBefore),
    }
    await (outcome ? writeEnd(folder, config, ended, outcome) : writeEnvironment(folder, ended))
  } finally {
    memory.stop()
  }
}

/** The cost of the earlier sessions of a run that goes on. */
async function earlierSessions(
  folder: string,
): Promise<Pick<RunEnvironment, 'started' | 'seconds' | 'peakMemory' | 'traffic'> | undefined> {
  const before = await readEnvironment(folder)
  if (!before) return undefined
  const { started, seconds, peakMemory, traffic } = before
  return { started, seconds, peakMemory, traffic }
}

/** The traffic of the earlier sessions and of this one. @param before the process's traffic when the session began */
function added({ seconds, traffic }: RunEnvironment, before: number | null): number | null {
  const now = fileTraffic()
  const unknown = now === null || before === null || (traffic === null && seconds > 0)
  return unknown ? null : (traffic ?? 0) + now - before
}

/** The outcome of the work; null where the signal ended the work. */
async function unlessCancelled(
  work: () => Promise<RunOutcome | null>, name: string, signal?: AbortSignal,
): Promise<RunOutcome | null> {
  try {
    return await work()
  } catch (fault) {
    if (signal?.aborted && fault === signal.reason) return null
    const isCheckpoint = fault instanceof LabError && (fault.code === 'bad-checkpoint'
      || (fault.code === 'other-version' && fault.expected.includes('checkpoint')))
    if (!isCheckpoint) throw fault
    const { code, expected, received } = fault
    throw new LabError(code, {
      expected, received,
      remedy: 'Use the version, the engine and the threads of the run’s first session, or start again: '
        + `npm run runs -- remove ${name}`,
    })
  }
}

/** Names everything that decides the features that a linear probe reads. */
function featuresKey({ split, model, seed }: ExperimentConfig, { data, weights }: RunIdentity): string {
  return canonicalJson({ split, model, seed, data, weights })
}
