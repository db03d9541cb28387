/**
 * The loop of every training run: epochs of steps, which can be watched, stopped, saved and resumed.
 *
 * Supervised training, contrastive training and watched runs go through this loop. A `TrainingTask` says what they
 * differ in: the batches of an epoch, one step, and the figures of an epoch.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { release, type Tensor } from '../engine/engine'
import { LabError } from '../system/errors'

const count = z.int().min(0)

/** The part of a run's state that the loop changes. A task adds its own sums and its history. */
export const loopState = z.object({
  /** Finished epochs. */
  epoch: count,
  /** Finished steps of the current epoch. */
  step: count,
  /** Finished steps of all epochs. */
  steps: count,
  /** Seconds spent in finished epochs. */
  seconds: z.number().min(0),
  /** Seconds spent in the current epoch. */
  epochSeconds: z.number().min(0),
})

export type LoopState = z.infer<typeof loopState>

/** The state of a run that begins. */
export function firstState(): LoopState {
  return { epoch: 0, step: 0, steps: 0, seconds: 0, epochSeconds: 0 }
}

/** @typeParam Figures what a task measures in each epoch */
export interface TrainingState<Figures> extends LoopState {
  history: (Figures & { epoch: number; seconds: number })[]
}

/** What the kinds of training differ in. */
export interface TrainingTask<Figures, Batch extends { input: Tensor }> {
  /** How many epochs the run has. */
  readonly epochs: number
  readonly state: TrainingState<Figures>
  /** The remaining batches of the current epoch, in order. The loop releases their inputs. */
  batches(): AsyncIterable<Batch> | Iterable<Batch>
  /** Trains on one batch. @returns the batch's mean loss before the step; where it is not finite, the run ends */
  step(batch: Batch): number
  /** Measures the epoch whose last step is done. Sums of the epoch start at zero again. */
  closeEpoch(): Figures | Promise<Figures>
  /** Whether the run should stop early. */
  isOutOfPatience(): boolean
  /** Tells the caller about the run's progress: after each step and after each epoch. */
  report(): void
}

/** Where the loop saves a run. */
export interface Saver {
  /** Saves the run, or throws. */
  save(): Promise<void>
  /** Saves the run where the disk allows; a run that cannot be saved goes on. */
  saveIfPossible(): Promise<void>
  /** The same, if enough steps have been taken since the last time. */
  saveWhenDue(): Promise<void>
}

export interface LoopControl {
  /** Stops the run after the current step. */
  signal?: AbortSignal
  /** Default: the run is not saved. */
  saver?: Saver
}

/** How a run ended. 'diverged': its loss was no longer a finite number; nothing is saved. */
export type Ending = 'finished' | 'early' | 'cancelled' | 'diverged'

const noSaver: Saver = { save: async () => {}, saveIfPossible: async () => {}, saveWhenDue: async () => {} }

/** Trains from the task's state on to the end of the run. */
export async function runTraining<Figures, Batch extends { input: Tensor }>(
  task: TrainingTask<Figures, Batch>, { signal, saver = noSaver }: LoopControl = {},
): Promise<Ending> {
  const { state } = task
  try {
    // Also checked before the first epoch: a resumed run may already be finished.
    while (state.epoch < task.epochs && !task.isOutOfPatience()) {
      let started = performance.now()
      for await (const batch of task.batches()) {
        try {
          signal?.throwIfAborted()
          if (!Number.isFinite(task.step(batch))) return 'diverged'
        } finally {
          release(batch.input)
        }
        state.step++
        state.steps++
        state.epochSeconds += secondsSince(started)
        task.report()
        await saver.saveWhenDue()
        // The engine blocks while it computes: progress displays and interrupts get their turn here.
        await nextTurn()
        started = performance.now()
      }
      const figures = await task.closeEpoch()
      const seconds = state.epochSeconds + secondsSince(started)
      state.history.push({ epoch: ++state.epoch, ...figures, seconds })
      Object.assign(state, { step: 0, epochSeconds: 0, seconds: state.seconds + seconds })
      await saver.saveIfPossible()
      task.report()
    }
    return task.isOutOfPatience() ? 'early' : 'finished'
  } catch (fault) {
    if (!signal?.aborted || fault !== signal.reason) throw fault
    await saver.save()
    return 'cancelled'
  }
}

/** The numbers of a progress report that all kinds of training share. Epochs and steps count from 1. */
export function positionIn({ epochs, state }: { epochs: number; state: LoopState }, stepsPerEpoch: number) {
  const { epoch, step, seconds, epochSeconds } = state
  // Between two epochs the report is about the one that has just ended.
  const position = step === 0 ? { epoch, step: stepsPerEpoch } : { epoch: epoch + 1, step }
  return { ...position, epochs, steps: stepsPerEpoch, seconds: seconds + epochSeconds }
}

/**
 * What in a saved state of the loop cannot be, in words; null for a state that can.
 * @param run how many epochs the run has, and how many steps an epoch has
 */
export function findContradiction(
  { epoch, step, steps, history }: TrainingState<unknown>, run: { epochs: number; stepsPerEpoch: number },
): string | null {
  if (epoch > run.epochs) return `epoch ${epoch} of ${run.epochs}`
  if (step > run.stepsPerEpoch) return `step ${step} of ${run.stepsPerEpoch}`
  if (steps !== epoch * run.stepsPerEpoch + step) return `${steps} steps in ${epoch} epochs of ${run.stepsPerEpoch} steps and ${step} more`
  const epochs = history.map(record => record.epoch)
  return epochs.every((number, i) => number === i + 1) && epochs.length === epoch ? null
    : `records of the epochs ${epochs.join(', ') || '–'} after ${epoch} epochs`
}

/** The error for a run that diverged. @param step from 1 @param loss which one: 'loss', 'validation loss' */
export function divergence(step: number, loss = 'loss'): LabError {
  return new LabError('engine-failed', {
    expected: `a finite ${loss}`, received: `a ${loss} that is no finite number at step ${step}`,
    remedy: 'Lower the learning rate',
  })
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000
}
