/** Signal and gradient in stacks of untrained layers. */
import type { ProbeRow } from '../../network/depth-probe'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { figureOptionNames, type Figure, type FigureOptions } from './figure'
import { lineCharts } from './line-chart'

const titles = { signal: 'Signal, going forward', gradient: 'Gradient, coming back' } as const

/**
 * Two panels with one curve a stack: the signal layer by layer going forward, and the gradient coming back. Both axes
 * of size are logarithmic.
 * @param probes what `anatomy.probeDepth` measured, by the name of the stack
 * @example show(figures.depthChart({ plain: anatomy.probeDepth(await look.loadPixels(few.dataset, { size: 32 }),
 *   { depth: 4 }) }))
 */
export function depthChart(probes: Readonly<Record<string, readonly ProbeRow[]>>, options: FigureOptions = {}): Figure {
  requireKnownKeys('depthChart', options, figureOptionNames)
  const depth = Math.max(0, ...Object.values(probes).map(rows => rows.length))
  const { name = 'depth', title = `${depth} untrained layers`, subtitle } = options
  const alt = `${title}. Signal and gradient by layer: ${Object.entries(probes).map(([stack, rows]) =>
    `${stack}, signal at the end ${size(rows.at(-1)?.signal)}, gradient at the first layer ${size(rows[0]?.gradient)}`).join('; ')}.`
  return lineCharts({ name, title, subtitle, alt }, (['signal', 'gradient'] as const).map(key => ({
    title: titles[key], x: { label: 'layer' }, y: { label: 'size (root mean square)', kind: 'log' },
    series: Object.entries(probes).map(([label, rows]) =>
      ({ label, points: rows.map(row => ({ x: row.layer, y: row[key] })) })),
  })))
}

function size(value?: number): string {
  return value !== undefined && Number.isFinite(value) ? value.toExponential(1) : formatNumber(value)
}
