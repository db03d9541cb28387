/** Data for lessons that need what a set may lack: groups of several images, masks of the findings. */
import { group as groupBy, sum } from 'd3-array'
import type { Dataset } from '../dataset'
import type { Phantom } from '../phantom/phantom'
import { openDataset } from '../registry'

/** Five folds need five groups of each class. */
const leastGroups = 5

/**
 * Whether a set can show what its groups do: each class has five groups or more, and at least half of the images
 * share their group with another image.
 */
export function showsGroups({ labels, items, grouping }: Dataset): boolean {
  if (grouping === 'none') return false
  const groups = groupBy(items.filter(item => item.group !== null), item => item.group)
  const groupsOf = (label: number) =>
    new Set(items.filter(item => item.label === label).flatMap(item => item.group ?? [])).size
  const siblings = sum([...groups.values()].filter(images => images.length > 1), images => images.length)
  return labels.every((_, label) => groupsOf(label) >= leastGroups) && siblings >= items.length / 2
}

/**
 * The set itself where its groups can be compared; else the phantom of its modality, so that a lesson about groups
 * has some. `explain(data, 'which images show the groups')` says which of the two it is.
 * @example const families = await look.chooseGrouped(data)
 */
export async function chooseGrouped(data: Dataset): Promise<Dataset> {
  return showsGroups(data) ? data : openPhantomLike(data)
}

/**
 * The phantom of a set's modality: the X-ray phantom for X-rays, the CT phantom for CT and for what is unknown. Its
 * masks outline the findings.
 * @example const phantom = await look.openPhantomLike(data)
 */
export async function openPhantomLike({ modality }: Dataset): Promise<Phantom> {
  return await openDataset(modality === 'X-ray' ? 'phantom-xray' : 'phantom') as Phantom
}
