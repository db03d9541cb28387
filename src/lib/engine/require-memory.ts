/** Refuses work that the memory does not hold before it begins: the kernel would end the process without a word. */
import { LabError } from '../system/errors'
import { freeMemory } from '../system/free-memory'
import { describeEngine } from './engine'

/**
 * @param bytes what the work needs
 * @param work such as 'steps of 64 images of 512 × 512 pixels'
 * @throws LabError 'too-large' where less is free. A card's memory is not known before: its engine throws the same
 *   error while it computes
 */
export function requireMemory(bytes: number, work: string, remedy: string, free = freeMemory()): void {
  if (free === null || bytes <= free || describeEngine().engine === 'gpu') return
  throw new LabError('too-large', {
    expected: `${work} to fit into the ${inGigabytes(free)} of memory that are free`,
    received: `a need for about ${inGigabytes(bytes)}`, remedy,
  })
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
