/** The receiver operating characteristic, drawn. */
import * as Plot from '@observablehq/plot'
import { undefinedAuc } from '../../evaluation/absent-classes'
import { traceRocBand, type RocBandPoint } from '../../evaluation/scores/roc-band'
import { requireBoolean, requireKnownKeys } from '../../system/options'
import { formatEstimate } from '../format'
import { classCurves, curveEntry, measuredOn, type ClassCurve, type Evaluations } from './class-curves'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, legend, paleInk, type Figure, type FigureOptions } from './figure'
import { curves as curveMarks, plot } from './plot'

const figureWidth = 460

/** Which curves are drawn, and the words around them. */
export interface RocCurveOptions extends FigureOptions {
  /** A curve for every class against the rest, although one class is positive. Default false. */
  everyClass?: boolean
  /** Whether each curve has its 95 % band, as `statistics.traceRocBand` gives it. Default false. */
  band?: boolean
}

/**
 * Sensitivity against the false positive rate at every threshold. An evaluation with a positive class gives
 * one curve, one without gives a curve a class, several evaluations by name give one each. A curve is not defined where
 * a part has no image of the class, or no other image: the legend then says so.
 * @param options default name 'roc-curve'; default subtitle: images, and how the intervals were made
 * @example show(figures.rocCurve(await evaluate(tuned.model, parts.test, { positive: 'COVID' })))
 * @example show(figures.rocCurve({ 'random split': one, 'block split': other }))
 * @example show(figures.rocCurve(evaluation, { everyClass: true, band: true }))
 */
export function rocCurve(evaluations: Evaluations, options: RocCurveOptions = {}): Figure {
  requireKnownKeys('rocCurve', options, { ...figureOptionNames, everyClass: true, band: true })
  requireBoolean('band', options.band)
  const { name = 'roc-curve', title = 'Receiver operating characteristic', everyClass = false, band = false } = options
  const curves = classCurves(evaluations, everyClass).map(curve => withRoc(curve, band))
  const entries = curves.map(({ label, missing, auc }, i) =>
    curveEntry(label, `: ${missing ?? `area ${formatEstimate(auc, 'decimal')}`}`, i, figureWidth))
  if (curves.every(({ missing }) => missing))
    return emptyFigure({ ...options, name, title }, entries.map(({ whole }) => `${whole}.`).join(' ') || 'There are no evaluations to draw.')
  const rows = curves.flatMap(({ roc, missing }, curve) => missing ? [] : roc.map(point => ({
    x: 100 * point.falsePositiveRate, y: 100 * point.truePositiveRate, ...entries[curve], curve,
  })))
  const drawing = plot({
    width: figureWidth, height: 440, marginLeft: 56, marginBottom: 44, marginRight: 20, marginTop: 24,
    x: { domain: [0, 100], label: 'false positive rate (%)', grid: true, ticks: 5 },
    y: { domain: [0, 100], label: 'sensitivity (%)', grid: true, ticks: 5 },
    marks: [
      Plot.line([[0, 0], [100, 100]], { stroke: paleInk, strokeDasharray: '4,4' }),
      Plot.text([[68, 64]], { text: ['chance'], rotate: -44, fill: paleInk }),
      ...curves.map(({ points }, i) => Plot.areaY(points, {
        x: point => 100 * point.falsePositiveRate, y1: point => 100 * point.low, y2: point => 100 * point.high,
        fill: entries[i].color, fillOpacity: 0.16,
      })),
      ...curveMarks(rows),
    ],
  })
  const of = curves.map(({ evaluation }) => evaluation)
  const kind = measuredOn(of.map(({ predictions }) => predictions), of.map(({ intervalKind }) => intervalKind))
  const drawn = curves.some(({ points }) => points.some(({ low }) => !Number.isNaN(low)))
  const words = !band ? '' : drawn ? `. Shaded: 95 % ${curves.length === 1 ? 'band' : 'bands'}, at each false positive rate by itself`
    : '. There is no band, since all resamples agree'
  const alt = `${title}. ${entries.map(({ whole }, i) => whole + bandWords(curves[i].points)).join('; ')}.`
  return frame({ name, title, subtitle: options.subtitle ?? `${kind}${words}`, alt }, [legend(entries, figureWidth), drawing])
}

/** A curve with its points, its area, and the points of its band, none where no band is drawn. */
function withRoc(curve: ClassCurve, band: boolean) {
  const { evaluation: { perClass, predictions }, positive } = curve
  const { roc, auc } = perClass.find(({ label }) => label === positive)!
  const missing = undefinedAuc(predictions, positive)
  return { ...curve, roc, auc, missing, points: band && !missing ? traceRocBand(predictions, positive) : [] }
}

/** The band at one rate, for those who do not see it. */
function bandWords(points: readonly RocBandPoint[]): string {
  const point = points.find(({ falsePositiveRate, low }) => falsePositiveRate >= 0.1 && !Number.isNaN(low))
  return point ? ` (at a false positive rate of ${Math.round(100 * point.falsePositiveRate)} % a sensitivity of `
    + `${formatEstimate({ ...point, value: point.truePositiveRate })})` : ''
}
