/** A training run saved to disk, so that it can be resumed with the same bits. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { engineIdentity } from '../engine/engine'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { Model } from '../model/model'
import { readTensorFile, writeTensorFile, type TensorFile, type Values } from '../weights/formats/tensor-file'
import type { Learner } from './learner'
import type { Saver } from './loop'

/** Increase when a checkpoint's content changes; older checkpoints are then refused. */
const checkpointVersion = 2

const fileName = 'checkpoint.tensors'

/** Where and how often a run is saved. */
export interface CheckpointOptions {
  folder: string
  /** Saves after so many steps, beside each epoch's end. Default: at epochs' ends only. */
  everySteps?: number
}

/** @throws LabError 'bad-argument' naming the option that is unknown or out of range */
export function checkCheckpoint(options: CheckpointOptions | undefined): void {
  requireKnownKeys('checkpoint', options, { folder: true, everySteps: true })
  if (options === undefined) return
  if (typeof options.folder !== 'string' || options.folder === '')
    throw new LabError('bad-argument', {
      expected: 'checkpoint.folder to be the path of a folder', received: String(options.folder),
      remedy: "Write checkpoint: { folder: 'PATH' }",
    })
  if (options.everySteps !== undefined) requireInRange('checkpoint.everySteps', options.everySteps, { low: 1, whole: true })
}

/** A run that can be saved between two steps. */
export interface ResumableRun<State> {
  /** Replaced when the run is resumed. */
  state: State
  readonly stateSchema: z.ZodType<State>
  readonly learner: Learner
  /** The best epoch's weights by name, where the run keeps them. */
  bestWeights: ReadonlyMap<string, Float32Array>
  /** Names everything that decides the run's numbers: see `fingerprintOf`. */
  fingerprint(): string
}

/** Saves a run in a folder and resumes it from there. Without options it does nothing. */
export class Checkpoint<State extends { steps: number }> implements Saver {
  private readonly fingerprint: string

  constructor(private readonly run: ResumableRun<State>, private readonly options: CheckpointOptions | undefined) {
    this.fingerprint = options ? run.fingerprint() : ''
  }

  /**
   * Continues the run from its checkpoint, if the folder has one.
   * @throws LabError 'bad-checkpoint' if the checkpoint is damaged, or belongs to another run or another version
   */
  async resume(): Promise<void> {
    if (!this.options || !existsSync(this.path)) return
    const { tensors, meta } = await readTensorFile(this.path).catch((fault: unknown) => {
      if (!(fault instanceof LabError) || fault.code !== 'bad-tensor-file') throw fault
      throw damaged(fault.expected, fault.received)
    })
    this.requireSameRun(meta)
    const { run } = this
    const parsed = run.stateSchema.safeParse(meta.state)
    if (!parsed.success) {
      const [{ path, message }] = parsed.error.issues
      throw damaged(`the state of a run in ${this.path}`, `${path.join('.')}: ${message}`)
    }
    run.learner.resume(name => {
      const saved = tensors.get(`variable:${name}`)
      if (!saved) throw damaged(`an array ${name} in ${this.path}`, 'none')
      return saved.values
    }, parsed.data.steps)
    run.state = parsed.data
    run.bestWeights = bestWeightsIn(tensors)
  }

  /** Replaces the run's checkpoint. If writing fails, the old one remains. */
  async save(): Promise<void> {
    if (!this.options) return
    const { learner, bestWeights, state } = this.run
    const tensors = new Map<string, Values>()
    for (const variable of learner.variables())
      tensors.set(`variable:${variable.name}`, { shape: variable.shape, values: variable.numbers() })
    for (const [name, values] of bestWeights) tensors.set(`best:${name}`, { shape: [values.length], values })
    const meta = { version: checkpointVersion, fingerprint: this.fingerprint, state: withNamedNumbers(state) }
    await writeTensorFile(this.path, { tensors, meta })
  }

  async saveWhenDue(): Promise<void> {
    const everySteps = this.options?.everySteps
    if (everySteps && this.run.state.steps % everySteps === 0) await this.save()
  }

  private get path(): string {
    return join(this.options!.folder, fileName)
  }

  private requireSameRun({ version, fingerprint }: TensorFile['meta']): void {
    const { folder } = this.options!
    if (version !== checkpointVersion)
      throw new LabError('bad-checkpoint', {
        expected: `a checkpoint of this version of the program in ${folder}`, received: 'one of another version',
        remedy: 'Delete it to start afresh, or choose another folder',
      })
    if (fingerprint !== this.fingerprint)
      throw new LabError('bad-checkpoint', {
        expected: `a checkpoint of this run in ${folder}`,
        received: 'one made with another model, data set, split, configuration, engine or number of threads',
        remedy: 'Choose another folder, or delete this one to start afresh',
      })
  }
}

/**
 * A hash of everything that decides a run's numbers: the model, the engine, and the settings.
 * @param settings as JSON holds them: the configuration, and what names the data
 */
export function fingerprintOf({ architecture, frozen, preprocessing, weights }: Model, settings: unknown[]): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([settings, architecture, [...frozen], preprocessing, engineIdentity()]))
  for (const values of weights.values()) hash.update(values)
  return hash.digest('hex')
}

/**
 * A figure of an epoch in a checkpoint. JSON has no word for numbers that are not finite, such as the loss of a network
 * whose scores have overflowed: a checkpoint stores their names.
 */
export const savedFigure = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)])

function withNamedNumbers(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))
}

function bestWeightsIn(tensors: TensorFile['tensors']): Map<string, Float32Array> {
  return new Map([...tensors].filter(([name]) => name.startsWith('best:'))
    .map(([name, { values }]) => [name.slice('best:'.length), values]))
}

function damaged(expected: string, received: string): LabError {
  return new LabError('bad-checkpoint', { expected, received, remedy: 'Delete this file to start afresh' })
}
