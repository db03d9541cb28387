/** What the files of a set hold, class by class, in one row each. */
import { extent, group, max, min } from 'd3-array'
import type { FileFacts } from './file-facts'

/** The files of one class, or of all. Ranges are words, such as '96' or '512 to 1,024'. */
export interface FileSummary {
  class: string
  files: number
  /** In pixels. */
  width: string
  height: string
  /** Channels in the files, such as '1, 3': grey, and color. */
  channels: string
  /** The darkest and the brightest grey level in any of the files, 0 to 255; NaN without files. */
  darkest: number
  brightest: number
  /** The lowest and the highest mean grey level of an image. */
  'mean grey': string
}

/**
 * Sums up the facts about files.
 * @returns a row a class, and one for all; – where there are no files
 * @example show(look.summarizeFiles(await look.readFileFacts(data)))
 */
export function summarizeFiles(facts: readonly FileFacts[]): FileSummary[] {
  return [...group(facts, row => row.class), ['all', facts] as const].map(([name, rows]) => ({
    class: name, files: rows.length,
    width: range(rows.map(row => row.width)), height: range(rows.map(row => row.height)),
    channels: [...new Set(rows.map(row => row.channels))].sort((a, b) => a - b).join(', '),
    darkest: min(rows, row => row.minimum) ?? NaN, brightest: max(rows, row => row.maximum) ?? NaN,
    'mean grey': range(rows.map(row => Math.round(row.mean))),
  }))
}

function range(values: readonly number[]): string {
  const [low, high] = extent(values)
  if (low === undefined || high === undefined) return '–'
  return [...new Set([low, high])].map(value => value.toLocaleString('en-US')).join(' to ')
}
