/** Observable Plot without a browser: options in, SVG text out. */
import * as Plot from '@observablehq/plot'
import { group } from 'd3-array'
import { parseHTML } from 'linkedom'
import { withoutForbidden } from '../html'
import { ink, type Drawing } from './figure'

let page: ReturnType<typeof parseHTML>['document'] | undefined

/**
 * Draws with Observable Plot on linkedom's document. Unless the options say otherwise, axes have labels without
 * arrows, the label of x stands in the middle, and color channels take colors as they are.
 *
 * Only plots without legend and title: those come back as HTML. Color legends of continuous scales and `Plot.raster`
 * need a canvas, which linkedom does not have. Style sheets are removed: they would apply to the whole page that shows
 * the figure, and renderers of bare SVG do not know them.
 */
export function plot(options: Plot.PlotOptions & { width: number; height: number }): Drawing {
  page ??= parseHTML('<!doctype html><html><body></body></html>').document
  const drawn = Plot.plot({
    ...options,
    x: { labelArrow: 'none', labelAnchor: 'center', ...options.x },
    y: { labelArrow: 'none', ...options.y },
    color: { type: 'identity', ...options.color },
    document: page,
  })
  const svg = withoutForbidden(drawn.outerHTML).replace(/<style>.*?<\/style>/gs, '').replace(/^<svg[^>]*>/, bareOpening)
    .replaceAll('currentColor', ink)
  return { svg: shortened(svg), width: options.width, height: options.height }
}

/** Lines through rows, each curve in its own color and dashes: Plot gives all lines of one mark the same dashes. */
export function curves<Row extends { curve: number; color: string; dash: string }>(
  rows: readonly Row[], options: Plot.LineOptions = {},
): Plot.Markish[] {
  return [...group(rows, row => row.dash)].map(([dash, same]) => Plot.line(same, {
    x: 'x', y: 'y', z: 'curve', stroke: 'color', strokeWidth: 2.2, ...(dash ? { strokeDasharray: dash } : {}), ...options,
  }))
}

/** The drawing's opening tag without fonts and color: those come from the frame around it. */
function bareOpening(tag: string): string {
  return tag.replace(/ (class|style|font-family|font-size|fill)="[^"]*"/g, '')
    .replace('>', ' font-size="12" overflow="visible">')
}

/** Coordinates, which stand in attributes, to a hundredth of a pixel: pictures compare equal across machines. */
function shortened(svg: string): string {
  return svg.replace(/="[^"]*\d\.\d{3,}[^"]*"/g, attribute =>
    attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, number => String(Math.round(Number(number) * 100) / 100)))
}
