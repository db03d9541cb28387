/** Images beside each other, each with its caption. */
import { encodePng, type Image } from '../image'
import { resizeArea } from '../resize'
import { escapeHtml } from '../tables'
import { frame, palette, round, text, wrap, type Figure } from './figure'

/** One image and what to say of it. */
export interface GridImage {
  image: Image
  /** Beneath the image; a line break starts a new line. */
  caption?: string
  /** A frame around the image: solid for right, dashed for wrong, so that colour is not needed. */
  mark?: 'right' | 'wrong'
}

/** What a grid is made of. */
export interface ImageGridOptions {
  name: string
  title: string
  subtitle?: string
  /** Default: as many as fit, six at most. */
  columns?: number
  /** Pixels a cell is wide; default so that the grid is about 720 wide, at most 220. */
  cell?: number
}

const gap = 10

/**
 * A grid of images, embedded as PNG at one and a half times the size they are shown at most; smaller ones are enlarged with sharp
 * pixels. All cells are as high as the highest image needs.
 * @example show(await imageGrid(slices, { name: 'slices', title: 'Nine slices' }))
 */
export async function imageGrid(images: readonly GridImage[], options: ImageGridOptions): Promise<Figure> {
  const { name, title, subtitle } = options
  const columns = Math.max(1, Math.min(images.length, options.columns ?? 6))
  const cell = options.cell ?? Math.min(220, Math.floor((720 - gap) / columns) - gap)
  const tall = Math.max(...images.map(({ image }) => cell * image.height / image.width))
  const captions = images.map(({ caption }) => (caption ?? '').split('\n').flatMap(line => wrap(line, cell, 11)))
  const lines = Math.max(...captions.map(caption => (caption.join('') ? caption.length : 0)))
  const row = tall + 15 * lines + gap + 4
  const pictures = await Promise.all(images.map(async ({ image, mark, caption }, i) => {
    const x = gap + (i % columns) * (cell + gap), y = 2 + Math.floor(i / columns) * row
    const height = cell * image.height / image.width
    const smoothed = image.width > cell ? '' : ' style="image-rendering:pixelated"'
    const picture = `<image x="${x}" y="${round(y)}" width="${cell}" height="${round(height)}"${smoothed}`
      + ` href="${await dataUrl(image, Math.ceil(1.5 * cell))}"><title>${escapeHtml(caption ?? '')}</title></image>`
    const captionText = captions[i].map((line, l) => text(x, y + height + 14 + 15 * l, line, { size: 11 }))
    return picture + (mark ? border(x, y, cell, height, mark) : '') + captionText.join('')
  }))
  const alt = `${title}. ${images.length} images${lines ? `: ${images.map(i => i.caption?.replaceAll('\n', ', ')).join('; ')}` : ''}.`
  const width = Math.max(360, gap + columns * (cell + gap))
  const height = Math.ceil(images.length / columns) * row
  return frame({ name, title, subtitle, alt }, [{ svg: pictures.join(''), width, height }])
}

async function dataUrl(image: Image, widest: number): Promise<string> {
  const shrunk = image.width > widest
    ? resizeArea(image, widest, Math.max(1, Math.round(image.height * widest / image.width)))
    : image
  return `data:image/png;base64,${Buffer.from(await encodePng(shrunk)).toString('base64')}`
}

function border(x: number, y: number, width: number, height: number, mark: 'right' | 'wrong'): string {
  const look = mark === 'right' ? `stroke="${palette[2]}"` : `stroke="${palette[1]}" stroke-dasharray="7,4"`
  return `<rect x="${x}" y="${round(y)}" width="${width}" height="${round(height)}" fill="none" stroke-width="3.5" ${look}/>`
}
