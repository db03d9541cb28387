/**
 * Recordings: which operations a piece of work runs, in order, with their inputs and outputs.
 *
 * While a recording is made, operations run as always, except those that give nothing back: they change variables, so
 * they are only written down. Whatever the work changes is thus as it was before.
 */
import { LabError } from '../../system/errors'
import type { Attribute } from './attribute'

/** One operation of a recording. Tensors are named by their numbers in the engine. */
export interface RecordedOperation {
  operation: string
  attributes: readonly Attribute[]
  inputs: readonly number[]
  outputs: readonly number[]
}

let current: RecordedOperation[] | null = null

export function isRecording(): boolean {
  return current !== null
}

/** Writes an operation down where a recording is made. */
export function record(operation: RecordedOperation): void {
  current?.push(operation)
}

/** The operations that `work` runs, and what it returns. */
export function recordingOf<Result>(work: () => Result): { operations: RecordedOperation[]; result: Result } {
  const operations: RecordedOperation[] = current = []
  try {
    return { operations, result: work() }
  } finally {
    current = null
  }
}

/** The error for work of which a recording would do the same in every call, whatever the inputs. */
export function notRecordable(received: string): LabError {
  return new LabError('engine-failed', {
    expected: 'recorded work that computes from its inputs, variables and constants', received,
    remedy: 'Give tensors to the work as inputs, and read its outputs',
  })
}
