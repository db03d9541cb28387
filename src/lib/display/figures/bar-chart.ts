/** Bars with intervals, for comparing methods. */
import * as Plot from '@observablehq/plot'
import { formatNumber, type ColumnFormat } from '../format'
import { frame, ink, legend, paleInk, palette, textWidth, type Figure } from './figure'
import { plot } from './plot'

/** One bar. */
export interface Bar {
  label: string
  /** From 0 to 1 where the axis is 'percent'. */
  value: number
  /** Ends of the interval; left out or NaN where there is none. */
  low?: number
  high?: number
  /** Bars of one label stand together, coloured by group. */
  group?: string
}

/** What a bar chart is made of. */
export interface BarChartOptions {
  name: string
  title: string
  subtitle?: string
  /** What the values are, such as 'accuracy'. */
  label: string
  /** Default 'percent': values are shares. */
  kind?: 'percent' | 'linear'
  /** A dashed line to compare with, such as the majority's share. */
  reference?: { value: number; label: string }
}

/** A bar's height, and the room between labels, in pixels. */
const thickness = 20, space = 14

/**
 * Horizontal bars from zero, in the order given, each with its interval.
 * @example show(barChart(rows, { name: 'baselines', title: 'Before any network', label: 'accuracy' }))
 */
export function barChart(bars: readonly Bar[], options: BarChartOptions): Figure {
  const { name, title, subtitle, label, kind = 'percent', reference } = options
  const labels = [...new Set(bars.map(bar => bar.label))]
  const groups = [...new Set(bars.map(bar => bar.group ?? ''))]
  const format: ColumnFormat = kind === 'percent' ? 'percent' : bars.every(b => Number.isInteger(b.value)) ? 'integer' : 'decimal'
  const scale = kind === 'percent' ? 100 : 1
  const step = groups.length * thickness + space
  const rows = bars.map(bar => {
    const group = groups.indexOf(bar.group ?? '')
    const top = labels.indexOf(bar.label) * step + space / 2 + group * thickness
    const interval = bar.low !== undefined && bar.high !== undefined && bar.low <= bar.high
    const [low, high] = interval ? [scale * bar.low!, scale * bar.high!] : [scale * bar.value, scale * bar.value]
    return {
      value: scale * bar.value, low, high, interval, text: formatNumber(bar.value, format),
      top: top + 1, middle: top + thickness / 2, bottom: top + thickness - 1, color: palette[group % palette.length],
    }
  })
  const bounded = rows.filter(row => row.interval)
  const left = 24 + Math.max(...labels.map(words => textWidth(words, 12)))
  const width = Math.max(640, left + 360), height = labels.length * step
  const drawing = plot({
    width, height: height + 72, marginLeft: left, marginRight: 76, marginTop: 26, marginBottom: 46,
    x: {
      label: kind === 'percent' ? `${label} (%)` : label, labelAnchor: 'center', labelArrow: 'none', grid: true, ticks: 6,
      ...(kind === 'percent' ? { domain: [0, 100] } : { nice: true, zero: true }),
    },
    y: { axis: null, domain: [0, height], range: [26, 26 + height] },
    color: { type: 'identity' },
    marks: [
      Plot.rect(rows, { x1: () => 0, x2: 'value', y1: 'top', y2: 'bottom', fill: 'color', fillOpacity: 0.85 }),
      Plot.ruleY(bounded, { y: 'middle', x1: 'low', x2: 'high', stroke: ink, strokeWidth: 1.5 }),
      ...['low', 'high'].map(end => Plot.ruleX(bounded, {
        x: end, y1: row => row.top + 5, y2: row => row.bottom - 5, stroke: ink, strokeWidth: 1.5,
      })),
      Plot.text(rows, { x: row => Math.max(row.value, row.high), y: 'middle', text: 'text', textAnchor: 'start', dx: 6 }),
      Plot.text(labels, { x: () => 0, y: (_, i) => (i + 0.5) * step, text: String, textAnchor: 'end', dx: -10 }),
      ...(reference ? [
        Plot.ruleX([scale * reference.value], { stroke: paleInk, strokeDasharray: '4,4' }),
        Plot.text([reference.label], { x: scale * reference.value, frameAnchor: 'top', dy: -16, fill: paleInk }),
      ] : []),
      Plot.ruleX([0], { stroke: ink }),
    ],
  })
  const words = bars.map((bar, i) => `${bar.label}${bar.group ? `, ${bar.group}` : ''}: ${rows[i].text}`)
  const entries = groups.map((group, i) => ({ label: group, color: palette[i % palette.length] }))
  return frame({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.` },
    [...(groups.length > 1 ? [legend(entries, width)] : []), drawing])
}
