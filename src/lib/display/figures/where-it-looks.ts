/** Images, and beside each the heat map that says where a model looks. */
import type { HeatMaps } from '../../attribution/heat-maps'
import { chooseEvenly } from '../../data/selected-part'
import { phantomMask } from '../../data/phantom/phantom'
import { enlargeMap } from '../../images/enlarge'
import type { FeatureMap } from '../../images/feature-map'
import { fitImage } from '../../images/fit'
import { withHeat } from '../../images/heat-overlay'
import { outlined } from '../../images/outline'
import { requireInRange } from '../../system/errors'
import { counted } from '../../system/summary'
import { requireKnownKeys } from '../../system/options'
import { formatNumber, withoutBreaks } from '../format'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type GridImage, type ImageGridOptions } from './image-grid'

/** Words around the grid, and which images it shows. */
export interface WhereItLooksOptions extends Omit<ImageGridOptions, 'name' | 'title'> {
  name?: string
  title?: string
  /** Indices within the part that was explained, in the order in which they are shown. Default: six, evenly spaced. */
  images?: readonly number[]
  /** Draws the phantom's lesions as outlines on the images. Default false. */
  outlines?: boolean
}

/** Images are shown at most this wide. */
const widest = 256

/**
 * Each image as the model reads it, and beside it the same image under its heat map: from orange to yellow what speaks
 * for the explained class, blue what speaks against it. Each map has its own scale, which ends at the hundredth of its
 * numbers farthest from 0: colors do not compare between images. Beneath each map stand the explained class and its
 * probability.
 * @param maps as `gradCam`, `gradCamPlusPlus`, `occlusion` or `integratedGradients` gives them
 * @throws LabError 'bad-argument' for an index outside the part, or for outlines in a data set that is no phantom
 * @example show(await figures.whereItLooks(await gradCam(network, few, { label: 'COVID' }), { images: [0, 1] }))
 */
export async function whereItLooks(maps: HeatMaps, options: WhereItLooksOptions = {}): Promise<Figure> {
  requireKnownKeys('whereItLooks', options, { ...gridOptionNames, images: true, outlines: true })
  const { images = chooseEvenly([...maps.maps.keys()], 6), outlines = false, ...grid } = options
  const { part, method, stage } = maps
  const high = part.indices.length - 1
  images.forEach(index => requireInRange('the index of an image', index, { low: 0, high, whole: true }))
  const pairs = await Promise.all(images.map(index => pairOf(maps, index, outlines)))
  const by = (stage ? `${method} at ${stage}` : method).replace(/^./, letter => letter.toUpperCase())
  return imageGrid(pairs.flat(), {
    name: 'where-it-looks', title: 'Where the model looks', columns: pairs.length > 1 ? 4 : 2,
    subtitle: `${by}, ${images.length} of ${counted(part.indices.length, 'image')}. ${colors(maps, images)} To the right of each `
      + `image lies its map, on a scale of its own. ${outlines ? 'Outlined: lesions. ' : ''}${part.dataset.notice}`,
    empty: 'There are no images to explain.', ...grid,
  })
}

/** What the colors of these maps mean. */
function colors({ maps }: HeatMaps, images: readonly number[]): string {
  const against = images.some(index => maps[index].data.some(value => value < 0))
  return `Yellow speaks most for the class beneath, orange less${against ? ', blue against it' : ''}.`
}

async function pairOf(
  { part, maps, classes, probabilities }: HeatMaps, index: number, outlines: boolean,
): Promise<GridImage[]> {
  const { dataset, indices } = part
  const item = indices[index]
  const image = await dataset.read(item), map = maps[index]
  const side = Math.min(widest, Math.max(map.width, Math.min(image.width, image.height)))
  const square = fitImage(image, side, dataset.fit)
  const shown = outlines ? outlined(square, fitImage(await phantomMask(dataset, item), side, dataset.fit)) : square
  const { name, label } = dataset.items[item]
  return [
    { image: shown, caption: `${name}\ntruth: ${dataset.labels[label]}` },
    {
      image: withHeat(square, enlargeMap(map, side, side)),
      caption: `explained: ${classes[index]} (${withoutBreaks(formatNumber(probabilities[index], 'percent'))})\n${peakOf(map)}`,
    },
  ]
}

/** Where the greatest number lies, in words. */
function peakOf({ width, height, data }: FeatureMap): string {
  if (!data.every(Number.isFinite)) return 'not all numbers are finite'
  const peak = data.reduce((best, value, i) => (value > data[best] ? i : best), 0)
  if (!(data[peak] > 0)) return 'nothing speaks for it'
  const third = (share: number, words: readonly string[]) => words[Math.min(2, Math.floor(3 * share))]
  const row = third(Math.floor(peak / width) / height, ['top', 'middle', 'bottom'])
  return `most at the ${row} ${third(peak % width / width, ['left', 'center', 'right'])}`
}
