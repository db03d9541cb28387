/** The goals that were not judged, and why. */
import type { Device } from './device'
import { goals, type Goal } from './goals'
import type { GoalNotRun, LeftOut, ResultRow } from './result'

export interface Measurements {
  rows: readonly ResultRow[]
  /** The contenders that did not run, in the rows that did. */
  leftOut: readonly LeftOut[]
  device: Device
  /** All numbers of threads that were asked for. */
  threads: readonly number[]
  /** Names of the rows that were asked for and may still come. Default: none. */
  asked?: readonly string[]
}

/** Every goal that `judge` leaves out, for each number of threads. */
export function goalsNotRun(measurements: Measurements): GoalNotRun[] {
  return measurements.threads.flatMap(threads => goals.flatMap(one => {
    const reason = whyNotRun(one, threads, measurements)
    return reason === null ? [] : [{ row: one.row, threads, goal: one.goal, limit: one.limit, reason }]
  }))
}

/** Null for a goal that was judged. */
function whyNotRun(
  { row, rows = [], rivals = [], on, measured }: Goal, threads: number, { device, asked = [], ...all }: Measurements,
): string | null {
  if (on && on !== device)
    return on === 'card' ? 'no card: this library computed on a processor' : 'for processors: this library computed on a card'
  const find = (contender: string, name = row) =>
    all.rows.find(one => one.row === name && one.contender === contender && one.threads === threads)
  if (measured(find) !== null) return null
  const absence = (contender: string, name: string): string | null => {
    if (find(contender, name)) return null
    const ofRow = <One extends { row: string; threads: number }>(list: readonly One[]) =>
      list.filter(one => one.row === name && one.threads === threads)
    const absent = ofRow(all.leftOut).find(one => one.contender === contender)
    if (absent) return `${contender}: ${absent.reason}`
    if (ofRow(all.rows).length + ofRow(all.leftOut).length > 0) return `${contender}: not measured`
    return `the row ${name} was not ${asked.includes(name) ? 'reached' : 'asked for'}`
  }
  const ours = [row, ...rows].map(name => absence('lab', name)).filter(reason => reason !== null)
  if (ours.length) return ours[0]
  const theirs = rivals.map(rival => absence(rival, row))
  if (theirs.length && !theirs.includes(null)) return theirs.join('; ')
  return 'the system or the engine does not tell this figure'
}
