/** Labels that have nothing to do with disease: what a split rewards when there is nothing to learn but patients. */
import { LabError } from '../system/errors'
import { permutation, stream } from '../system/random'
import type { Dataset } from './dataset'

/**
 * The same images with made-up labels: every group (patient, or block of file numbers) gets one class at random,
 * the same for all its images, each class as many groups as the others. No classifier can be right about a group
 * it has not seen; on a random split a nearest neighbour is, because it has.
 *
 * Name and content hash stay those of the images, so that their cache serves; title and notice tell.
 * @param seed another seed, other labels
 * @throws LabError 'bad-argument' where groups are not known
 */
export function relabelByGroup(dataset: Dataset, seed: number): Dataset {
  const groups = [...new Set(dataset.items.map(item => item.group))].sort()
  if (dataset.grouping === 'none' || groups.includes(null))
    throw new LabError('bad-argument', {
      expected: 'a data set whose every image has a group', received: dataset.name,
      remedy: 'Name each image’s group (patient) in groups.csv, or take another data set',
    })
  const order = permutation(groups.length, stream('made-up labels', seed))
  const labelOf = new Map(groups.map((group, i) => [group, order[i] % dataset.labels.length]))
  return {
    ...dataset,
    title: `${dataset.title} with made-up labels`,
    notice: `Labels are made up, one for each ${dataset.grouping}; they have nothing to do with disease.`,
    items: dataset.items.map(item => ({ ...item, label: labelOf.get(item.group)! })),
  }
}
