/** How values are distributed, one outline a series. */
import * as Plot from '@observablehq/plot'
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { listed } from '../letters'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, ink, seriesLook, type Figure, type NamedFigureOptions } from './figure'
import { seriesLegend } from './line-chart'
import { plot } from './plot'

/** The values of one outline. */
export interface HistogramSeries {
  label: string
  values: ArrayLike<number>
  /** The reason why there are no values, in a sentence. */
  reason?: string
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
 * Shares of each series' values by bin: series of different length compare. Values that are no finite numbers are left
 * out; the figure says how many, and which series have none.
 * @throws LabError 'bad-argument' for bins that are no whole number from 1 to 1000, or a domain that does not rise
 * @example show(figures.histogram(look.collectGreys(ct, pixels), { name: 'grey', title: 'Grey levels',
 *   label: 'grey level' }))
 */
export function histogram(series: readonly HistogramSeries[], options: HistogramOptions): Figure {
  requireKnownKeys('histogram', options ?? null, { ...figureOptionNames, label: true, bins: true, domain: true })
  const { name, title, label, bins = 32 } = options
  requireInRange('bins', bins, { low: 1, high: 1000, whole: true })
  const drawn = series.map(one => ({ ...one, values: Array.from(one.values).filter(Number.isFinite) }))
  const missing = wordsOfMissing(series, drawn)
  const [low, high] = options.domain ?? ends(drawn)
  if (!(low < high || !options.domain))
    throw new LabError('bad-argument', {
      expected: 'a domain from a lower to a higher number', received: `${low} to ${high}`, remedy: 'Change the domain',
    })
  if (drawn.every(({ values }) => values.length === 0)) return emptyFigure(options, missing || 'There are no values to draw.')
  const subtitle = [options.subtitle, missing].filter(Boolean).join(' ') || undefined
  const width = (high - low) / bins || 1
  const rows = drawn.flatMap(({ label: of, values }, s) => values.length === 0 ? [] :
    shares(values, low, width, bins).map((share, bin) => ({
      x1: low + bin * width, x2: low + (bin + 1) * width, y: 100 * share, of, ...seriesLook(s),
    })))
  const outline = rows.flatMap(row => [{ ...row, x: row.x1 }, { ...row, x: row.x2 }])
  const line = (points: typeof outline, strokeDasharray?: string) =>
    Plot.line(points, { x: 'x', y: 'y', z: 'of', stroke: 'color', strokeWidth: 1.8, strokeDasharray })
  const drawing = plot({
    width: 640, height: 320, marginLeft: 56, marginRight: 18, marginTop: 24, marginBottom: 42,
    x: { label, domain: [low, low + width * bins] },
    y: { label: 'share of values (%)', grid: true, nice: true, zero: true },
    marks: [
      Plot.rect(rows, { x1: 'x1', x2: 'x2', y1: () => 0, y2: 'y', fill: 'color', fillOpacity: 0.28 }),
      line(outline.filter(row => !row.dashed)), line(outline.filter(row => row.dashed), '5,4'),
      Plot.ruleY([0], { stroke: ink }),
    ],
  })
  const alt = `${title}. ${drawn.map(({ label: of, values }) => `${of}: ${values.length} values`).join('; ')}.${missing && ` ${missing}`}`
  const entries = series.map(({ label: of }) => ({ label: of, points: [] }))
  return frame({ name, title, subtitle, alt }, [...seriesLegend([entries], 640), drawing])
}

/** What is not drawn: series without values, with the reason where it is known, and values that are no numbers. */
function wordsOfMissing(series: readonly HistogramSeries[], drawn: readonly HistogramSeries[]): string {
  const empty = series.filter((_, s) => drawn[s].values.length === 0)
  const unexplained = empty.filter(({ reason }) => !reason).map(({ label }) => label)
  const left = series.flatMap(({ label, values }, s) => {
    const count = values.length - drawn[s].values.length
    return count > 0 ? [`${count} of ${values.length} values of ${label} are no numbers and are left out.`] : []
  })
  return [
    ...new Set(empty.flatMap(({ reason }) => reason || [])),
    ...(unexplained.length ? [`There are no values of ${listed(unexplained)}.`] : []), ...left,
  ].join(' ')
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
