/** Images as dots on a map of a network's features, colored by what is known of them. */
import { rollup, sum } from 'd3-array'
import type { EmbeddedImage, Embedding } from '../../audit/embed-images'
import { columnValues, type ImageColumn } from '../../evaluation/subgroups'
import { oneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { formatNumber, withoutBreaks } from '../format'
import { dotPanel } from './dot-panel'
import { emptyFigure } from './empty-figure'
import { beside, figureOptionNames, frame, type Drawing, type Figure, type FigureOptions } from './figure'
import { kindsOf, type Kinds } from './kinds'

/** Words around the map, and what colors mean. */
export interface EmbeddingMapOptions extends FigureOptions {
  /** What colors the dots: 'class' (default), 'group', 'source', 'part' or a name of `columns`; a list: panels. */
  color?: string | readonly string[]
  /** More columns by name, such as sex or scanner: a value for each image, in the map's order or by image names. */
  columns?: Readonly<Record<string, ImageColumn>>
}

const known = ['class', 'group', 'source', 'part'] as const

/**
 * Each image as a dot, near those with features alike, colored by class, group, source, part, or any column. Where a
 * column has more than seven values, the seven with most images have colors, and all others are grey. Beneath each
 * panel stands what the map itself cannot tell: how many images share their value with the image of the nearest
 * features.
 *
 * Distances between clusters, their size and shape mean little (see `embedImages`): the axes have no units.
 * @param options default name 'embedding-map'
 * @throws LabError 'bad-argument' for a color that is no column
 * @example show(figures.embeddingMap(await embedImages(network, parts.test), { color: ['class', 'group'] }))
 */
export function embeddingMap(embedding: Embedding, options: EmbeddingMapOptions = {}): Figure {
  requireKnownKeys('embeddingMap', options, { ...figureOptionNames, color: true, columns: true })
  const { name = 'embedding-map', title = 'Map of the features', color = 'class', columns = {} } = options
  const { images, stage, neighbors, seed, components, variance, notice } = embedding
  const colors = typeof color === 'string' ? [color] : color
  const held = Number.isNaN(variance) ? '' : ` (${formatNumber(variance, 'percent')} of the variance)`
  const subtitle = options.subtitle ?? `${counted(images.length, 'image')}; UMAP of ${components} principal components${held} of `
    + `the ${stage} features; ${neighbors} neighbors, seed ${seed}. Close dots have features alike; distances between `
    + `clusters mean little. ${notice}`
  if (images.length === 0 || colors.length === 0)
    return emptyFigure({ name, title, subtitle }, images.length ? 'No column is named.' : 'No images are on this map.')
  const panels = colors.map(one => {
    const kinds = kindsOf(valuesOf(embedding, one, columns), nounOf(embedding, one))
    return { kinds, words: `${kinds.words}${nearestWords(images, kinds)}` }
  })
  const width = panels.length > 1 ? 400 : 600
  const drawings = panels.map(({ kinds, words }) => dotPanel(images, kinds, words, width))
  const alt = `${title}. ${subtitle} ${panels.map(({ words }) => words).join(' ')}`
  return frame({ name, title, subtitle, alt }, inPairs(drawings))
}

function valuesOf(
  { images }: Embedding, color: string, columns: Readonly<Record<string, ImageColumn>>,
): (string | null)[] {
  if (Object.hasOwn(columns, color)) return columnValues(images.map(({ name }) => name), columns[color])
  const column = known.find(one => one === color)
  if (column) return images.map(image => image[column])
  throw oneOf('color', color, [...known, ...Object.keys(columns)])
}

function nounOf({ grouping }: Embedding, color: string): string {
  return color === 'group' && grouping !== 'none' ? grouping : color
}

/** How many images share their value with the image of the nearest features, and how many would by chance. */
function nearestWords(images: readonly EmbeddedImage[], { values, noun }: Kinds): string {
  const pairs = images.map(({ nearest }, i) => [values[i], values[nearest]])
    .filter(([own, other]) => own !== null && other !== null)
  const valued = values.filter(value => value !== null), count = valued.length
  const counts = [...rollup(valued, list => list.length, value => value).values()]
  if (pairs.length === 0 || counts.length < 2) return ''
  const share = pairs.filter(([own, other]) => own === other).length / pairs.length
  const chance = sum(counts, own => own * (own - 1)) / (count * (count - 1))
  const [found, expected] = [share, chance].map(one => formatNumber(one, 'percent'))
  return withoutBreaks(` For ${found} of images the image with the nearest features is of the same ${noun}; `
    + `by chance for ${expected}.`)
}

function inPairs(drawings: readonly Drawing[]): Drawing[] {
  const rows = Math.ceil(drawings.length / 2)
  return Array.from({ length: rows }, (_, row) => beside(drawings.slice(2 * row, 2 * row + 2)))
}
