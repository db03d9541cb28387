/** Shapes that drawings are made of, as SVG: boxes, arrows, a plus, a padlock, hatching. */
import { ink, paleInk, palette, round } from './figure'

/** A position in pixels: from the left, from the top. */
export type Point = readonly [x: number, y: number]

/** A rectangle in pixels. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** How a line looks. */
export interface LineStyle {
  color?: string
  width?: number
  dashed?: boolean
}

/** Fill colors with the same meaning in all drawings. */
export const fills = { trains: '#F6C48A', frozen: '#DDE9F2', neutral: '#E8E8E8' } as const

/** A rectangle with rounded corners and a thin outline. */
export function box({ x, y, width, height }: Rectangle, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="4"`
    + ` fill="${fill}" stroke="${ink}"/>`
}

/** A closed shape through the given corners. */
export function polygon(corners: readonly Point[], fill: string): string {
  return `<path d="M${joined(corners)}Z" fill="${fill}" stroke="${ink}" stroke-linejoin="round"/>`
}

/** A line through points that ends in an arrowhead. */
export function arrow(points: readonly Point[], style: LineStyle = {}): string {
  const { color = ink, width = 1.6 } = style
  const [tip, before] = [points[points.length - 1], points[points.length - 2]]
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]), size = 4 + 2.4 * width
  const corner = (turn: number): Point =>
    [tip[0] - size * Math.cos(angle + turn), tip[1] - size * Math.sin(angle + turn)]
  const shaftEnd: Point = [tip[0] - 0.6 * size * Math.cos(angle), tip[1] - 0.6 * size * Math.sin(angle)]
  return line([...points.slice(0, -1), shaftEnd], style)
    + `<path d="M${joined([tip, corner(0.42), corner(-0.42)])}Z" fill="${color}"/>`
}

/** A line through points. */
export function line(points: readonly Point[], { color = ink, width = 1.6, dashed = false }: LineStyle = {}): string {
  return `<path d="M${joined(points)}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"`
    + `${dashed ? ' stroke-dasharray="6,4"' : ''}/>`
}

/** A plus sign in a circle: the sum of all arrows that end at it. */
export function plus([x, y]: Point, radius = 12): string {
  const arm = radius - 5
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="#ffffff" stroke="${ink}" stroke-width="1.6"/>`
    + line([[x - arm, y], [x + arm, y]]) + line([[x, y - arm], [x, y + arm]])
}

/** A closed padlock, 14 pixels wide, around its middle. */
export function padlock([x, y]: Point): string {
  return `<path d="M${x - 4},${y - 2}v-3a4,4,0,0,1,8,0v3" fill="none" stroke="${ink}" stroke-width="1.8"/>`
    + `<rect x="${x - 7}" y="${y - 2}" width="14" height="10" rx="2" fill="${ink}"/>`
}

/** The definition of a fill with slanted blue lines, for `fill="url(#id)"`. The id must be unique on the page. */
export function hatching(id: string, ground: string): string {
  return `<pattern id="${id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`
    + `<rect width="7" height="7" fill="${ground}"/>`
    + `<line x1="0" y1="0" x2="0" y2="7" stroke="${palette[0]}" stroke-width="2.4"/></pattern>`
}

/** A curly bracket that opens to the right, along x from `top` to `bottom`. */
export function bracket(x: number, top: number, bottom: number): string {
  const middle = round((top + bottom) / 2)
  return `<path d="M${x},${top}q-7,0,-7,7V${middle - 6}q0,6,-6,6q6,0,6,6V${bottom - 7}q0,7,7,7" fill="none"`
    + ` stroke="${paleInk}" stroke-width="1.4"/>`
}

function joined(points: readonly Point[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join('L')
}
