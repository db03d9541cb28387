/** Paired comparisons as a forest plot: the primary one, and the family apart from it. */
import * as Plot from '@observablehq/plot'
import { judgeDeclared, type Declaration, type DeclaredResult } from '../../evaluation/comparison/declared'
import type { Estimate } from '../../evaluation/intervals'
import type { MetricName } from '../../evaluation/scores/metric'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate, formatNumber } from '../format'
import { metricWords } from '../metric-words'
import { figureOptionNames, frame, ink, palette, paleInk, text, wrap, type Drawing, type Figure, type FigureOptions } from './figure'
import { plot } from './plot'

const width = 760, left = 250, right = 270, step = 34

/** One paired comparison: of `statistics.compareMetric`, `statistics.compareAreas` or `comparePredictions`. */
export interface PairedComparison {
  /** Second minus first, with its 95 % interval. */
  difference: Estimate
  pValue: number
  intervalKind: string
  metric?: MetricName
}

/** Words around the forest. */
export interface ComparisonForestOptions extends FigureOptions {
  /** What the difference is. Default: the comparisons' metric, second minus first. */
  label?: string
}

/**
 * Differences of paired comparisons with their 95 % intervals, and p: the primary comparison first, a family of others
 * beneath it with p adjusted by Holm's method (`statistics.judgeDeclared`). Right of the line at 0 the second
 * classifier has the greater value.
 * @param comparisons by the names that were declared, none left out
 * @param declaration what is compared, written down before any test part was looked at
 * @throws LabError 'bad-argument' where the comparisons are not those that were declared, or a p-value is none
 * @example
 * const compared = statistics.compareMetric(predictions, predictions, { metric: 'accuracy' })
 * show(figures.comparisonForest({ 'twice the same': compared },
 *   { primary: 'twice the same', family: 'others', secondary: [] }))
 */
export function comparisonForest(
  comparisons: Readonly<Record<string, PairedComparison>>, declaration: Declaration,
  options: ComparisonForestOptions = {},
): Figure {
  requireKnownKeys('comparisonForest', options, { ...figureOptionNames, label: true })
  const { name = 'comparison-forest', title = 'Paired comparisons' } = options
  const pValues = Object.fromEntries(Object.entries(comparisons).map(([key, { pValue }]) => [key, pValue]))
  const rows = judgeDeclared(declaration, pValues).map(judged => ({ ...judged, ...comparisons[judged.comparison] }))
  const metrics = [...new Set(rows.map(({ metric }) => metric))], [metric] = metrics
  const label = options.label ?? (metrics.length === 1 && metric
    ? `difference in ${metricWords[metric]}, second minus first` : 'difference, second minus first')
  const kinds = new Set(rows.map(({ intervalKind }) => intervalKind))
  const lower = metrics.some(one => one === 'brier' || one === 'logLoss') ? '. Below 0 is better' : ''
  const subtitle = options.subtitle ?? `${kinds.size === 1 ? [...kinds][0] : '95 % intervals'}${lower}`
  const words = rows.map(row => `${row.comparison}, ${row.role}: ${formatEstimate(row.difference, 'decimal')}, ${pWords(row)}`)
  return frame({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.` }, [forest(rows, declaration, label)])
}

type Row = DeclaredResult & PairedComparison

/** Rows stand at whole steps; the family's heading takes one of them. */
function forest(rows: readonly Row[], { family, secondary }: Declaration, label: string): Drawing {
  const placed = rows.map((row, i) => ({ ...row, at: i === 0 ? 1 : i + 2, primary: i === 0 }))
  const last = placed.at(-1)!.at, height = 64 + step * (last + 1)
  const ends = placed.flatMap(({ difference: { value, low, high } }) => [value, low, high]).filter(Number.isFinite)
  const reach = 1.1 * Math.max(1e-3, ...ends.map(Math.abs))
  const color = ({ primary }: { primary: boolean }) => palette[primary ? 1 : 0]
  const symbol = ({ primary }: { primary: boolean }) => (primary ? 'square' : 'circle')
  const chart = plot({
    width, height, marginLeft: left, marginRight: right, marginTop: 20, marginBottom: 44,
    x: { domain: [-reach, reach], label, grid: true, ticks: 5 },
    y: { axis: null, domain: [-0.5, last + 0.5], reverse: true },
    marks: [
      Plot.ruleX([0], { stroke: ink, strokeWidth: 1.4 }),
      Plot.ruleY(placed.filter(({ difference: { low, high } }) => low < high), {
        y: 'at', x1: ({ difference }) => difference.low, x2: ({ difference }) => difference.high, stroke: color,
        strokeWidth: 2.4,
      }),
      Plot.dot(placed.filter(({ difference }) => Number.isFinite(difference.value)), {
        x: ({ difference }) => difference.value, y: 'at', fill: color, r: 5.5, symbol,
      }),
    ],
  })
  const middle = (at: number) => 20 + (height - 64) * (at + 0.5) / (last + 1) + 4
  const heading = (words: string, at: number) => text(12, middle(at), words, { size: 12, fill: paleInk })
  const columns = width - right + 20
  const lines = placed.map(row => {
    const { comparison, at, primary } = row, names = wrap(comparison, left - 30, 12.5, 2)
    const name = names.map((line, i) => text(20, middle(at) + 15 * (i - (names.length - 1) / 2), line,
      { weight: primary ? 'bold' : 'normal', whole: i ? line : comparison }))
    return name.join('') + text(columns, middle(at), formatEstimate(row.difference, 'decimal'))
      + text(width - 12, middle(at), pWords(row), { anchor: 'end' })
  })
  const familyWords = `family: ${family}`
  return {
    width, height, svg: chart.svg + heading('primary comparison', 0) + lines.join('') + (secondary.length === 0 ? ''
      : wrap(familyWords, left - 24, 12, 2).map((line, i, all) => heading(line, 2.15 + 0.42 * (i - (all.length - 1)))).join(''))
      + text(columns, middle(0), 'difference (95 % interval)', { fill: paleInk })
      + text(width - 12, middle(0), 'p', { anchor: 'end', fill: paleInk })
      + (secondary.length === 0 ? '' : text(width - 12, middle(2.15), 'p by Holm', { anchor: 'end', fill: paleInk })),
  }
}

/** Such as 'p = 0.021' or 'p < 0.001'. */
function pWords({ adjusted }: DeclaredResult): string {
  return adjusted < 1e-3 ? 'p < 0.001' : `p = ${formatNumber(adjusted)}`
}
