/** Accuracy rung by rung, from training the head only to training everything. */
import * as Plot from '@observablehq/plot'
import { ascending } from 'd3-array'
import { formatNumber } from '../format'
import { emptyFigure } from './empty-figure'
import { frame, legend, paleInk, palette, shorten, wrap, type Drawing, type Figure, type NamedFigureOptions } from './figure'
import { plot } from './plot'

/** How one kind of run did on one kind of split. Values are shares. */
export interface Rung {
  /** What trains, such as 'conv4'. */
  depth: string
  /** Which images, such as 'number blocks'. */
  split: string
  accuracy: number
  /** Ends of the interval; NaN where there is none. */
  low: number
  high: number
}

/** A method without a depth to compare with, drawn as a horizontal line. */
export interface Level {
  label: string
  split: string
  accuracy: number
}

/** Words around the ladder, its rungs, and what it compares with. */
export interface LadderOptions extends NamedFigureOptions {
  /** All depths from left to right; a depth without a run stays empty. */
  depths: readonly string[]
  /** Beneath the rungs. Default 'what trains'. */
  label?: string
  levels?: readonly Level[]
  /** Further columns to the right, which no line joins: methods without a depth. Rungs name them as their depth. */
  methods?: readonly string[]
  /** A last column of values without intervals, such as published accuracies: a tick for each. */
  ticks?: { column: string; values: readonly Level[] }
}

const width = 720, height = 400

/**
 * One line for each split, with intervals; dashed lines for methods without a depth, or columns that no line joins.
 * @example show(ladder(rungs, { name: 'ladder', title: 'Frozen to fine-tuned', depths: trainingDepths }))
 */
export function ladder(rungs: readonly Rung[], options: LadderOptions): Figure {
  const { name, title, subtitle, levels = [], ticks } = options
  if (![...rungs, ...levels].some(({ accuracy }) => Number.isFinite(accuracy)))
    return emptyFigure(options, 'There are no runs to draw.')
  const splits = [...new Set([...rungs, ...levels, ...ticks?.values ?? []].map(({ split }) => split))]
  const entries = splits.map((label, i) => ({ label, color: palette[i % palette.length] }))
  const words = rungs.map(({ depth, split, accuracy }) => `${split}, ${depth}: ${formatNumber(accuracy, 'percent')}`)
  const across = levels.map(({ label, split, accuracy }) => `${split}, ${label}: ${formatNumber(accuracy, 'percent')}`)
  const alt = [...words, ...across, ...ticks ? splits.flatMap(split => rangeOf(split, ticks)) : []]
  return frame({ name, title, subtitle, alt: `${title}. ${alt.join('; ')}.` },
    [legend(entries, width), ladderPlot(rungs, splits, options)])
}

/** The ticks of a split in words; none where it has none. */
function rangeOf(split: string, { column, values }: NonNullable<LadderOptions['ticks']>): string[] {
  const own = values.filter(one => one.split === split).map(({ accuracy }) => accuracy).sort(ascending)
  const words = own.map(accuracy => formatNumber(accuracy, 'percent'))
  if (own.length === 0) return []
  return [`${split}, ${column}: ${own.length < 4 ? words.join(', ') : `${own.length} from ${words[0]} to ${words.at(-1)}`}`]
}

function ladderPlot(
  rungs: readonly Rung[], splits: readonly string[], { depths, label, levels = [], methods = [], ticks }: LadderOptions,
): Drawing {
  const columns = [...depths, ...methods, ...ticks ? [ticks.column] : []]
  const color = ({ split }: { split: string }) => palette[splits.indexOf(split) % palette.length]
  // Splits are moved apart a little, so that no interval hides another.
  const beside = (column: string, split: string) =>
    columns.indexOf(column) + 0.12 * (splits.indexOf(split) - (splits.length - 1) / 2)
  const x = ({ depth, split }: Rung) => beside(depth, split)
  const sorted = [...rungs].sort((a, b) => columns.indexOf(a.depth) - columns.indexOf(b.depth))
  const bounded = sorted.filter(({ low, high }) => low <= high)
  const percent = (share: number) => 100 * share
  const marginLeft = 56, marginRight = levels.length || columns.length === depths.length ? 210 : 24
  const names = columns.map(column => wrap(column, (width - marginLeft - marginRight) / columns.length - 6, 12))
  const lower = 14 * (Math.max(1, ...names.map(lines => lines.length)) - 1)
  return plot({
    width, height: height + lower, marginLeft, marginRight, marginTop: 22, marginBottom: 46 + lower,
    x: {
      domain: [-0.5, columns.length - 0.5], ticks: columns.map((_, i) => i),
      tickFormat: (i: number) => names[i].join('\n'), label: label ?? 'what trains',
    },
    y: { label: 'test accuracy (%)', grid: true, nice: true, zero: false, ticks: 6 },
    marks: [
      ...(columns.length > depths.length ? [
        Plot.ruleX([depths.length, depths.length + methods.length].filter(end => end < columns.length), {
          x: (end: number) => end - 0.5, stroke: paleInk, strokeOpacity: 0.4,
        }),
      ] : []),
      Plot.ruleY(levels, { y: ({ accuracy }) => percent(accuracy), stroke: color, strokeDasharray: '5,4' }),
      Plot.text(apart(levels, rungs), {
        x: () => depths.length - 0.5, y: ({ at }) => percent(at), text: ({ label: words }) => shorten(words, 196, 12), textAnchor: 'start', dx: 6, fill: color,
      }),
      Plot.ruleX(bounded, {
        x, y1: ({ low }) => percent(low), y2: ({ high }) => percent(high), stroke: color, strokeWidth: 1.5,
      }),
      Plot.line(sorted.filter(({ depth }) => depths.includes(depth)), {
        x, y: ({ accuracy }) => percent(accuracy), z: 'split', stroke: color, strokeWidth: 2,
      }),
      Plot.dot(sorted, { x, y: ({ accuracy }) => percent(accuracy), fill: color, r: 4.5 }),
      ...(ticks ? [
        Plot.ruleY(ticks.values, {
          y: ({ accuracy }) => percent(accuracy), stroke: color, strokeWidth: 2, title: ({ label: words }) => words,
          x1: ({ split }) => beside(ticks.column, split) - 0.055,
          x2: ({ split }) => beside(ticks.column, split) + 0.055,
        }),
      ] : []),
    ],
  })
}

/** Levels with the height of their labels: labels of levels that are close are moved apart. */
function apart(levels: readonly Level[], rungs: readonly Rung[]): (Level & { at: number })[] {
  const ends = rungs.flatMap(({ low, high }) => [low, high]).filter(end => !Number.isNaN(end))
  const values = [...[...levels, ...rungs].map(({ accuracy }) => accuracy), ...ends]
  const least = 0.04 * (Math.max(...values) - Math.min(...values))
  const labelled: (Level & { at: number })[] = []
  for (const level of [...levels].sort((a, b) => b.accuracy - a.accuracy))
    labelled.push({ ...level, at: Math.min(level.accuracy, (labelled.at(-1)?.at ?? Infinity) - least) })
  return labelled
}
