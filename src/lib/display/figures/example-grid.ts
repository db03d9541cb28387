/** Grids of a data set's images, each above its name. */
import type { Dataset } from '../../data/dataset'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { phantomMask } from '../../data/phantom/phantom'
import { outlined } from '../../images/outline'
import type { NearestPair } from '../../baselines/nearest-pairs'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/** Words around the grid, and its measures. */
export interface ExampleGridOptions extends ImageGridOptions {
  /** Draws the phantom's lesion masks as outlines. Default false. */
  outlines?: boolean
}

/**
 * Images of a data set. The default subtitle is the data set's notice.
 * @param indices indices of the data set's items, in the order in which they are shown
 * @throws LabError 'bad-argument' for outlines in a data set other than the phantom, or an index that does not exist
 * @example show(await figures.exampleGrid(ct, look.chooseExamples(ct, 'COVID', 9), { name: 'covid', title: 'COVID' }))
 */
export async function exampleGrid(
  dataset: Dataset, indices: readonly number[], options: ExampleGridOptions,
): Promise<Figure> {
  requireKnownKeys('exampleGrid', options ?? null, { ...gridOptionNames, outlines: true })
  const { outlines = false, ...grid } = options
  indices.forEach(index => requireIndex(dataset, index))
  const images = await Promise.all(indices.map(async index => {
    const image = await dataset.read(index)
    const drawn = outlines ? outlined(image, await phantomMask(dataset, index)) : image
    return { image: drawn, caption: dataset.items[index].name }
  }))
  return imageGrid(images, { subtitle: dataset.notice, ...grid })
}

/**
 * Test images and the training images nearest to them, side by side. The frame around a training image is solid where
 * its label is that of the test image, dashed where it is not.
 * @throws LabError 'bad-argument' for an index that does not exist
 * @example show(await figures.pairGrid(ct, (await findNearestPairs(parts)).slice(0, 2), { name: 'pairs',
 *   title: 'Two pairs' }))
 */
export async function pairGrid(
  dataset: Dataset, pairs: readonly NearestPair[], options: ImageGridOptions,
): Promise<Figure> {
  requireKnownKeys('pairGrid', options ?? null, gridOptionNames)
  pairs.forEach(({ query, nearest }) => [query, nearest].forEach(index => requireIndex(dataset, index)))
  const images = await Promise.all(pairs.flatMap(({ query, nearest, sameClass }) => [
    picture(dataset, query, 'asked'), picture(dataset, nearest, 'found', sameClass ? 'right' : 'wrong'),
  ]))
  const subtitle = 'Solid frame: the label found is right; dashed: wrong.'
  return imageGrid(images, { columns: 4, subtitle, empty: 'There are no pairs to show.', ...options })
}

function requireIndex({ items }: Dataset, index: number): void {
  requireInRange('the index of an image', index, { low: 0, high: items.length - 1, whole: true })
}

async function picture(dataset: Dataset, index: number, role: string, mark?: 'right' | 'wrong') {
  return { image: await dataset.read(index), caption: `${role}: ${dataset.items[index].name}`, mark }
}
