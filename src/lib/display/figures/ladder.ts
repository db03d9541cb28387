/** Accuracy rung by rung, from training the head only to training everything. */
import * as Plot from '@observablehq/plot'
import { formatNumber } from '../format'
import { emptyFigure } from './empty-figure'
import { frame, legend, palette, shorten, type Drawing, type Figure, type NamedFigureOptions } from './figure'
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
}

const width = 720, height = 400

/**
 * One line for each split, with intervals; dashed lines for methods without a depth.
 * @example show(ladder(rungs, { name: 'ladder', title: 'Frozen to fine-tuned', depths: trainingDepths }))
 */
export function ladder(rungs: readonly Rung[], options: LadderOptions): Figure {
  const { name, title, subtitle, depths, levels = [] } = options
  if (![...rungs, ...levels].some(({ accuracy }) => Number.isFinite(accuracy)))
    return emptyFigure(options, 'There are no runs to draw.')
  const splits = [...new Set([...rungs, ...levels].map(({ split }) => split))]
  const entries = splits.map((label, i) => ({ label, color: palette[i % palette.length] }))
  const words = rungs.map(({ depth, split, accuracy }) => `${split}, ${depth}: ${formatNumber(accuracy, 'percent')}`)
  const across = levels.map(({ label, split, accuracy }) => `${split}, ${label}: ${formatNumber(accuracy, 'percent')}`)
  return frame({ name, title, subtitle, alt: `${title}. ${[...words, ...across].join('; ')}.` },
    [legend(entries, width), ladderPlot(rungs, splits, depths, options)])
}

function ladderPlot(
  rungs: readonly Rung[], splits: readonly string[], depths: readonly string[], { label, levels = [] }: LadderOptions,
): Drawing {
  const color = ({ split }: { split: string }) => palette[splits.indexOf(split) % palette.length]
  // Splits are moved apart a little, so that no interval hides another.
  const x = ({ depth, split }: Rung) => depths.indexOf(depth) + 0.12 * (splits.indexOf(split) - (splits.length - 1) / 2)
  const sorted = [...rungs].sort((a, b) => depths.indexOf(a.depth) - depths.indexOf(b.depth))
  const bounded = sorted.filter(({ low, high }) => low <= high)
  const percent = (share: number) => 100 * share
  return plot({
    width, height, marginLeft: 56, marginRight: 210, marginTop: 22, marginBottom: 46,
    x: {
      domain: [-0.5, depths.length - 0.5], ticks: depths.map((_, i) => i), tickFormat: (i: number) => depths[i],
      label: label ?? 'what trains',
    },
    y: { label: 'test accuracy (%)', grid: true, nice: true, zero: false, ticks: 6 },
    marks: [
      Plot.ruleY(levels, { y: ({ accuracy }) => percent(accuracy), stroke: color, strokeDasharray: '5,4' }),
      Plot.text(apart(levels, rungs), {
        x: () => depths.length - 0.5, y: ({ at }) => percent(at), text: ({ label: words }) => shorten(words, 196, 12), textAnchor: 'start', dx: 6, fill: color,
      }),
      Plot.ruleX(bounded, {
        x, y1: ({ low }) => percent(low), y2: ({ high }) => percent(high), stroke: color, strokeWidth: 1.5,
      }),
      Plot.line(sorted, { x, y: ({ accuracy }) => percent(accuracy), z: 'split', stroke: color, strokeWidth: 2 }),
      Plot.dot(sorted, { x, y: ({ accuracy }) => percent(accuracy), fill: color, r: 4.5 }),
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
