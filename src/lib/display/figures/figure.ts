/** The type of every figure, and the frame around it: title, subtitle, white ground, text for screen readers. */
import { withSummary } from '../../system/summary'
import { escapeHtml } from '../html'
import { columnsOf, shortenText, wrapText, wrapToLines } from '../letters'

/** A picture as one SVG: fonts by name, images embedded, nothing loaded from elsewhere. */
export interface Figure {
  /** Kebab-case; the file's name. */
  name: string
  title: string
  svg: string
  /** The picture in words, for screen readers. */
  alt: string
}

/** A piece of SVG with its size in pixels. */
export interface Drawing {
  svg: string
  width: number
  height: number
}

/**
 * Seven of Okabe and Ito's colors, distinct for every kind of color vision, and Tol's wine in the place of their
 * yellow, which vanishes on white. Series take them in this order.
 */
export const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#333333', '#882255'] as const

/** How the line of the n-th series looks: where colors repeat, lines are dashed. */
export function seriesLook(index: number): { color: string; dashed: boolean } {
  return { color: palette[index % palette.length], dashed: index >= palette.length }
}

/** Solid, dashes, dots, dashes and dots, long and short dashes: what tells lines apart in print. */
const dashes = ['', '8,4', '2,3', '9,3,2,3', '16,4', '4,2'] as const

/** The look of the n-th curve where print has to tell curves apart: its color, and its own strokes and gaps. */
export function curveLook(index: number): { color: string; dash: string } {
  const { color } = seriesLook(index)
  return { color, dash: dashes[(index + Math.floor(index / palette.length)) % dashes.length] }
}

/** Color of text and axes; paler color of secondary text and lines. */
export const ink = '#222222'
export const paleInk = '#666666'

export const fontFamily = 'system-ui, -apple-system, Helvetica, Arial, sans-serif'

/** The words around every figure, and the name of its file. */
export interface FigureOptions {
  /** Kebab-case. */
  name?: string
  title?: string
  /** Smaller, beneath the title: what was measured, on what. Wrapped to the width. */
  subtitle?: string
}

/** The names of these options, by which a misspelt one is found. */
export const figureOptionNames = { name: true, title: true, subtitle: true } as const

/** The same for figures without a default name and title. */
export interface NamedFigureOptions extends FigureOptions {
  name: string
  title: string
}

/** The words around a drawing, and its numbers. */
export interface FrameOptions extends NamedFigureOptions {
  alt: string
  /** The numbers that the picture shows: the report reads them from the figure's `<metadata>`. */
  rows?: readonly object[]
}

/** A figure of drawings one below another, under a title, on white. */
export function frame({ name, title, subtitle, alt, rows }: FrameOptions, drawings: readonly Drawing[]): Figure {
  const width = Math.ceil(Math.max(...drawings.map(d => d.width)))
  // Bold letters are a tenth wider.
  const titles = wrap(title, width - 16, 16.5)
  const subtitles = subtitle ? wrap(subtitle, width - 16, 12) : []
  let y = 8
  const heading = [
    ...titles.map(line => text(8, (y += 19) - 3, line, { size: 15, weight: 'bold' })),
    ...subtitles.map(line => text(8, (y += 16) - 2, line, { size: 12, fill: paleInk })),
  ]
  y += 8
  const body = drawings.map(({ svg, height }) => {
    const moved = `<g transform="translate(0,${y})">${svg}</g>`
    y += height
    return moved
  })
  const height = Math.ceil(y + 8)
  const metadata = rows ? `<metadata>${escapeHtml(JSON.stringify({ subtitle: subtitle ?? '', rows }))}</metadata>` : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
    + ` role="img" font-family="${fontFamily}" fill="${ink}">`
    + `<title>${escapeHtml(title)}</title><desc>${escapeHtml(alt)}</desc>${metadata}`
    + `<rect width="${width}" height="${height}" fill="#ffffff"/>${heading.join('')}${body.join('')}</svg>`
  return withSummary({ name, title, svg, alt }, () => `Figure: ${shortenText(alt, 400)}`, 'show(x)')
}

/** How a line of text looks. */
export interface TextStyle {
  size?: number
  weight?: 'normal' | 'bold'
  anchor?: 'start' | 'middle' | 'end'
  fill?: string
  /** The whole text, shown where the pointer rests on a shortened one. */
  whole?: string
}

/** One line of text, its baseline at y. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, weight = 'normal', anchor = 'start', fill = ink, whole = content } = style
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}"`
    + ` fill="${fill}">${escapeHtml(content)}${whole === content ? '' : `<title>${escapeHtml(whole)}</title>`}</text>`
}

/**
 * A text's approximate width in pixels: without fonts to measure, a letter counts as 0.56 of the font size, a Chinese
 * letter or an emoji as twice that.
 */
export function textWidth(content: string, size: number): number {
  return columnsOf(content) * size * 0.56
}

/**
 * A text in lines that fit the width.
 * @param most how many lines at most; a longer text loses its middle. Default: as many as it needs
 */
export function wrap(content: string, width: number, size: number, most = Infinity): string[] {
  const room = Math.max(1, width / (size * 0.56))
  return Number.isFinite(most) ? wrapToLines(content, room, most) : wrapText(content, room)
}

/** A text that fits the width: a longer one loses its middle. */
export function shorten(content: string, width: number, size: number): string {
  return shortenText(content, Math.max(1, width / (size * 0.56)))
}

/** One entry of a legend. */
export interface LegendEntry {
  label: string
  color: string
  dashed?: boolean
  /** Strokes and gaps, such as '8,4'; '' for none. Default: those of `dashed`. */
  dash?: string
  /** The whole label, where the entry has a shortened one. */
  whole?: string
}

/** Entries in rows as wide as the figure, each behind a stroke of its color. */
export function legend(entries: readonly LegendEntry[], width: number): Drawing {
  let x = 12, y = 14
  const items = entries.map(({ label: words, color, dashed, dash: pattern = dashed ? '5,4' : '', whole = words }) => {
    const label = shorten(words, width - 56, 12)
    const room = 34 + textWidth(label, 12) + 10
    if (x > 12 && x + room > width) [x, y] = [12, y + 19]
    const dash = pattern && ` stroke-dasharray="${pattern}"`
    const item = `<line x1="${round(x)}" x2="${round(x + 24)}" y1="${y - 4}" y2="${y - 4}" stroke="${color}" stroke-width="3"${dash}/>`
      + text(x + 30, y, label, { whole })
    x += room
    return item
  })
  return { svg: items.join(''), width, height: y + 10 }
}

/** One drawing of several beside each other. */
export function beside(drawings: readonly Drawing[]): Drawing {
  let x = 0
  const moved = drawings.map(({ svg, width }) => {
    const group = `<g transform="translate(${x},0)">${svg}</g>`
    x += width
    return group
  })
  return { svg: moved.join(''), width: x, height: Math.max(...drawings.map(d => d.height)) }
}

/** A coordinate to a hundredth of a pixel: pictures compare equal across machines. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
