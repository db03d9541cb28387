/** A figure in which there is nothing to draw. */
import { frame, paleInk, text, wrap, type Drawing, type Figure, type FrameOptions } from './figure'

const width = 480

/**
 * A small figure that says what is missing, and why.
 * @param sentence such as 'No patient has two images, so there are no neighbors to compare.'
 */
export function emptyFigure({ name, title, subtitle }: Omit<FrameOptions, 'alt'>, sentence: string): Figure {
  return frame({ name, title, subtitle, alt: `${title}. ${sentence}` }, [emptyDrawing(sentence, width)])
}

/** The sentence in a pale frame, in the place of a drawing. */
export function emptyDrawing(sentence: string, width: number, height = 0): Drawing {
  const lines = wrap(sentence, width - 48, 13)
  const tall = Math.max(height, 18 * lines.length + 38)
  const top = (tall - 18 * lines.length) / 2 + 13
  const words = lines.map((line, i) => text(width / 2, top + 18 * i, line, { size: 13, anchor: 'middle', fill: paleInk }))
  return {
    width, height: tall,
    svg: `<rect x="8" y="4" width="${width - 16}" height="${tall - 8}" rx="4" fill="#f7f7f7" stroke="#cccccc"/>${words.join('')}`,
  }
}
