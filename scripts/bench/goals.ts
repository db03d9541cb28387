/** What this library is to reach, and whether it did. */
import type { GoalResult, ResultRow } from './result'

interface Goal {
  row: string
  /** Completes 'the goal is …', limit included. */
  goal: string
  limit: number
  /** What to hold against the limit; null where it was not measured. */
  measured(find: (contender: string, row?: string) => ResultRow | undefined): number | null
}

/** Both times of one run, the first over the second. */
const timeAgainst = (rival: string, row: string, limit: number): Goal => ({
  row, limit, goal: `time ≤ ${limit} × ${rival}’s`,
  measured: find => ratio(find('lab')?.medianMs, find(rival)?.medianMs),
})

/** Against the faster of PyTorch's two layouts. */
const timeAgainstPyTorch = (row: string, limit: number, words = String(limit)): Goal => ({
  row, limit, goal: `time ≤ ${words} × the faster PyTorch’s`,
  measured: find => find('lab')?.ratioToFasterPyTorch ?? null,
})

const goals: readonly Goal[] = [
  timeAgainstPyTorch('step-64', 0.9),
  timeAgainst('keras', 'step-64', 0.75),
  {
    row: 'step-64', limit: 1, goal: 'peak memory ≤ PyTorch’s',
    measured: find => ratio(find('lab')?.peakMB, smaller(find('pytorch')?.peakMB, find('pytorch-channels-last')?.peakMB)),
  },
  timeAgainstPyTorch('step-224', 0.8),
  timeAgainstPyTorch('forward-64', 0.88),
  timeAgainstPyTorch('forward-16', 1),
  timeAgainstPyTorch('forward-1', 1),
]

/** Every goal whose row was measured, at each number of threads. */
export function judge(rows: readonly ResultRow[]): GoalResult[] {
  const threads = [...new Set(rows.map(row => row.threads))]
  return threads.flatMap(count => goals.flatMap(({ row, goal, limit, measured }) => {
    const find = (contender: string, name = row) =>
      rows.find(one => one.row === name && one.contender === contender && one.threads === count)
    const value = measured(find)
    if (value === null) return []
    return [{ row, threads: count, goal, limit, measured: Math.round(1000 * value) / 1000, met: value <= limit }]
  }))
}

function ratio(value: number | null | undefined, other: number | null | undefined): number | null {
  return value && other ? value / other : null
}

function smaller(a: number | null | undefined, b: number | null | undefined): number | null {
  const known = [a, b].filter((value): value is number => typeof value === 'number')
  return known.length ? Math.min(...known) : null
}
