/** A training run saved to disk, so that it can be resumed with the same bits. */
import { sum } from 'd3-array'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { engineIdentity } from '../engine/engine'
import { LabError, requireInRange } from '../system/errors'
import { remove } from '../system/files'
import { isThere, liesAt } from '../system/is-there'
import { notice } from '../system/notice'
import { otherVersion } from '../system/other-version'
import { requireKnownKeys } from '../system/options'
import { discard, removeAbandoned, renameFile } from '../system/replace'
import { temporaryBeside } from '../system/temporary-names'
import { inRoom } from '../system/room'
import type { Model } from '../model/model'
import { readTensorFile, writeTensorFile, type TensorFile } from '../weights/formats/tensor-file'
import { arraysToSave, DamagedCheckpoint, readArrays } from './checkpoint-arrays'
import type { Learner } from './learner'
import type { Saver } from './loop'

/** Increase when a checkpoint's content changes; older checkpoints are then refused. */
const checkpointVersion = 2

/** The last state that was saved, and the one before: should the last be damaged, the run goes on from there. */
const fileNames = { last: 'checkpoint.tensors', before: 'checkpoint-before.tensors' } as const

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

/** What a checkpoint holds of a run. */
interface SavedRun<State> {
  state: State
  values: ReadonlyMap<string, Float32Array>
  bestWeights: ReadonlyMap<string, Float32Array>
}

/** A run that can be saved between two steps. */
export interface ResumableRun<State> {
  /** Replaced when the run is resumed. */
  state: State
  readonly stateSchema: z.ZodType<State>
  readonly learner: Learner
  /** The best epoch's weights by name, where the run keeps them. */
  bestWeights: ReadonlyMap<string, Float32Array>
  /** Arrays of the names and lengths that `bestWeights` has in a state; empty where the run keeps none. */
  bestWeightsLike(state: State): ReadonlyMap<string, Float32Array>
  /** What in a saved state cannot be, in words, such as a step behind the epoch's end; null for a state that can. */
  findContradiction(state: State): string | null
  /** Names everything that decides the run's numbers: see `fingerprintOf`. */
  fingerprint(): string
}

/** Saves a run in a folder and resumes it from there. Without options it does nothing. */
export class Checkpoint<State extends { steps: number }> implements Saver {
  private readonly fingerprint: string
  /** False once a checkpoint could not be written. */
  private isSaved = true
  /** False while the last checkpoint is one from which the run could not go on. */
  private isLastWhole = true

  constructor(private readonly run: ResumableRun<State>, private readonly options: CheckpointOptions | undefined) {
    this.fingerprint = options ? run.fingerprint() : ''
  }

  /**
   * Continues the run from its last checkpoint, if the folder has one. If that one is damaged or cannot be read, the
   * run continues from the one before and says so.
   * @throws LabError 'bad-checkpoint' if no checkpoint is whole, or one belongs to another run; 'data-missing' if none
   *   can be read; 'other-version'
   */
  async resume(): Promise<void> {
    if (!this.options) return
    if (isThere(this.options.folder)) await removeAbandoned(this.options.folder).catch(() => {})
    const [path, before] = [this.path('last'), this.path('before')].filter(liesAt)
    if (path) this.goOnFrom(await this.read(path).catch(async (fault: unknown) => {
      if (!before || isForeign(fault)) throw fault
      notice(`The last checkpoint is damaged: ${fault instanceof LabError ? fault.received : String(fault)}. `
        + 'The run goes on from the one before.')
      const whole = await this.read(before)
      // Else the next checkpoint would put the damaged one in the place of the whole one.
      this.isLastWhole = false
      await discard(path)
      return whole
    }))
  }

  private goOnFrom({ state, values, bestWeights }: SavedRun<State>): void {
    const { run } = this
    run.learner.resume(name => values.get(name)!, state.steps)
    run.state = state
    run.bestWeights = bestWeights
  }

