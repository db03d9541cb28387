/** Lines over a common axis. */
import * as Plot from '@observablehq/plot'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { listed } from '../letters'
import { emptyDrawing, emptyFigure } from './empty-figure'
import {
  beside, figureOptionNames, frame, legend, seriesLook, type Drawing, type Figure, type FrameOptions,
  type NamedFigureOptions,
} from './figure'
import { plot } from './plot'

/** One line through points, in their order. */
export interface Series {
  label: string
  points: readonly { x: number; y: number }[]
  /** Default: the next of the palette. */
  color?: string
  dashed?: boolean
}

/** An axis: its label, its kind, and its ends unless the data decide. */
export interface Axis {
  label: string
  domain?: readonly [number, number]
  /** 'percent' takes shares: 0.5 is shown as 50; 'whole' labels whole numbers only. Default 'linear'. */
  kind?: 'linear' | 'log' | 'percent' | 'whole'
}

/** One pair of axes with its lines. */
export interface LinePanel {
  title?: string
  x: Axis
  y: Axis
  series: readonly Series[]
}

/** Axes and lines of a chart, and the words around it. */
export interface LineChartOptions extends NamedFigureOptions {
  x: Axis
  y: Axis
  series: readonly Series[]
  /** Default: the title and each line's last value. */
  alt?: string
}

/**
 * A chart of one or several lines.
 * @example show(figures.lineChart({ name: 'rate', title: 'Rate', x: { label: 'step' }, y: { label: 'rate' }, series }))
 */
export function lineChart(options: LineChartOptions): Figure {
  requireKnownKeys('lineChart', options ?? null, { ...figureOptionNames, x: true, y: true, series: true, alt: true })
  const { name, title, series } = options
  const panel = { x: options.x, y: options.y, series }
  const drawn = pointsOf(panel)
  if (drawn.length === 0) return emptyFigure(options, nothing(panel))
  const subtitle = [options.subtitle, withoutPoints(panel)].filter(Boolean).join(' ') || undefined
  const alt = options.alt ?? `${title}. ${series.map(lastValue).join('; ')}.`
  const drawing = linePanel(panel, 640, 340)
  return frame({ name, title, subtitle, alt }, [...seriesLegend([series], 640), drawing])
}

/** The axes and lines of one panel. Points get dots where there are few of them. */
export function linePanel(panel: LinePanel, width: number, height: number): Drawing {
  const { title, x, y, series } = panel
  const rows = pointsOf(panel)
  if (rows.length === 0) return emptyDrawing(`${title ? `${title}. ` : ''}${nothing(panel)}`, width, height)
  const dashed = new Set(series.filter((s, i) => isDashed(s, i)).map(s => s.label))
  const few = series.every(s => s.points.length <= 32)
  const line = (points: typeof rows, dash?: string) => Plot.line(points, {
    x: 'x', y: 'y', z: 'label', stroke: 'color', strokeWidth: 2, strokeDasharray: dash,
  })
  const vertical = axis({ ...y, domain: y.domain ?? domainOfOneValue(rows.map(row => row.y), y.kind) })
  return plot({
    width, height,
    marginLeft: 56, marginRight: 18, marginTop: title ? 46 : 30, marginBottom: 42,
    x: { ...axis(x), ticks: Math.round(width / 80) },
    y: { ...vertical, grid: true, ticks: 6, label: title ? null : vertical.label },
    marks: [
      // Plot would draw the axis' label at the height of the title, so it is drawn here, lower.
      ...(title ? [
        Plot.text([title], { frameAnchor: 'top', dy: -38, fontWeight: 'bold' }),
        Plot.text([vertical.label], { frameAnchor: 'top-left', dx: -50, dy: -20 }),
      ] : []),
      line(rows.filter(row => !dashed.has(row.label))),
      line(rows.filter(row => dashed.has(row.label)), '5,4'),
      ...(few ? [Plot.dot(rows, { x: 'x', y: 'y', fill: 'color', r: 3 })] : []),
    ],
  })
}

