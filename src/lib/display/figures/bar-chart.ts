/** Bars with intervals, for comparing methods. */
import * as Plot from '@observablehq/plot'
import { requireKnownKeys } from '../../system/options'
import { formatNumber, type ColumnFormat } from '../format'
import { emptyFigure } from './empty-figure'
import {
  figureOptionNames, frame, ink, legend, paleInk, palette, textWidth, wrap, type Figure, type NamedFigureOptions,
} from './figure'
import { plot } from './plot'

/** One bar. */
export interface Bar {
  label: string
  /** From 0 to 1 where the axis is 'percent'. */
  value: number
  /** Ends of the interval; left out or NaN where there is none. */
  low?: number
  high?: number
  /** Bars with the same label are drawn together, colored by group. */
  group?: string
}

/** Words around the bars, and their axis. */
export interface BarChartOptions extends NamedFigureOptions {
  /** What the values are, such as 'accuracy'. */
  label: string
  /** Default 'percent': values are shares. */
  kind?: 'percent' | 'linear'
  /** A dashed line to compare with, such as the majority's share. */
  reference?: { value: number; label: string }
}

/** A bar's height, and the space between labels, in pixels. */
const thickness = 20, space = 14
/** How wide a label may be, in pixels, and how many lines it may take. */
const widestLabel = 280, mostLines = 4

/**
 * Horizontal bars from zero, in the order given, each with its interval. A bar without a number is drawn as –.
 * @example show(figures.barChart(look.countClasses(ct), { name: 'classes', title: 'Images by class',
 *   label: 'images', kind: 'linear' }))
 */
export function barChart(bars: readonly Bar[], options: BarChartOptions): Figure {
  requireKnownKeys('barChart', options ?? null, { ...figureOptionNames, label: true, kind: true, reference: true })
  const { name, title, subtitle, label, kind = 'percent', reference } = options
  const labels = [...new Set(bars.map(bar => bar.label))]
  if (!bars.some(bar => Number.isFinite(bar.value)))
    return emptyFigure(options, bars.length ? `No bar has a number: ${label} is not known.` : 'There are no bars to draw.')
  const groups = [...new Set(bars.map(groupOf))]
  const wholeNumbers = bars.every(bar => Number.isInteger(bar.value) || !Number.isFinite(bar.value))
  const format: ColumnFormat = kind === 'percent' ? 'percent' : wholeNumbers ? 'integer' : 'decimal'
  const scale = kind === 'percent' ? 100 : 1
  const colorOf = (group: string) => palette[groups.indexOf(group) % palette.length]
  const rows = bars.map(bar => {
    const [value, low, high] = [bar.value, bar.low, bar.high].map(number => scale * (number ?? NaN))
      .map(number => (Number.isFinite(number) ? number : NaN))
    return {
      label: bar.label, group: groupOf(bar), color: colorOf(groupOf(bar)), value, low, high,
      end: (low <= high ? Math.max(value, high) : value) || 0, text: formatNumber(bar.value, format),
    }
  })
  const bounded = rows.filter(row => row.low <= row.high)
  const facet = { fy: 'label', y: 'group' } as const
  const interval = { ...facet, stroke: ink, strokeWidth: 1.5 }
  const lines = new Map(labels.map(words => [words, wrap(words, widestLabel, 12, mostLines)]))
  const marginLeft = 24 + Math.max(...[...lines.values()].flat().map(line => textWidth(line, 12)))
  const tallest = 16 * Math.max(...[...lines.values()].map(one => one.length)) + 2
  const width = Math.max(640, marginLeft + 360)
  const drawing = plot({
    width, height: labels.length * Math.max(groups.length * thickness + space, tallest) + 72,
    marginLeft, marginRight: 76, marginTop: 26, marginBottom: 46,
    x: {
      label: kind === 'percent' ? `${label} (%)` : label, grid: true, ticks: 6,
      ...(kind === 'percent' ? { domain: [0, 100] } : { nice: true, zero: true }),
    },
    fy: { domain: labels, padding: 0, axis: null },
    y: { domain: groups, paddingInner: 0, paddingOuter: space / 2 / thickness, axis: null },
    marks: [
      Plot.barX(rows, { ...facet, x: 'value', fill: 'color', fillOpacity: 0.85, insetTop: 1, insetBottom: 1 }),
      Plot.link(bounded, { ...interval, x1: 'low', x2: 'high' }),
      Plot.tickX(bounded, { ...interval, x: 'low', insetTop: 6, insetBottom: 6 }),
      Plot.tickX(bounded, { ...interval, x: 'high', insetTop: 6, insetBottom: 6 }),
      Plot.text(rows, { ...facet, x: 'end', text: 'text', textAnchor: 'start', dx: 6 }),
      Plot.text(labels, {
        fy: String, x: () => 0, frameAnchor: 'middle', text: words => lines.get(words)!.join('\n'), textAnchor: 'end', dx: -10,
        ...([...lines.values()].some(one => one.length > 1) ? { lineHeight: 1.25 } : {}),
        ...([...lines].some(([words, one]) => one.join(' ') !== words) ? { title: String } : {}),
      }),
      ...(reference ? [
        Plot.ruleX([scale * reference.value], { stroke: paleInk, strokeDasharray: '4,4' }),
        Plot.text([reference.label], {
          x: scale * reference.value, facetAnchor: 'top', frameAnchor: 'top', dy: -16, fill: paleInk,
        }),
      ] : []),
      Plot.ruleX([0], { stroke: ink }),
    ],
  })
  const words = bars.map((bar, i) => `${bar.label}${bar.group ? `, ${bar.group}` : ''}: ${rows[i].text}`)
  const entries = groups.map(group => ({ label: group, color: colorOf(group) }))
  return frame({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.`, rows: bars.map(shownNumbers) },
    [...(groups.length > 1 ? [legend(entries, width)] : []), drawing])
}

/** The numbers of a bar; bars may be rows with more properties than a chart shows. */
function shownNumbers({ label, group, value, low, high }: Bar): Bar {
  return { label, group, value, low, high }
}

function groupOf({ group = '' }: Bar): string {
  return group
}
