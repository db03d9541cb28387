/** How a run reports its progress, is stopped, and saves checkpoints. None of this changes a result. */
import { join } from 'node:path'
import type { TrainControl } from '../training/config'

/** A report of a run's progress. */
export interface RunProgress {
  /** What the run is doing, in words. */
  note: string
  /** The share that is done, from 0 to 1. */
  share: number
  /** Whether an epoch or another phase has just ended. */
  milestone: boolean
}

/** What the phases of a run receive. */
export interface StepControl {
  signal?: AbortSignal
  /** The folder of the run's checkpoints. */
  folder: string
  onProgress(progress: RunProgress): void
  /** A function that reports how many items of how many are done. @param note what is done with the items */
  countOf(note: string): (done: number, count: number) => void
}

/** What training of any kind reports after a step. */
interface Epochs {
  epoch: number
  epochs: number
  step: number
  steps: number
  loss: number
  history: readonly unknown[]
}

/** The function that training of any kind calls after each step. */
export function trainingProgress({ onProgress }: StepControl, prefix = '') {
  return ({ epoch, epochs, step, steps, loss, history }: Epochs) => onProgress({
    note: `${prefix}epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`,
    share: (epoch - 1 + step / steps) / epochs, milestone: history.length === epoch,
  })
}

/** Where a phase of a run saves its checkpoint, and after how many steps. */
export function checkpointIn(folder: string, phase: string): NonNullable<TrainControl['checkpoint']> {
  return { folder: join(folder, phase), everySteps: 50 }
}
