/** Observable Plot without a browser: options in, SVG text out. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { ink, type Drawing } from './figure'

let page: ReturnType<typeof parseHTML>['document'] | undefined

/**
 * Draws with Observable Plot on linkedom's document.
 *
 * Only plots without legend and title: those come back as HTML. Colour legends of continuous scales and
 * `Plot.raster` need a canvas, which is not there. Style sheets are taken out: they would leak into the page
 * that shows the figure, and renderers of bare SVG do not know them.
 */
export function plot(options: Plot.PlotOptions & { width: number; height: number }): Drawing {
  page ??= parseHTML('<!doctype html><html><body></body></html>').document
  const drawn = Plot.plot({
    ...options,
    document: page,
  })
  const svg = drawn.outerHTML.replace(/<style>.*?<\/style>/gs, '').replace(/^<svg[^>]*>/, opening)
    .replaceAll('currentColor', ink)
  return { svg: shortened(svg), width: options.width, height: options.height }
}

/** The drawing's own opening: font and colour come from the frame around it. */
function opening(found: string): string {
  return found.replace(/ (class|style|font-family|font-size|fill)="[^"]*"/g, '').replace('>', ' font-size="12" overflow="visible">')
}

/** Coordinates, which stand in attributes, to a hundredth of a pixel: pictures compare equal across machines. */
function shortened(svg: string): string {
  return svg.replace(/="[^"]*\d\.\d{3,}[^"]*"/g, attribute =>
    attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, number => String(Math.round(Number(number) * 100) / 100)))
}
