/** The goals for this library, and whether a result meets them. */
import type { Stage } from '../src/lib/model/architecture'
import { countStageCosts } from '../src/lib/model/convolution-cost'
import { describeResNet50 } from '../src/lib/model/resnet50-layers'
import type { ContenderName } from './contender'
import type { Device } from './device'
import type { GoalResult, ResultRow } from './result'
import { madeUpCounts } from './rows'
import { fittedExponent } from './statistics'

export interface Goal {
  row: string
  /** The device on which this is a goal. Default: any. */
  on?: Device
  /** Completes the sentence 'the goal is …', with the limit. */
  goal: string
  limit: number
  /** The contenders that this library is compared with; one of them suffices. Default: none. */
  rivals?: readonly ContenderName[]
  /** Rows that this library has to run besides. Default: none. */
  rows?: readonly string[]
  /** The value to compare with the limit; null if it was not measured. */
  measured(find: (contender: string, row?: string) => ResultRow | undefined): number | null
}

/** A card's goals say so: some differ from a processor's in nothing else. */
const where = (on?: Device) => (on === 'card' ? 'on a card, ' : '')

/** This library's time divided by a rival's. */
const timeAgainst = (rival: ContenderName, title: string, row: string, limit: number, on?: Device): Goal => ({
  row, on, limit, rivals: [rival], goal: `${where(on)}time ≤ ${limit} × ${title}’s`,
  measured: find => ratio(find('lab')?.medianMs, find(rival)?.medianMs),
})

/** The end of all goals that compare with the faster of PyTorch's two layouts. */
export const againstPyTorch = 'the faster PyTorch’s'
const pytorch = ['pytorch', 'pytorch-channels-last'] as const

const timeAgainstPyTorch = (row: string, on: Device, limit: number, limitText = String(limit)): Goal => ({
  row, on, limit, rivals: pytorch, goal: `${where(on)}time ≤ ${limitText} × ${againstPyTorch}`,
  measured: find => find('lab')?.ratioToFasterPyTorch ?? null,
})

/**
 * With kept features, an epoch should take the share of a whole epoch that the training stages have of all
 * multiplications, and 20 % more for work that does not depend on the frozen stages.
 */
function proportional(row: string, training: readonly Stage[]): Goal {
  const costs = countStageCosts({ architecture: describeResNet50({ size: 64, width: 'full', classes: 2 }) })
  const sum = (stages: typeof costs) => stages.reduce((total, { multiplications }) => total + multiplications, 0)
  const share = sum(costs.filter(({ stage }) => training.includes(stage))) / sum(costs)
  return {
    row, on: 'processor', rows: ['epoch-reference'], limit: Math.round(1000 * 1.2 * share) / 1000,
    goal: `time ≤ 1.2 × ${share.toFixed(2)} (the multiplications that train) × a whole epoch’s`,
    measured: find => ratio(find('lab')?.medianMs, find('lab', 'epoch-reference')?.medianMs),
  }
}

/** A card waits while the host hands it one operation after another. */
const fewCalls = (row: string): Goal => ({
  row, on: 'card', limit: 20, goal: `${where('card')}at most 20 calls of TensorFlow a step`,
  measured: find => find('lab')?.calls ?? null,
})

const fewest = madeUpCounts[0].toLocaleString('en')
const epochs = madeUpCounts.map(count => `epoch-${count}`), largest = epochs[epochs.length - 1]
const smallerEpochs = epochs.slice(0, -1)

export const goals: readonly Goal[] = [
  timeAgainstPyTorch('step-64', 'processor', 0.9),
  timeAgainstPyTorch('step-64', 'card', 0.5),
  timeAgainst('pytorch-compiled', 'torch.compile', 'step-64', 1, 'card'),
  timeAgainst('keras', 'Keras', 'step-64', 0.75, 'processor'),
  {
    row: 'step-64', limit: 1, rivals: pytorch, goal: 'peak memory ≤ the lower PyTorch’s',
    measured: find => ratio(find('lab')?.peakMB, smaller(find('pytorch')?.peakMB, find('pytorch-channels-last')?.peakMB)),
  },
  fewCalls('step-64'),
  timeAgainstPyTorch('step-224', 'processor', 0.8),
  timeAgainstPyTorch('step-224', 'card', 0.8),
  fewCalls('step-224'),
  timeAgainstPyTorch('step-head', 'card', 0.8),
  fewCalls('step-head'),
  timeAgainstPyTorch('forward-64', 'processor', 0.88),
  timeAgainstPyTorch('forward-64', 'card', 0.8),
  timeAgainstPyTorch('forward-16', 'processor', 1),
  timeAgainstPyTorch('forward-1', 'processor', 1),
  timeAgainstPyTorch('epoch-head', 'processor', 1 / 30, '1/30'),
  proportional('epoch-conv5', ['conv5']),
  proportional('epoch-conv4', ['conv4', 'conv5']),
  timeAgainstPyTorch('epoch-reference', 'processor', 0.9),
  timeAgainst('opencv', 'OpenCV', 'decode', 1),
  { row: 'decode-cached', limit: 100, goal: 'at most 100 ms', measured: find => find('lab')?.medianMs ?? null },
  {
    row: 'memory', limit: 0, goal: 'no tensor more after 1,000 steps than after 100',
    measured: find => { const count = find('lab')?.tensors; return count ? count[1] - count[0] : null },
  },
  {
    row: 'memory', limit: 1.05, goal: 'resident memory after 1,000 steps ≤ 1.05 × that after 100',
    measured: find => { const memory = find('lab')?.residentMB; return memory ? memory[1] / memory[0] : null },
  },
  {
    row: largest, rows: smallerEpochs, limit: 1.05,
    goal: `time grows with the images to the power of at most 1.05, from ${fewest} on`,
    measured(find) {
      const points = madeUpCounts.map(x => ({ x, y: find('lab', `epoch-${x}`)?.medianMs ?? NaN }))
      const exponent = fittedExponent(points)
      return Number.isNaN(exponent) ? null : exponent
    },
  },
  {
    // Resident memory, not the peak: starting up sets the peak, whatever the number of images.
    row: largest, rows: smallerEpochs.slice(0, 1), limit: 1.1,
    goal: `resident memory after the epoch ≤ 1.1 × that with ${fewest} images`,
    measured: find => ratio(find('lab')?.residentMB?.[1], find('lab', `epoch-${madeUpCounts[0]}`)?.residentMB?.[1]),
  },
]

/** Judges every goal of the device that was measured, for each number of threads; `goalsNotRun` has the others. */
export function judge(rows: readonly ResultRow[], device: Device): GoalResult[] {
  const threads = [...new Set(rows.map(row => row.threads))]
  return threads.flatMap(count => goals.flatMap(({ row, on = device, goal, limit, measured }) => {
    if (on !== device) return []
    const find = (contender: string, name = row) =>
      rows.find(one => one.row === name && one.contender === contender && one.threads === count)
    const value = measured(find)
    if (value === null) return []
    return [{ row, threads: count, goal, limit, measured: Number(value.toPrecision(3)), met: value <= limit }]
  }))
}

function ratio(value: number | null | undefined, reference: number | null | undefined): number | null {
  return value && reference ? value / reference : null
}

function smaller(a: number | null | undefined, b: number | null | undefined): number | null {
  const known = [a, b].filter((value): value is number => typeof value === 'number')
  return known.length ? Math.min(...known) : null
}
