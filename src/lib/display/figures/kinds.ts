/** The values of a column as colors and shapes: the most frequent ones have their own. */
import { rollup, sum } from 'd3-array'
import { counted } from '../../system/summary'
import { palette } from './figure'

/** One value; or all others together, which have no color of their own. */
export interface Kind {
  label: string
  isOne: boolean
  count: number
  color: string
  /** A symbol of Observable Plot. */
  symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye'
}

/** What a column's values look like. */
export interface Kinds {
  /** What the values are: 'class', 'patient'. */
  noun: string
  /** The value of each image; null where it is not known. */
  values: readonly (string | null)[]
  /** The most frequent first; all others, and the unknown, at the end. */
  kinds: readonly Kind[]
  /** The kind of each image. */
  kindOf(image: number): Kind
  /** A sentence on how many values there are, and which have colors. */
  words: string
}

const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const
/** Color of what has no color of its own. */
const grey = '#bdbdbd'

/** The kinds of a column. Of values with equally many images the one that sorts first comes first. */
export function kindsOf(values: readonly (string | null)[], noun: string): Kinds {
  const counts = rollup(values.filter(value => value !== null), list => list.length, value => value)
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b, 'en', { numeric: true }))
  const own = ordered.slice(0, symbols.length), others = ordered.length - own.length
  const unknown = values.filter(value => value === null).length
  const kinds = own.map(([label, count], i): Kind =>
    ({ label, isOne: true, count, color: palette[i], symbol: symbols[i] }))
  const remaining: Kind = {
    label: [others ? counted(others, 'other') : '', unknown ? 'unknown' : ''].filter(Boolean).join(', '),
    isOne: false, count: values.length - sum(own, ([, count]) => count), color: grey, symbol: 'circle',
  }
  const byLabel = new Map(kinds.map(kind => [kind.label, kind]))
  return {
    noun, values, kinds: remaining.count ? [...kinds, remaining] : kinds,
    kindOf: image => byLabel.get(values[image] ?? '') ?? remaining,
    words: `Color: ${noun}, ${wordsOf(ordered.length, own.length)}.`,
  }
}

function wordsOf(values: number, colored: number): string {
  if (values === 0) return 'which is not known'
  if (values === colored) return counted(values, 'value')
  return `${counted(values, 'value')}; the first ${colored} by number of images have colors`
}
