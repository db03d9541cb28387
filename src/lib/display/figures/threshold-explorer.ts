/** What each threshold gives: four measures against the threshold, and the operating points that validation chose. */
import * as Plot from '@observablehq/plot'
import { shortThreshold } from '../../evaluation/call'
import { decide } from '../../evaluation/decision'
import { f1 } from '../../evaluation/metrics'
import { chooseOperatingPoint, judgeOperatingPoint, type OperatingPoint } from '../../evaluation/operating-point'
import { describeOperatingRule, type OperatingRule } from '../../evaluation/operating-rule'
import { oneAgainstRest, positiveOf, type Predictions } from '../../evaluation/predictions'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { formatEstimate, formatNumber } from '../format'
import { emptyFigure } from './empty-figure'
import {
  beside, curveLook, figureOptionNames, frame, ink, legend, text, wrap, type Drawing, type Figure, type FigureOptions,
} from './figure'
import { curves as curveMarks, plot } from './plot'

const measures = ['sensitivity', 'specificity', 'precision', 'F1'] as const
const letters = 'ABCDEFGHIJ'

/** Which thresholds are marked, and the words around them. */
export interface ThresholdExplorerOptions extends FigureOptions {
  /** The class that the test looks for. Default: the one that the predictions name. */
  positive?: string
  /**
   * Up to ten rules that choose a threshold, as `statistics.chooseOperatingPoint` takes them. Default: Youden's, a
   * sensitivity of at least .95, a specificity of at least .95.
   */
  rules?: readonly OperatingRule[]
}

/**
 * Sensitivity, specificity, precision and F1 against the threshold. Rules choose thresholds on the validation
 * predictions, never on the test predictions; the test panel shows what those same thresholds give there, and the lines
 * beneath give it with 95 % intervals. Figures of the validation part are too good to be reported: it chose.
 * @param test predictions for other images. Default: only the validation panel is drawn
 * @param options default name 'threshold-explorer'
 * @throws LabError 'bad-argument' without a positive class, for a rule that is none, and where a test image was among
 *   those that chose
 * @example
 * const validation = await predict(trained.model, parts.validation)
 * show(figures.thresholdExplorer(validation, predictions, { positive: ct.labels[0] }))
 */
export function thresholdExplorer(
  validation: Predictions, test?: Predictions, options: ThresholdExplorerOptions = {},
): Figure {
  requireKnownKeys('thresholdExplorer', options, { ...figureOptionNames, positive: true, rules: true })
  const positive = positiveOf(validation, options.positive), rules = options.rules ?? defaultRules
  requireInRange('the number of rules', rules.length, { low: 1, high: letters.length })
  const { name = 'threshold-explorer', title = `What each threshold gives: ${positive}` } = options
  const { length: all } = validation.labels, found = countOf(validation, positive)
  if (found === 0 || found === all)
    return emptyFigure({ ...options, name, title }, `Of the ${counted(all, 'validation image')} ${found} are ${positive}: `
      + 'nothing can choose a threshold.')
  const points = rules.map(rule => chooseOperatingPoint(validation, { positive, rule }))
  const judged = test && test.labels.length > 0 ? points.map(point => judgeOperatingPoint(point, test)) : []
  const panels = [
    panel(validation, positive, points, { title: 'validation: these images chose', width: judged.length ? 400 : 560 }),
    ...(judged.length ? [panel(test!, positive, points, { title: 'test: the same thresholds', width: 400 })] : []),
  ]
  const body = beside(panels)
  const lines = points.map((point, i) => {
    const { threshold, rule, chosenOn } = point
    const start = `From ${formatThreshold(threshold)} on, for ${describeOperatingRule(rule)}. Validation: `
      + `sensitivity ${formatNumber(chosenOn.sensitivity, 'percent')}, specificity ${formatNumber(chosenOn.specificity, 'percent')}`
    return judged.length === 0 ? start : `${start}; test: sensitivity ${formatEstimate(judged[i].sensitivity)}, `
      + `specificity ${formatEstimate(judged[i].specificity)}`
  })
  const warnings = [...new Set(judged.flatMap(one => one.warnings))]
  const counts = [['validation', validation] as const, ...(test ? [['test', test] as const] : [])]
    .map(([part, one]) => `${part}: ${counted(one.labels.length, 'image')}, ${countOf(one, positive)} of ${positive}`)
  const subtitle = options.subtitle ?? [counts.join('; '), judged[0]?.intervalKind, ...warnings].filter(Boolean).join('. ')
  const entries = measures.map((label, i) => ({ label, ...curveLook(i) }))
  return frame({ name, title, subtitle, alt: `${title}. ${lines.map((line, i) => `${letters[i]}: ${line}`).join('. ')}.` },
    [legend(entries, body.width), body, listOf(lines, body.width)])
}

