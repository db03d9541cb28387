/** How values are distributed, one outline a series. */
import * as Plot from '@observablehq/plot'
import { frame, ink, palette, type Figure, type NamedFigureOptions } from './figure'
import { seriesLegend } from './line-chart'
import { plot } from './plot'

/** The values of one outline. */
export interface HistogramSeries {
  label: string
  values: ArrayLike<number>
}

/** Words around the histogram, and its bins. */
export interface HistogramOptions extends NamedFigureOptions {
  /** What the values are, such as 'grey level'. */
  label: string
  /** Default 32. */
  bins?: number
  /** Ends of the first and last bin; values outside are left out. Default: the least and greatest value. */
  domain?: readonly [number, number]
}

/**
 * Shares of each series' values by bin: series of different length compare.
 * @example show(figures.histogram(look.collectGreys(ct, pixels), { name: 'grey', title: 'Grey levels',
 *   label: 'grey level' }))
 */
export function histogram(series: readonly HistogramSeries[], options: HistogramOptions): Figure {
  const { name, title, subtitle, label, bins = 32 } = options
  const [low, high] = options.domain ?? ends(series)
  const width = (high - low) / bins || 1
  const rows = series.flatMap(({ label: of, values }, s) =>
    shares(values, low, width, bins).map((share, bin) => ({
      x1: low + bin * width, x2: low + (bin + 1) * width, y: 100 * share, of, color: palette[s % palette.length],
    })))
  const outline = rows.flatMap(row => [{ ...row, x: row.x1 }, { ...row, x: row.x2 }])
  const drawing = plot({
    width: 640, height: 320, marginLeft: 56, marginRight: 18, marginTop: 24, marginBottom: 42,
    x: { label, domain: [low, low + width * bins] },
    y: { label: 'share of values (%)', grid: true, nice: true, zero: true },
    marks: [
      Plot.rect(rows, { x1: 'x1', x2: 'x2', y1: () => 0, y2: 'y', fill: 'color', fillOpacity: 0.28 }),
      Plot.line(outline, { x: 'x', y: 'y', z: 'of', stroke: 'color', strokeWidth: 1.8 }),
      Plot.ruleY([0], { stroke: ink }),
    ],
  })
  const alt = `${title}. ${series.map(({ label: of, values }) => `${of}: ${values.length} values`).join('; ')}.`
  const entries = series.map(({ label: of }) => ({ label: of, points: [] }))
  return frame({ name, title, subtitle, alt }, [...seriesLegend([entries], 640), drawing])
}

function shares(values: ArrayLike<number>, low: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - low) / width)
    if (bin >= 0 && bin < bins) counts[bin]++
    else if (values[i] === low + width * bins) counts[bins - 1]++
  }
  return counts.map(count => count / Math.max(1, values.length))
}

function ends(series: readonly HistogramSeries[]): [number, number] {
  let low = Infinity, high = -Infinity
  for (const { values } of series)
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i])
      high = Math.max(high, values[i])
    }
  return low <= high ? [low, high] : [0, 1]
}