  private async read(path: string): Promise<SavedRun<State>> {
    const { tensors, meta } = await readTensorFile(path).catch((fault: unknown) => {
      if (!(fault instanceof LabError) || fault.code !== 'bad-tensor-file') throw fault
      throw new DamagedCheckpoint(fault.expected, fault.received)
    })
    this.requireSameRun(meta)
    const { run } = this
    const parsed = run.stateSchema.safeParse(meta.state)
    if (!parsed.success) {
      const [{ path: keys, message }] = parsed.error.issues
      throw new DamagedCheckpoint(`the state of a run in ${path}`, `${keys.join('.')}: ${message}`)
    }
    const contradiction = run.findContradiction(parsed.data)
    if (contradiction !== null) throw new DamagedCheckpoint(`the state of a run in ${path}`, contradiction)
    const like = run.bestWeightsLike(parsed.data)
    return { state: parsed.data, ...readArrays(tensors, run.learner.variables(), like, path) }
  }

  /**
   * Makes a checkpoint; the last one becomes the one before. If writing fails, both remain as they were. If only the
   * last of all steps fails, the renaming of the new one, the run goes on from the one that was the last until then.
   */
  async save(): Promise<void> {
    if (!this.options) return
    const { learner, bestWeights, state } = this.run
    const tensors = arraysToSave(learner.variables(), bestWeights)
    const meta = { version: checkpointVersion, fingerprint: this.fingerprint, state: withNamedNumbers(state) }
    const path = this.path('last'), next = temporaryBeside(path)
    const need = () => ({ bytes: 4 * sum(tensors.values(), ({ values }) => values.length), what: 'a checkpoint' })
    try {
      await inRoom(this.options.folder, need, () => writeTensorFile(next, { tensors, meta }))
      // A process that ends between the two renames leaves the one before, from which the run goes on.
      if (this.isLastWhole && liesAt(path)) await renameFile(path, this.path('before'))
      await renameFile(next, path)
      this.isLastWhole = true
    } catch (fault) {
      await remove(next).catch(() => {})
      throw fault
    }
  }

  /** A run that cannot be saved goes on and says so: its result matters more than the chance to resume it. */
  async saveIfPossible(): Promise<void> {
    try {
      await this.save()
    } catch (fault) {
      // 'data-missing': the disk does not tell what lies there.
      if (!(fault instanceof LabError) || (fault.code !== 'write-failed' && fault.code !== 'data-missing')) throw fault
      if (this.isSaved) notice(`This run goes on, but it cannot be saved: ${fault.message}`)
      this.isSaved = false
    }
  }

  async saveWhenDue(): Promise<void> {
    const everySteps = this.options?.everySteps
    if (everySteps && this.run.state.steps % everySteps === 0) await this.saveIfPossible()
  }

  private path(which: keyof typeof fileNames): string {
    return join(this.options!.folder, fileNames[which])
  }

  private requireSameRun({ version, fingerprint }: TensorFile['meta']): void {
    const { folder } = this.options!
    if (version !== checkpointVersion)
      throw otherVersion(`the checkpoint in ${folder}`, version, checkpointVersion, 'Delete it to start afresh, or choose another folder')
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
 * A figure of an epoch in a checkpoint, 0 or more. JSON has no word for numbers that are not finite, such as the loss
 * of a network whose scores have overflowed: a checkpoint stores their names.
 */
export const savedFigure = z.union([z.number().min(0), z.enum(['NaN', 'Infinity']).transform(Number)])

/** A share of an epoch's images in a checkpoint, 0 to 1. */
export const savedShare = z.union([z.number().min(0).max(1), z.literal('NaN').transform(Number)])

function withNamedNumbers(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))
}

/** Whether a whole checkpoint was refused, because it is another run's or another version's. */
function isForeign(fault: unknown): boolean {
  return fault instanceof LabError && !(fault instanceof DamagedCheckpoint)
    && (fault.code === 'bad-checkpoint' || fault.code === 'other-version')
}
