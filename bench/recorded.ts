/** The committed result, which docs/performance.md quotes. */
import { existsSync, readFileSync } from 'node:fs'
import { LabError } from '../src/lib/system/errors'
import { parseJson } from '../src/lib/system/json'
import { inProject } from '../src/lib/system/project-root'
import { judge } from './goals'
import { goalsNotRun } from './goals-not-run'
import { deviceOf } from './machine'
import { benchResultSchema, type BenchResult } from './result'

/** The path of the committed result, or with 'svg' of its chart. */
export function recordedFile(extension: 'json' | 'svg' = 'json'): string {
  return inProject('results', 'tables', `performance.${extension}`)
}

/**
 * The recorded result, if it is of the same day and machine as a new one. Times of different days are not mixed.
 * @throws LabError 'bad-argument' if there is no such result, 'damaged-file'
 */
export function readRecorded({ machine, date }: Pick<BenchResult, 'machine' | 'date'>, file = recordedFile()): BenchResult {
  const refused = (received: string) => new LabError('bad-argument', {
    expected: 'a result recorded on this machine today', received, remedy: 'Record all rows: leave out --only',
  })
  if (!existsSync(file)) throw refused('none')
  const recorded = parseJson(file, readFileSync(file, 'utf8'), benchResultSchema)
  if (recorded.date.slice(0, 10) !== date.slice(0, 10)) throw refused(`one of ${recorded.date.slice(0, 10)}`)
  if (JSON.stringify(recorded.machine) !== JSON.stringify(machine))
    throw refused(`one of ${Object.values(recorded.machine).join(', ')}`)
  return recorded
}

/** The recorded result with the rows that were measured again, and with new rows at the end. */
export function renewed(before: BenchResult, after: BenchResult): BenchResult {
  const { machine, date } = after, device = deviceOf(machine)
  const threads = [...new Set([before.threads, after.threads].flat())]
  const rows = merged(before.rows, after.rows)
  const measured = new Set(rows.map(keyOf))
  const leftOut = merged(before.leftOut ?? [], after.leftOut ?? []).filter(one => !measured.has(keyOf(one)))
  return {
    machine, date, threads, images: after.images || before.images, rows, goals: judge(rows, device),
    leftOut, goalsNotRun: goalsNotRun({ rows, leftOut, device, threads }),
  }
}

interface Entry { row: string; threads: number; contender: string }

function keyOf({ row, threads, contender }: Entry): string {
  return `${row} ${threads} ${contender}`
}

/** One list: later entries in the places of those with the same key, new ones at the end. */
function merged<One extends Entry>(before: readonly One[], after: readonly One[]): One[] {
  const later = new Map(after.map(one => [keyOf(one), one])), known = new Set(before.map(keyOf))
  return [...before.map(one => later.get(keyOf(one)) ?? one), ...after.filter(one => !known.has(keyOf(one)))]
}
