/** Whether probabilities mean what they say, drawn: observed shares against mean scores. */
import * as Plot from '@observablehq/plot'
import type { Calibration, CalibrationRow } from '../../evaluation/calibration/calibration-error'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate, formatNumber } from '../format'
import { curveEntry } from './class-curves'
import { emptyFigure } from './empty-figure'
import {
  figureOptionNames, frame, ink, legend, paleInk, shorten, type Drawing, type Figure, type FigureOptions,
} from './figure'
import { curves as curveMarks, plot } from './plot'

const width = 460, marginLeft = 56, marginRight = 20

/** One calibration with its look. */
interface Drawn {
  label: string
  whole: string
  color: string
  dash: string
  rows: readonly CalibrationRow[]
}

/**
 * The reliability diagram: for the images of each range of scores the share that is positive, with its 95 % interval,
 * against the mean score; beneath, how many images each range has. Calibrated probabilities lie on the diagonal; points
 * beneath it promise too much.
 * @param calibrations as `statistics.measureCalibration` gives it, or several by name, such as before and after
 *   temperature scaling
 * @param options default name 'reliability-diagram'; default subtitle: images and how the intervals were made; of one
 *   calibration also its expected calibration error, which the legend gives of several
 * @example show(figures.reliabilityDiagram(statistics.measureCalibration(predictions, { positive: ct.labels[0] })))
 * @example
 * const scaled = statistics.fitTemperature(await predict(trained.model, parts.validation))
 * show(figures.reliabilityDiagram({
 *   before: statistics.measureCalibration(predictions),
 *   after: statistics.measureCalibration(statistics.applyTemperature(scaled, predictions)),
 * }))
 */
export function reliabilityDiagram(
  calibrations: Calibration | Readonly<Record<string, Calibration>>, options: FigureOptions = {},
): Figure {
  requireKnownKeys('reliabilityDiagram', options, figureOptionNames)
  const { name = 'reliability-diagram', title = 'Reliability diagram' } = options
  const named = isCalibration(calibrations) ? { '': calibrations } : calibrations
  const list = Object.values(named).filter(({ images }) => images > 0)
  if (list.length === 0) return emptyFigure({ ...options, name, title }, 'There are no images, so nothing is compared.')
  const drawn = Object.entries(named).filter(([, { images }]) => images > 0).map(([label, { rows, error }], i): Drawn =>
    ({ ...curveEntry(label, `: error ${formatEstimate(error, 'decimal')}`, i, width), rows }))
  const several = !isCalibration(calibrations), [first] = list
  const error = `error ${formatEstimate(first.error, 'decimal')}; calibrated probabilities would show `
    + `${formatNumber(first.errorIfCalibrated)} by chance`
  const kinds = new Set(list.map(({ images, intervalKind }) => `${images} ${images === 1 ? 'image' : 'images'}; ${intervalKind}`))
  const kind = kinds.size === 1 ? [...kinds][0] : '95 % intervals in brackets'
  const subtitle = options.subtitle ?? `Expected calibration ${several ? 'errors in the legend' : error}. ${kind}`
  const positives = new Set(list.map(({ positive }) => positive))
  const what = positives.size > 1 ? 'positive' : [...positives][0] ?? 'called what they are'
  const score = what === 'called what they are' ? 'the called class' : what === 'positive' ? 'the class' : what
  return frame({ name, title, subtitle, alt: `${title}. ${drawn.map(words).join('; ')}.` }, [
    legend([...(several ? drawn : []), { label: 'calibrated', color: paleInk, dash: '4,4' }], width), shares(drawn, positives.size > 1 ? 'positive (%)' : shareLabel(what)),
    counts(drawn, `mean probability of ${shorten(score, 220, 12)} (%)`),
  ])
}

function shareLabel(what: string): string {
  return what === 'called what they are' ? `${what} (%)` : `are ${shorten(what, 300, 12)} (%)`
}

/** Observed shares with their intervals, above a common axis. */
function shares(drawn: readonly Drawn[], label: string): Drawing {
  // Intervals of several calibrations lie beside each other, not on each other.
  const apart = (i: number) => (i - (drawn.length - 1) / 2) * 1.2
  const points = drawn.flatMap(({ rows, color, dash }, curve) => rows.filter(({ images }) => images > 0).map(row => ({
    x: 100 * row.meanScore + apart(curve), y: 100 * row.observedShare, low: 100 * row.low, high: 100 * row.high,
    color, dash, curve,
  })))
  return plot({
    width, height: 400, marginLeft, marginRight, marginTop: 24, marginBottom: 12,
    x: { domain: [0, 100], label: null, grid: true, ticks: 5, tickFormat: () => '' },
    y: { domain: [0, 100], label, grid: true, ticks: 5 },
    marks: [
      Plot.line([[0, 0], [100, 100]], { stroke: paleInk, strokeDasharray: '4,4' }),
      ...curveMarks(points, { strokeWidth: 1.6 }),
      Plot.ruleX(points.filter(({ low, high }) => low < high), {
        x: 'x', y1: 'low', y2: 'high', stroke: 'color', strokeWidth: 1.5,
      }),
      Plot.dot(points, {
        x: 'x', y: 'y', r: 4, fill: ({ curve, color }) => (curve % 2 ? '#ffffff' : color), stroke: 'color',
        strokeWidth: 1.6,
      }),
    ],
  })
}

/** How many images each range of scores has, one bar a calibration beside the other. */
function counts(drawn: readonly Drawn[], label: string): Drawing {
  const bars = drawn.flatMap(({ rows, color }, i) => rows.map(({ from, to, images }) => {
    const room = 100 * (to - from), inset = 0.08 * room, wide = (room - 2 * inset) / drawn.length
    const x1 = 100 * from + inset + i * wide
    return { x1, x2: x1 + wide, images, color, hollow: i % 2 === 1 }
  })).filter(({ images }) => images > 0)
  const most = Math.max(...bars.map(({ images }) => images))
  return plot({
    width, height: 128, marginLeft, marginRight, marginTop: 26, marginBottom: 42,
    x: { domain: [0, 100], label, ticks: 5 },
    y: {
      domain: [0, most], nice: true, label: 'images', grid: true, ticks: 3,
      tickFormat: (count: number) => (Number.isInteger(count) ? count.toLocaleString('en-US') : ''),
    },
    marks: [
      Plot.rect(bars, {
        x1: 'x1', x2: 'x2', y1: () => 0, y2: 'images', fill: 'color', fillOpacity: ({ hollow }) => (hollow ? 0.15 : 0.75),
        stroke: 'color',
      }),
      Plot.ruleY([0], { stroke: ink }),
    ],
  })
}

function words({ whole, rows }: Drawn): string {
  const points = rows.filter(({ images }) => images > 0).map(({ images, meanScore, observedShare }) =>
    `${formatNumber(meanScore, 'percent')} promised, ${formatNumber(observedShare, 'percent')} observed (${images})`)
  return `${whole.replace(/^: /, 'calibration ')}: ${points.join(', ')}`
}

function isCalibration(value: Calibration | Readonly<Record<string, Calibration>>): value is Calibration {
  return Array.isArray((value as Calibration).rows)
}
