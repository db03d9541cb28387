/** Labels that have nothing to do with disease: with them, a classifier can learn nothing but who the patient is. */
import { permutation, stream } from '../system/random'
import type { Dataset } from './dataset'
import { summarizedDataset } from './dataset-summary'
import { requireGroups } from './groups'

/**
 * The same images with made-up labels. Every group (patient, or block of file numbers) gets one class at random, the
 * same for all its images, and all classes get equally many groups. No classifier can be right about a group that it
 * has not seen. On a random split a nearest neighbor is right nevertheless: it has seen images of every group.
 *
 * Name and content hash stay those of the images, so that both sets share a cache; title and notice name the change.
 * @param seed another seed gives other labels; whole, 0 or more
 * @throws LabError 'bad-argument' where no groups are known
 * @example show(relabelByGroup(ct, 1))
 */
export function relabelByGroup(dataset: Dataset, seed: number): Dataset {
  requireGroups(dataset, { every: true })
  const groups = [...new Set(dataset.items.map(item => item.group))].sort()
  const order = permutation(groups.length, stream('made-up labels', seed))
  const labelOf = new Map(groups.map((group, i) => [group, order[i] % dataset.labels.length]))
  return summarizedDataset({
    ...dataset,
    title: `${dataset.title} with made-up labels`,
    notice: `Labels are made up, one for each ${dataset.grouping}; they have nothing to do with disease.`,
    items: dataset.items.map(item => ({ ...item, label: labelOf.get(item.group)! })),
  })
}
