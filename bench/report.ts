/** The result as lines of text. */
import { dataTable, toText } from '../src/lib/display/tables'
import type { BenchResult, ResultRow } from './result'

/** A row's contenders as a table of text. */
export function rowText(rows: readonly ResultRow[]): string {
  const [{ title, row, threads }] = rows
  const counted = rows.some(one => one.calls !== undefined), onCard = rows.some(one => one.cardMB !== undefined)
  return toText(dataTable(row, `${title} (${row}), ${threads} threads`, rows.map(one => ({
    contender: one.contender, median: milliseconds(one.medianMs),
    quartiles: `${milliseconds(one.firstQuartileMs)} – ${milliseconds(one.thirdQuartileMs)}`,
    fastest: milliseconds(one.minMs), runs: one.runs, peak: megabytes(one.peakMB), card: megabytes(one.cardMB),
    calls: one.calls === undefined ? '–' : String(one.calls),
    ratio: one.ratioToFasterPyTorch === null ? '–' : ratioText(one.ratioToFasterPyTorch),
  })), ['contender', 'median', 'quartiles', 'fastest', 'runs', { key: 'peak', title: 'peak memory' },
    ...(onCard ? [{ key: 'card', title: 'on the card' }] : []), ...(counted ? [{ key: 'calls', title: 'calls a step' }] : []),
    { key: 'ratio', title: 'to the faster PyTorch' }]))
}

function megabytes(value: number | null | undefined): string {
  return typeof value === 'number' ? `${value} MB` : '–'
}

/** The goals, and whether they are met; then those that did not run, and why. */
export function goalsText({ goals, goalsNotRun = [] }: Pick<BenchResult, 'goals' | 'goalsNotRun'>): string {
  const judged = goals.map(({ row, threads, goal, measured, met }) =>
    ({ row, threads, goal, measured: String(measured), met: met ? 'met' : 'missed' }))
  const notRun = goalsNotRun.map(({ row, threads, goal, reason }) =>
    ({ row, threads, goal, measured: 'not run', met: reason }))
  return toText(dataTable('goals', 'Goals', [...judged, ...notRun],
    ['row', 'threads', 'goal', 'measured', { key: 'met', title: 'met, or why not run' }]), Infinity)
}

/** A ratio as 0.903, or with two digits below 0.1. */
export function ratioText(ratio: number): string {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(3)
}

/** A time as 65.2 ms, 1,032 ms or 104.5 s. */
export function milliseconds(ms: number): string {
  return ms < 100 ? `${ms.toFixed(1)} ms` : ms < 100_000 ? `${Math.round(ms).toLocaleString('en')} ms` : `${(ms / 1000).toFixed(1)} s`
}
