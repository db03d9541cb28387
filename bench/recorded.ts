/** The committed result, which docs/performance.md quotes. */
import { existsSync, readFileSync } from 'node:fs'
import { LabError } from '../src/lib/system/errors'
import { parseJson } from '../src/lib/system/json'
import { inProject } from '../src/lib/system/project-root'
import { judge } from './goals'
import { deviceOf } from './machine'
import { benchResultSchema, type BenchResult, type ResultRow } from './result'

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
export function renewed(before: BenchResult, { machine, date, threads, images, rows }: BenchResult): BenchResult {
  const key = ({ row, threads, contender }: ResultRow) => `${row} ${threads} ${contender}`
  const later = new Map(rows.map(row => [key(row), row]))
  const merged = before.rows.map(row => later.get(key(row)) ?? row)
  const known = new Set(before.rows.map(key))
  const all = [...merged, ...rows.filter(row => !known.has(key(row)))]
  return {
    machine, date, threads: [...new Set([before.threads, threads].flat())], images: images || before.images, rows: all,
    goals: judge(all, deviceOf(machine)),
  }
}
