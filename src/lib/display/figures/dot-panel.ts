/** Dots in a square, their legend, and a sentence beneath. */
import * as Plot from '@observablehq/plot'
import { extent } from 'd3-array'
import { permutation, stream } from '../../system/random'
import { formatNumber } from '../format'
import { emptyDrawing } from './empty-figure'
import { paleInk, shorten, text, textWidth, wrap, type Drawing } from './figure'
import type { Kinds } from './kinds'
import { plot } from './plot'

/** Where a dot lies. */
export interface Dot {
  x: number
  y: number
}

const margin = 12, line = 19, sentenceLine = 16

/**
 * One dot a value, in its kind's color and shape, on axes of one scale without units. Dots are drawn in random order,
 * so that no kind covers another; those without a kind of their own lie below. Where no value is known, only the
 * sentence is shown.
 */
export function dotPanel(dots: readonly Dot[], kinds: Kinds, sentence: string, width: number): Drawing {
  const side = width - 2 * margin
  if (kinds.values.every(value => value === null)) return emptyDrawing(sentence, width, side)
  const order = [...permutation(dots.length, stream('order of dots'))]
  const drawn = order.map(i => ({ ...dots[i], ...kinds.kindOf(i) }))
  const [x, y] = (['x', 'y'] as const).map(axis => extent(dots, dot => dot[axis]) as [number, number])
  const half = 0.54 * Math.max(x[1] - x[0], y[1] - y[0], 1e-6)
  const domain = ([low, high]: [number, number]) => [(low + high) / 2 - half, (low + high) / 2 + half]
  const marks = (own: boolean) => Plot.dot(drawn.filter(({ isOne }) => isOne === own), {
    x: 'x', y: 'y', fill: 'color', symbol: 'symbol', r: dots.length > 600 ? 2.2 : 3.2, fillOpacity: own ? 0.85 : 0.6,
  })
  const square = plot({
    width, height: side + 2, marginLeft: margin, marginRight: margin, marginTop: 1, marginBottom: 1, axis: null,
    x: { domain: domain(x) }, y: { domain: domain(y) },
    marks: [Plot.frame({ stroke: '#cccccc' }), marks(false), marks(true)],
  })
  const legend = legendOf(kinds, width)
  const lines = wrap(sentence, side, 12).map((words, i) =>
    text(margin, square.height + legend.height + 14 + sentenceLine * i, words, { fill: paleInk }))
  return {
    width, height: square.height + legend.height + sentenceLine * lines.length + 14,
    svg: `${square.svg}<g transform="translate(0,${square.height})">${legend.svg}</g>${lines.join('')}`,
  }
}

/** Each kind's symbol, name and number of images, in rows. */
function legendOf({ kinds }: Kinds, width: number): Drawing {
  let x = margin + 6, y = 16
  const entries = kinds.map(kind => {
    const words = shorten(`${kind.label} (${formatNumber(kind.count, 'integer')})`, width - 3 * margin - 16, 12)
    const room = 16 + textWidth(words, 12) + 8
    if (x > margin + 6 && x + room > width) [x, y] = [margin + 6, y + line]
    const entry = { ...kind, words, x, y }
    x += room
    return entry
  })
  const height = y + 8
  const drawing = plot({
    width, height, margin: 0, axis: null, x: { domain: [0, width] }, y: { domain: [height, 0] },
    marks: [Plot.dot(entries, { x: 'x', y: 'y', fill: 'color', symbol: 'symbol', r: 4.5 })],
  })
  const words = entries.map(entry => text(entry.x + 10, entry.y + 4, entry.words, { whole: `${entry.label} (${entry.count})` }))
  return { svg: drawing.svg + words.join(''), width, height }
}
