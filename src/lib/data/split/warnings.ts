/** What a split's description and warning say about images that belong together. */
import type { Dataset, Role } from '../dataset'
import { countWithoutGroup } from '../groups'

/** Indices of the items of each part. */
export type Parts = Readonly<Record<Role, readonly number[]>>

/** The warnings about images in different parts that belong together, or may; none where each group is in one part. */
export function leakage(dataset: Dataset, parts: Parts): string[] {
  const { grouping } = dataset
  if (grouping === 'none')
    return ['Nothing is known about which images belong together; if some show one patient, figures are too good.']
  if (!tearsGroups(dataset, parts)) return unknownGroups(dataset)
  const shared = grouping === 'patient' ? 'Images of one patient' : 'Neighbouring slices, most likely of one patient,'
  return [`${shared} lie on both sides of this split, so recognising them pays: figures are too good.`]
}

/** Whether items of one group are in different parts. */
function tearsGroups({ items }: Dataset, { train, validation, test }: Parts): boolean {
  // The published protocol validates and tests on the same images.
  const parts = validation === test ? [train, test] : [train, validation, test]
  const groupsOf = parts.map(indices => new Set(indices.flatMap(i => items[i].group ?? [])))
  return new Set(groupsOf.flatMap(groups => [...groups])).size < groupsOf.reduce((sum, groups) => sum + groups.size, 0)
}

/** Ends a description where the groups of some images are not known: such images are never counted as groups. */
export function unknownShare(dataset: Dataset): string {
  const count = countWithoutGroup(dataset)
  return count === 0 ? '' : `; ${count} of ${dataset.items.length} images have no known ${dataset.grouping}`
}

/** The warning about images whose group is not known; none where all are known. */
export function unknownGroups(dataset: Dataset): string[] {
  const count = countWithoutGroup(dataset)
  if (count === 0) return []
  return [`The ${dataset.grouping} of ${count} of ${dataset.items.length} images is not known; ` +
    `if they show a ${dataset.grouping} of another part, figures are too good.`]
}

/** Training images with a near-duplicate among those held out, ascending. */
export function nearDuplicatesOf(
  { nearDuplicates }: Dataset, train: readonly number[], heldOut: readonly number[],
): number[] {
  const inTrain = new Set(train)
  const inHeldOut = new Set(heldOut)
  const found = nearDuplicates.flatMap(([a, b]) =>
    inTrain.has(a) && inHeldOut.has(b) ? [a] : inTrain.has(b) && inHeldOut.has(a) ? [b] : [])
  return [...new Set(found)].sort((a, b) => a - b)
}
