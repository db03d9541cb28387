/** Columns of the facts about files, class by class. */
import { rollup } from 'd3-array'
import { requireInRange } from '../../system/errors'
import type { FileFacts } from './file-facts'

/**
 * The numbers of one column, class by class, in the order in which the classes first appear.
 * @param column such as 'width', 'height' or 'minimum'
 * @returns one entry a class; `figures.histogram` draws them as they are
 * @example look.collectByClass(await look.readFileFacts(ct), 'width')
 */
export function collectByClass(
  facts: readonly FileFacts[], column: 'width' | 'height' | 'channels' | 'mean' | 'spread' | 'minimum' | 'maximum',
): { label: string; values: number[] }[] {
  const columns = rollup(facts, rows => rows.map(row => row[column]), row => row.class)
  return [...columns].map(([label, values]) => ({ label, values }))
}

/**
 * The darkest grey levels that give most about the class away: those whose counts differ most between the classes.
 * @param count how many grey levels, 1 or more. Default 5
 * @returns one row a grey level, with its count in each class; the most telling first
 * @example look.findTellingMinima(await look.readFileFacts(ct))
 */
export function findTellingMinima(facts: readonly FileFacts[], count = 5): Record<string, number>[] {
  requireInRange('count', count, { low: 1, whole: true })
  const column = 'darkest grey'
  const classes = [...new Set(facts.map(row => row.class))]
  const byClass = (rows: FileFacts[]) => classes.map(name => rows.filter(row => row.class === name).length)
  const counts = [...rollup(facts, byClass, row => row.minimum)]
  const gap = ([, numbers]: [number, number[]]) => Math.max(...numbers) - Math.min(...numbers)
  const keyOf = (name: string) => name === column ? `class ${name}` : name
  return counts.sort((a, b) => gap(b) - gap(a) || a[0] - b[0]).slice(0, count).map(([minimum, numbers]) =>
    ({ [column]: minimum, ...Object.fromEntries(classes.map((name, k) => [keyOf(name), numbers[k]])) }))
}
