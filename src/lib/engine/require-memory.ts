/** Refuses work that the memory does not hold before it begins: the kernel would end the process without a word. */
import { LabError } from '../system/errors'
import { freeMemory } from '../system/free-memory'
import { describeEngine, engineInUse } from './engine'
import { capabilities, type Steps } from './native/binding'

/**
 * What an engine takes for its first steps besides what is counted from the layers: its threads' own memory, code that
 * is loaded when it first runs, and functions that it makes of steps. MiB, the largest that was seen and some more: 106
 * for 'eager', 143 for 'graph'; XLA took 386 to 848, more for larger batches (test/simulation/step-memory.ts).
 */
const besides: Readonly<Record<Steps, number>> = { eager: 110, graph: 150, xla: 350 }
/** What XLA takes in addition, as a share of what is counted: it holds more outputs at once. */
const xlaShare = 0.5

/** Bytes that work takes with the engine's share. It depends on LAB_STEP. @param counted from a network's layers */
export function bytesInEngine(counted: number): number {
  const steps = engineInUse() === 'native' ? capabilities().steps : 'eager'
  return counted * (steps === 'xla' ? 1 + xlaShare : 1) + besides[steps] * 2 ** 20
}

/**
 * @param counted what the work needs, counted from a network's layers; what the engine takes besides is added here
 * @param work such as 'steps of 64 images of 512 × 512 pixels'
 * @throws LabError 'too-large' where less is free. A card's memory is not known before: its engine throws the same
 *   error while it computes
 */
export function requireMemory(counted: number, work: string, remedy: string, free = freeMemory()): void {
  requireFree(bytesInEngine(counted), work, remedy, free)
}

/** As {@link requireMemory}, for work whose whole need is known. @param bytes with what the engine takes besides */
export function requireFree(bytes: number, work: string, remedy: string, free = freeMemory()): void {
  if (free === null || bytes <= free || describeEngine().engine === 'gpu') return
  throw new LabError('too-large', {
    expected: `${work} to fit into the ${inGigabytes(free)} of memory that are free`,
    received: `a need for about ${inGigabytes(bytes)}`, remedy,
  })
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
