/** The result as people read it. */
import { table, toText } from '../../src/lib/tables'
import type { BenchResult, GoalResult, ResultRow } from './result'

/** A row's contenders as a table of text. */
export function rowText(rows: readonly ResultRow[]): string {
  const [{ title, row, threads }] = rows
  return toText(table(row, `${title} (${row}), ${threads} threads`, rows.map(one => ({
    contender: one.contender, median: milliseconds(one.medianMs),
    quartiles: `${milliseconds(one.firstQuartileMs)} – ${milliseconds(one.thirdQuartileMs)}`,
    fastest: milliseconds(one.minMs), runs: one.runs, peak: one.peakMB === null ? '–' : `${one.peakMB} MB`,
    ratio: one.ratioToFasterPyTorch === null ? '–' : ratioText(one.ratioToFasterPyTorch),
  })), ['contender', 'median', 'quartiles', 'fastest', 'runs', { key: 'peak', title: 'peak memory' },
    { key: 'ratio', title: 'to the faster PyTorch' }]))
}

/** Which goals are met. */
export function goalsText(goals: readonly GoalResult[]): string {
  return toText(table('goals', 'Goals', goals.map(({ row, threads, goal, measured, met }) =>
    ({ row, threads, goal, measured: String(measured), met: met ? 'met' : 'missed' }))))
}

/** Every row's contenders, then the goals. */
export function resultText({ rows, goals, machine, date, images }: BenchResult): string {
  const places = new Map(rows.map(row => [`${row.row} ${row.threads}`, row]))
  const tables = [...places.values()].map(({ row, threads }) =>
    rowText(rows.filter(one => one.row === row && one.threads === threads)))
  const where = `${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}; ${date.slice(0, 10)}`
  return [where, ...(images ? [`Images: ${images}`] : []), ...tables, ...(goals.length ? [goalsText(goals)] : [])].join('\n\n')
}

/** .903, or .0004 where it is tiny. */
function ratioText(ratio: number): string {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(3)
}

function milliseconds(ms: number): string {
  return ms < 100 ? `${ms.toFixed(1)} ms` : ms < 100_000 ? `${Math.round(ms).toLocaleString('en')} ms` : `${(ms / 1000).toFixed(1)} s`
}
