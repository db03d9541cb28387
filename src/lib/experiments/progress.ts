/** How a run under way tells how far it is, is stopped, and is saved. None of it decides a number. */
import { join } from 'node:path'
import type { TrainControl } from '../training/config'

/** What a run calls as it goes. */
export interface RunProgress {
  /** What is being done, in words. */
  note: string
  /** How much of it is done, from 0 to 1. */
  share: number
  /** Whether an epoch, or another piece of work, has just ended. */
  milestone: boolean
}

/** What the steps of a run are given. */
export interface StepControl {
  signal?: AbortSignal
  /** The folder of the run's checkpoints. */
  folder: string
  onProgress(progress: RunProgress): void
  /** A function that tells how many of how many are done. @param note what is done */
  countOf(note: string): (done: number, count: number) => void
}

/** What training of any kind tells after a step. */
interface Epochs {
  epoch: number
  epochs: number
  step: number
  steps: number
  loss: number
  history: readonly unknown[]
}

/** What training of any kind is to call after each step. */
export function trainingProgress({ onProgress }: StepControl, prefix = '') {
  return ({ epoch, epochs, step, steps, loss, history }: Epochs) => onProgress({
    note: `${prefix}epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`,
    share: (epoch - 1 + step / steps) / epochs, milestone: history.length === epoch,
  })
}

/** Where a phase of a run is saved, and how often. */
export function checkpointIn(folder: string, phase: string): NonNullable<TrainControl['checkpoint']> {
  return { folder: join(folder, phase), everySteps: 50 }
}
