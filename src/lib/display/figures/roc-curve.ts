/** The receiver operating characteristic, drawn. */
import * as Plot from '@observablehq/plot'
import type { Evaluation } from '../../evaluation/evaluation'
import type { Estimate } from '../../evaluation/intervals'
import type { RocPoint } from '../../evaluation/metrics'
import { formatEstimate } from '../format'
import { frame, legend, paleInk, palette, type Figure, type FigureOptions } from './figure'
import { plot } from './plot'

/**
 * Sensitivity against the false positive rate at every threshold. An evaluation with a positive class gives
 * one curve, one without gives a curve a class, several evaluations by name give one each.
 * @param options default name 'roc-curve'; default subtitle: how the intervals were made
 * @example show(figures.rocCurve(await evaluate(tuned.model, parts.test, { positive: 'COVID' })))
 * @example show(figures.rocCurve({ 'random split': one, 'block split': other }))
 */
export function rocCurve(evaluations: Evaluation | Record<string, Evaluation>, options: FigureOptions = {}): Figure {
  const { name = 'roc-curve', title = 'Receiver operating characteristic' } = options
  const curves = isEvaluation(evaluations)
    ? curvesOf(evaluations)
    : Object.entries(evaluations).flatMap(([label, evaluation]) =>
      curvesOf(evaluation).map(curve => ({ ...curve, label: `${label}, ${curve.label}` })))
  const [first] = isEvaluation(evaluations) ? [evaluations] : Object.values(evaluations)
  const entries = curves.map((curve, i) => ({
    label: `${curve.label}: area ${formatEstimate(curve.auc, 'decimal')}`, color: palette[i % palette.length],
  }))
  const alt = `${title}. ${entries.map(entry => entry.label).join('; ')}.`
  const rows = curves.flatMap(({ roc }, curve) => roc.map(point => ({
    x: 100 * point.falsePositiveRate, y: 100 * point.truePositiveRate, color: entries[curve].color, curve,
  })))
  const drawing = plot({
    width: 460, height: 440, marginLeft: 56, marginBottom: 44, marginRight: 20, marginTop: 24,
    x: { domain: [0, 100], label: 'false positive rate (%)', grid: true, ticks: 5 },
    y: { domain: [0, 100], label: 'sensitivity (%)', grid: true, ticks: 5 },
    marks: [
      Plot.line([[0, 0], [100, 100]], { stroke: paleInk, strokeDasharray: '4,4' }),
      Plot.text([[68, 64]], { text: ['chance'], rotate: -44, fill: paleInk }),
      Plot.line(rows, { x: 'x', y: 'y', z: 'curve', stroke: 'color', strokeWidth: 2.2 }),
    ],
  })
  const kinds = new Set(curves.map(curve => curve.kind))
  const subtitle = options.subtitle ?? (kinds.size === 1 ? first.intervalKind : '95 % intervals in brackets')
  return frame({ name, title, subtitle, alt }, [legend(entries, 460), drawing])
}

interface Curve {
  label: string
  roc: readonly RocPoint[]
  auc: Estimate
  kind: string
}

function curvesOf({ positive, roc, auc, perClass, intervalKind }: Evaluation): Curve[] {
  if (positive !== null) return [{ label: positive, roc, auc, kind: intervalKind }]
  return perClass.map(one => ({ label: one.label, roc: one.roc, auc: one.auc, kind: intervalKind }))
}

function isEvaluation(value: Evaluation | Record<string, Evaluation>): value is Evaluation {
  return Array.isArray((value as Evaluation).perClass)
}
