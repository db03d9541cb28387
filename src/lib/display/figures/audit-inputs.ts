/** One image as the classifiers of an audit see it. */
import { coverImages, coveredInputs } from '../../data/covered'
import type { Dataset } from '../../data/dataset'
import { lackOfLungs, openLungMasks } from '../../data/lung-masks'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type GridImage, type ImageGridOptions } from './image-grid'

/**
 * One image whole, with the lungs blacked out, with the lungs only, with their shape only, and with nothing but its
 * border: what `scoreArms` shows to its classifiers. Where the lungs are not known, the subtitle says why, and only the
 * border remains. The first call opens the masks of all images.
 * @param index of the set's items
 * @throws LabError 'bad-argument' for an index that does not exist
 * @example show(await figures.auditInputs(ct, 0))
 */
export async function auditInputs(
  dataset: Dataset, index: number, options: Partial<ImageGridOptions> = {},
): Promise<Figure> {
  requireKnownKeys('auditInputs', options, gridOptionNames)
  requireInRange('the index of an image', index, { low: 0, high: dataset.items.length - 1, whole: true })
  const lack = lackOfLungs(dataset), lungs = lack === null ? await openLungMasks(dataset) : null
  const known = lungs?.known[index] ?? false
  const name = dataset.items[index].name
  const shown: GridImage[] = [{ image: await dataset.read(index), caption: 'whole image' }]
  for (const input of coveredInputs)
    if (known || input === 'border only') {
      const covered = await coverImages(dataset, input, lungs)
      const place = covered.items.findIndex(item => item.name === name)
      shown.push({ image: await covered.read(place), caption: input })
    }
  const found = lungs?.source === 'masks' ? 'Lungs by the set’s own mask.'
    : 'Lungs found by darkness: dark regions inside the body, filled up to convex hulls.'
  const subtitle = known ? found
    : `The lungs of this image are not known: ${lack ?? 'nothing that was found can be the lungs'}.`
  return imageGrid(shown, {
    name: 'audit-inputs', title: `What classifiers see of ${name}`, columns: 5, subtitle, ...options,
  })
}