/** The legend of panels that share their series' labels and colors; none for a single line. */
export function seriesLegend(panels: readonly (readonly Series[])[], width: number): Drawing[] {
  const entries = new Map(panels.flatMap(series =>
    series.map((s, i) => [s.label, { label: s.label, color: colorOf(s, i), dashed: isDashed(s, i) }] as const)))
  return entries.size > 1 ? [legend([...entries.values()], width)] : []
}

/**
 * Several panels beside each other under one legend.
 * @example show(figures.lineCharts({ name: 'two', title: 'Two panels', alt: 'Two curves.' },
 *   [{ x: { label: 'step' }, y: { label: 'loss' }, series }]))
 */
export function lineCharts(
  head: FrameOptions, panels: readonly LinePanel[],
): Figure {
  requireKnownKeys('lineCharts', head ?? null, { ...figureOptionNames, alt: true, rows: true })
  const width = 380
  if (panels.every(panel => pointsOf(panel).length === 0))
    return emptyFigure(head, panels.length ? nothing({ ...panels[0], series: panels.flatMap(({ series }) => series) })
      : 'There are no panels to draw.')
  return frame(head, [
    ...seriesLegend(panels.map(p => p.series), width * panels.length),
    beside(panels.map(panel => linePanel(panel, width, 300))),
  ])
}

function axis({ label, domain, kind = 'linear' }: Axis): Plot.ScaleOptions {
  return {
    label: kind === 'percent' ? `${label} (%)` : label,
    type: kind === 'log' ? 'log' : 'linear',
    nice: domain === undefined,
    ...(kind === 'percent' ? { percent: true } : {}),
    ...(kind === 'log' ? { tickFormat: powerOfTen } : {}),
    ...(kind === 'whole' ? { tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : '') } : {}),
    ...(domain ? { domain: domain.map(end => (kind === 'percent' ? 100 * end : end)) } : {}),
  }
}

/** A domain from zero where all values are the same: Plot makes no scale of one value. */
function domainOfOneValue(values: readonly number[], kind?: Axis['kind']): readonly [number, number] | undefined {
  const [value] = values
  if (kind === 'log' || value === undefined || value === 0 || values.some(one => one !== value)) return undefined
  return value > 0 ? [0, value] : [value, 0]
}

/** 10⁻³ at powers of ten, nothing at the ticks between. */
function powerOfTen(value: number): string {
  const power = Math.round(Math.log10(value))
  if (Math.abs(value / 10 ** power - 1) > 1e-9) return ''
  return `10${[...String(power)].map(digit => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)]).join('')}`
}

function colorOf(series: { color?: string }, index: number): string {
  return series.color ?? seriesLook(index).color
}

function isDashed({ color, dashed }: Series, index: number): boolean {
  return dashed ?? (color === undefined && seriesLook(index).dashed)
}

/** The points that axes can show: finite numbers, above zero on a logarithmic axis. */
function pointsOf({ x, y, series }: LinePanel) {
  const fits = (value: number, { kind }: Axis) => Number.isFinite(value) && (kind !== 'log' || value > 0)
  return series.flatMap((one, s) => one.points.filter(point => fits(point.x, x) && fits(point.y, y))
    .map(point => ({ ...point, label: one.label, color: colorOf(one, s) })))
}

/** Says why a panel is empty. */
function nothing({ series, y }: LinePanel): string {
  if (series.every(({ points }) => points.length === 0))
    return series.length ? `There are no points of ${listed([...new Set(series.map(({ label }) => label))])}.` : 'There are no lines to draw.'
  return `No point of ${listed([...new Set(series.map(({ label }) => label))])} has a number${y.kind === 'log' ? ' above zero' : ''}.`
}

/** Names the lines without a point, where other lines have some. */
function withoutPoints(panel: LinePanel): string {
  const empty = panel.series.filter(one => pointsOf({ ...panel, series: [one] }).length === 0)
  return empty.length ? `There are no points of ${listed(empty.map(({ label }) => label))}.` : ''
}

function lastValue({ label, points }: Series): string {
  const last = points.at(-1)
  return last ? `${label} ends at ${formatNumber(last.y)}` : `${label} has no points`
}
