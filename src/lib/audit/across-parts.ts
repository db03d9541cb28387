/** Copies across a split: test images that a network has seen, or nearly so, while it was trained. */
import { ascending } from 'd3-array'
import type { Role } from '../data/dataset'
import type { Split } from '../data/split/split'
import { requireKnownKeys } from '../system/options'
import { requireOneOf } from '../system/errors'
import type { DuplicateRule } from './duplicate-measures'
import { requireSameSet, type Duplicates } from './duplicates'

/** An image of a part, and the training image that is most like it. */
export interface SeenImage {
  /** Indices of the set's items. */
  image: number
  training: number
  /** Their names. */
  name: string
  trainingName: string
  /** How alike both are; see `AlikePair`. */
  alike: number
  /** Whether both have the same class. */
  sameClass: boolean
}

/** How many images of a part have a copy in training, by one measure. */
export interface SeenImages extends DuplicateRule {
  part: Role
  /** How many images the part has. */
  images: number
  /** How many of them have a copy in training. */
  count: number
  /** `count` of `images`, 0 to 1; NaN for a part without images. */
  share: number
  /** The images that have one, the most alike first. */
  seen: SeenImage[]
  /** Why there is no result; null where there is one. */
  unsearched: string | null
  /** Whether the measure's pairs chain images of the whole set together, see `Duplicates`: they prove no copy then. */
  chained: boolean
}

/**
 * Images of a split's test part with a copy among its training images, by each of the measures. Chains do not count: an
 * image must itself be alike to a training image.
 * @param duplicates as `findDuplicates` found them in the split's set
 * @param options part: 'test' (default) or 'validation'
 * @throws LabError 'bad-argument' for duplicates of another set
 * @example const copies = await look.findDuplicates(ct, { model: null })
 * look.findSeen(parts, copies).map(({ measure, share }) => `${measure}: ${share}`)
 */
export function findSeen(
  split: Split, duplicates: readonly Duplicates[], options: { part?: 'validation' | 'test' } = {},
): SeenImages[] {
  requireKnownKeys('findSeen', options, { part: true })
  const { part = 'test' } = options
  requireOneOf('part', part, ['validation', 'test'])
  return duplicates.map(result => {
    requireSameSet(split.dataset, result)
    const { measure, threshold, unsearched, chained } = result
    const seen = seenBy(split, part, result), count = seen.length, images = split[part].indices.length
    return { measure, threshold, part, images, count, share: count / images, seen, unsearched, chained }
  })
}

function seenBy(split: Split, part: 'validation' | 'test', result: Duplicates): SeenImage[] {
  const { items } = split.dataset, training = new Set(split.train.indices), inPart = new Set(split[part].indices)
  const nearest = new Map<number, { training: number; alike: number }>()
  // Of hashes the distance counts, of all other measures the likeness.
  const nearer = (a: number, b: number) => (result.measure === 'perceptual hash' ? a < b : a > b)
  const offer = (image: number, other: number, alike: number) => {
    if (!inPart.has(image) || !training.has(other)) return
    const before = nearest.get(image)
    if (!before || nearer(alike, before.alike)) nearest.set(image, { training: other, alike })
  }
  if (result.measure === 'grey levels') result.groups.forEach(group => offerEqual(group, training, offer))
  else for (const { first, second, alike } of result.pairs) {
    offer(first, second, alike)
    offer(second, first, alike)
  }
  const seen = [...nearest].map(([image, { training: other, alike }]): SeenImage => ({
    image, training: other, alike, name: items[image].name, trainingName: items[other].name,
    sameClass: items[image].label === items[other].label,
  }))
  return seen.sort((a, b) => (a.alike === b.alike ? ascending(a.image, b.image) : nearer(a.alike, b.alike) ? -1 : 1))
}

/** Offers each image of a group of equal images the group's first training image. */
function offerEqual(
  group: readonly number[], training: ReadonlySet<number>, offer: (image: number, other: number, alike: number) => void,
): void {
  const other = group.find(image => training.has(image))
  if (other !== undefined) for (const image of group) offer(image, other, 1)
}
