/** The memory of one process that trains and predicts for long: tensors, and what the system counts as resident. */
import { join } from 'node:path'
import { median } from 'd3-array'
import { tensorCount } from '../../../src/lib/engine/engine'
import { steps } from './steps'

/** How much a kind of work held early and late: medians over a tenth of the steps each, after a first fifth. */
export interface MemorySurvey {
  work: string
  steps: number
  tensors: { early: number; late: number; after: number }
  /** MiB. */
  resident: { early: number; late: number }
}

/**
 * Carries every kind of work out for so many steps.
 * @param only kinds whose names contain this; default all
 */
export async function surveyMemory(count: number, folder: string, only = ''): Promise<MemorySurvey[]> {
  const surveys: MemorySurvey[] = []
  for (const [work, carryOut] of Object.entries(steps).filter(([name]) => name.includes(only))) {
    const tensors: number[] = [], resident: number[] = [], before = tensorCount()
    await carryOut(count, () => {
      tensors.push(tensorCount())
      resident.push(process.memoryUsage.rss() / 2 ** 20)
    }, join(folder, work))
    const [early, late] = [0.2, 0.9].map(share => Math.floor(share * tensors.length))
    const length = Math.ceil(tensors.length / 10)
    const middle = (numbers: number[], from: number) => median(numbers.slice(from, from + length))!
    surveys.push({
      work, steps: tensors.length,
      tensors: { early: middle(tensors, early), late: middle(tensors, late), after: tensorCount() - before },
      resident: { early: middle(resident, early), late: middle(resident, late) },
    })
  }
  return surveys
}
