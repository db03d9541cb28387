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
  const shared = grouping === 'patient' ? 'Images of one patient' : 'Neighboring slices, most likely of one patient,'
  return [`${shared} lie on both sides of this split, so recognizing them pays: figures are too good.`]
}

/** Whether items of one group are in different parts. */
export function tearsGroups({ items }: Dataset, { train, validation, test }: Parts): boolean {
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

/** Classes that a part lacks: a network cannot learn them, or nothing is known about how it judges them. */
export function lackingClasses({ items, labels }: Dataset, parts: Parts): string[] {
  return (['train', 'validation', 'test'] as const).flatMap(role => {
    const present = new Set(parts[role].map(i => items[i].label))
    const lacking = labels.filter((_, label) => !present.has(label))
    if (lacking.length === 0) return []
    const names = lacking.slice(0, 6).join(', ') + (lacking.length > 6 ? ` and ${lacking.length - 6} more` : '')
    return [`No image of ${names} is in the part ${role}: ${role === 'train' ? 'no network can learn it' : 'its figures say nothing about it'}.`]
  })
}

/** How many images have a near-duplicate in another part, part by part; none where no part has such images. */
export function tornDuplicates(dataset: Dataset, parts: Parts): string[] {
  const { train, validation, test } = parts
  const count = nearDuplicatesOf(dataset, train, [...validation, ...test]).length
  const inTraining = count === 0 ? [] : [`${count === 1 ? '1 training image is nearly the same as an image'
    : `${count} training images are nearly the same as images`} of validation or test: figures are too good.`]
  return [...inTraining, ...tornFromTest(dataset, parts)]
}

/**
 * How many validation images have a near-duplicate in the test part; none where no image has. Not of parts that are the
 * same images: their split says so.
 */
export function tornFromTest(dataset: Dataset, { validation, test }: Parts): string[] {
  const count = validation === test ? 0 : nearDuplicatesOf(dataset, validation, test).length
  if (count === 0) return []
  const words = count === 1 ? '1 validation image is nearly the same as a test image'
    : `${count} validation images are nearly the same as test images`
  return [`${words}: what validation chooses fits the test part too well.`]
}

/** Images of one part that have a near-duplicate among other images, ascending. */
export function nearDuplicatesOf(
  { nearDuplicates }: Dataset, part: readonly number[], others: readonly number[],
): number[] {
  const inPart = new Set(part)
  const inOthers = new Set(others)
  const found = nearDuplicates.flatMap(([a, b]) =>
    inPart.has(a) && inOthers.has(b) ? [a] : inPart.has(b) && inOthers.has(a) ? [b] : [])
  return [...new Set(found)].sort((a, b) => a - b)
}
