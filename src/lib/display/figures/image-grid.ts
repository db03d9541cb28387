/** Images beside each other, each with its caption. */
import { type Image } from '../../images/image'
import { requireKnownKeys } from '../../system/options'
import { escapeHtml } from '../html'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, palette, round, text, wrap, type Figure, type NamedFigureOptions } from './figure'
import { pictureUrl, requirePixels } from './picture-url'

/** One image with its caption. */
export interface GridImage {
  image: Image
  /** Beneath the image; a line break starts a new line. A line too long for four lines loses its middle. */
  caption?: string
  /** A frame around the image: solid for right, dashed for wrong, so that color is not needed. */
  mark?: 'right' | 'wrong'
}

/** Words around the grid, how many images a row has, and how large an image is. */
export interface ImageGridOptions extends NamedFigureOptions {
  /** Default: as many as fit, six at most. */
  columns?: number
  /** Pixels a cell is wide; default so that the grid is about 720 wide, at most 220. */
  cell?: number
  /** What the figure says where there are no images, and why. */
  empty?: string
}

/** The names of these options, by which a misspelt one is found. */
export const gridOptionNames = { ...figureOptionNames, columns: true, cell: true, empty: true } as const

const gap = 10
/** Lines that one line of a caption may take. */
const mostLines = 4

/**
 * A grid of images. They are embedded as PNG, shrunk to one and a half times the size at which they are shown;
 * smaller ones are enlarged with sharp pixels. The images of a row are aligned at the bottom.
 * @throws LabError 'bad-argument' for an image without pixels
 * @example show(await figures.imageGrid([{ image, caption: 'a slice' }], { name: 'slices', title: 'One slice' }))
 */
export async function imageGrid(images: readonly GridImage[], options: ImageGridOptions): Promise<Figure> {
  requireKnownKeys('imageGrid', options ?? null, gridOptionNames)
  const { name, title, subtitle } = options
  if (images.length === 0) return emptyFigure(options, options.empty ?? 'There are no images to show.')
  images.forEach(({ image, caption }, index) => requirePixels(image, caption || `image ${index}`))
  const columns = Math.max(1, Math.min(images.length, options.columns ?? 6))
  const cell = options.cell ?? Math.min(220, Math.floor((720 - gap) / columns) - gap)
  const heights = images.map(({ image }) => cell * image.height / image.width)
  const captions = images.map(({ caption }) => (caption ? caption.split('\n').flatMap(line => wrap(line, cell, 11, mostLines)) : []))
  const rows = rowsOf(columns, heights, captions.map(lines => 15 * lines.length))
  const pictures = await Promise.all(images.map(async ({ image, mark, caption }, i) => {
    const row = rows[Math.floor(i / columns)]
    const height = round(heights[i])
    const x = gap + (i % columns) * (cell + gap), y = round(row.top + row.image - height)
    const smoothed = image.width > cell ? '' : ' style="image-rendering:pixelated"'
    const picture = `<image x="${x}" y="${y}" width="${cell}" height="${height}"${smoothed}`
      + ` href="${await pictureUrl(image, Math.ceil(1.5 * cell))}"><title>${escapeHtml(caption ?? '')}</title></image>`
    const words = captions[i].map((line, l) => text(x, row.top + row.image + 14 + 15 * l, line, { size: 11 }))
    return picture + (mark ? border(x, y, cell, height, mark) : '') + words.join('')
  }))
  const words = images.flatMap(({ caption }) => (caption ? [caption.replaceAll('\n', ', ')] : []))
  const alt = `${title}. ${images.length} images${words.length ? `: ${words.join('; ')}` : ''}.`
  const width = Math.max(360, gap + columns * (cell + gap))
  const height = rows[rows.length - 1].bottom
  return frame({ name, title, subtitle, alt }, [{ svg: pictures.join(''), width, height }])
}

/** The top of each row, the height of its highest image, and its bottom below the longest caption. */
function rowsOf(columns: number, images: readonly number[], captions: readonly number[]) {
  let top = 2
  return Array.from({ length: Math.ceil(images.length / columns) }, (_, r) => {
    const within = (values: readonly number[]) => Math.max(...values.slice(r * columns, (r + 1) * columns))
    const image = within(images), bottom = top + image + within(captions) + gap + 4
    const row = { top, image, bottom }
    top = bottom
    return row
  })
}

function border(x: number, y: number, width: number, height: number, mark: 'right' | 'wrong'): string {
  const look = mark === 'right' ? `stroke="${palette[2]}"` : `stroke="${palette[1]}" stroke-dasharray="7,4"`
  return `<rect x="${x}" y="${round(y)}" width="${width}" height="${round(height)}" fill="none" stroke-width="3.5" ${look}/>`
}