const defaultRules: readonly OperatingRule[] =
  [{ name: 'youden' }, { name: 'sensitivity', atLeast: 0.95 }, { name: 'specificity', atLeast: 0.95 }]

/** The four measures of one part, with the chosen thresholds. */
function panel(
  predictions: Predictions, positive: string, points: readonly OperatingPoint[],
  { title, width }: { title: string; width: number },
): Drawing {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  const chosen = points.map(({ threshold }) => threshold).filter(Number.isFinite)
  const valuesAt = (threshold: number) => {
    const decision = decide(positives, scores, threshold)
    return [decision.sensitivity, decision.specificity, decision.precision, f1(decision)]
      .map((value, curve) => ({ x: 100 * threshold, y: 100 * value, curve, ...curveLook(curve) }))
  }
  const grid = [...new Set([...Array.from({ length: 101 }, (_, i) => i / 100), ...chosen])].sort((a, b) => a - b)
  // Between two thresholds the measures are those of the higher one until a score lies between.
  const rows = grid.flatMap(valuesAt), dots = chosen.flatMap(valuesAt).filter(({ y }) => !Number.isNaN(y))
  return plot({
    width, height: 340, marginLeft: 48, marginRight: 16, marginTop: 62, marginBottom: 42,
    x: { domain: [0, 100], label: `threshold: called ${shortName(positive)} from this probability on (%)`, ticks: 5, grid: true },
    y: { domain: [0, 100], label: null, ticks: 5, grid: true },
    marks: [
      Plot.text([title], { frameAnchor: 'top', dy: -54, fontWeight: 'bold' }),
      Plot.text(['%'], { frameAnchor: 'top-left', dx: -34, dy: -18 }),
      Plot.ruleX(chosen, { x: threshold => 100 * threshold, stroke: ink, strokeWidth: 1.2 }),
      Plot.text(labelsOf(points), { x: 'x', text: 'label', frameAnchor: 'top', dy: -18, fontWeight: 'bold' }),
      ...curveMarks(rows, { curve: 'step-before', strokeWidth: 1.9 }),
      Plot.dot(dots, { x: 'x', y: 'y', fill: '#ffffff', stroke: 'color', strokeWidth: 1.8, r: 3.6 }),
    ],
  })
}

/** The letters of thresholds, those of close ones together. */
function labelsOf(points: readonly OperatingPoint[]): { x: number; label: string }[] {
  const sorted = points.map(({ threshold }, i) => ({ x: 100 * threshold, label: letters[i] }))
    .filter(({ x }) => Number.isFinite(x)).sort((a, b) => a.x - b.x)
  const labels: { x: number; label: string; last: number }[] = []
  for (const { x, label } of sorted) {
    const before = labels.at(-1)
    if (before && x - before.last < 4) Object.assign(before, { label: `${before.label} ${label}`, last: x })
    else labels.push({ x, label, last: x })
  }
  return labels
}

function listOf(lines: readonly string[], width: number): Drawing {
  const wrapped = lines.flatMap((line, l) => wrap(line, width - 48, 12).map((words, i) => ({ words, letter: i ? '' : letters[l] })))
  return {
    width, height: 16 * wrapped.length + 10,
    svg: wrapped.map(({ words, letter }, i) => text(28, 16 * (i + 1), words)
      + (letter && text(12, 16 * (i + 1), letter, { weight: 'bold' }))).join(''),
  }
}

function formatThreshold(threshold: number): string {
  return Number.isFinite(threshold) ? String(shortThreshold(threshold)) : 'a probability that no image has'
}

function shortName(label: string): string {
  return label.length > 14 ? 'positive' : label
}

function countOf({ labels, classes }: Predictions, positive: string): number {
  return labels.filter(label => classes[label] === positive).length
}
