/** Images that are alike, group by group. */
import { descending, range } from 'd3-array'
import { requireSameSet, type Duplicates } from '../../audit/duplicates'
import { requireSplitOf } from '../../audit/patients'
import type { Dataset, Role } from '../../data/dataset'
import type { Split } from '../../data/split/split'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { figureOptionNames, type Figure, type FigureOptions } from './figure'
import { imageGrid } from './image-grid'

/** Which groups are drawn, and the words around them. */
export interface DuplicateGroupsOptions extends FigureOptions {
  /** The split whose parts are named. Default: the parts that the set's makers gave, where they gave some. */
  split?: Split
  /** How many groups, 1 to 50. Default 6. */
  most?: number
}

/** Images of a group that are drawn. */
const imagesOfGroup = 4

/**
 * Groups of images that are alike by one measure: first those of two parts, then those of two classes, then the others,
 * the largest first. Of a group the first four images are drawn, one of each class and part before any second one. The
 * frame of a group of two classes or parts is dashed, of any other group solid.
 * @param result one of those that `look.findDuplicates` gives
 * @param options split: whose parts are named; most: how many groups (default 6); name, title, subtitle
 * @throws LabError 'bad-argument' for a result or a split of another set
 * @example show(await figures.duplicateGroups(ct, (await look.findDuplicates(ct))[1], { split: parts }))
 */
export async function duplicateGroups(
  dataset: Dataset, result: Duplicates, options: DuplicateGroupsOptions = {},
): Promise<Figure> {
  requireKnownKeys('duplicateGroups', options, { ...figureOptionNames, split: true, most: true })
  requireSameSet(dataset, result)
  const { split, most = 6, ...words } = options
  requireInRange('most', most, { low: 1, high: 50, whole: true })
  const { measure, threshold, groups, unsearched } = result
  const partOf = partsOf(dataset, split)
  const ranked = groups.map(images => rank(dataset, images, partOf))
    .sort((a, b) => descending(a.weight, b.weight) || descending(a.images.length, b.images.length))
  const drawn = ranked.slice(0, most)
  const pictures = drawn.flatMap(({ images, weight }, group) => chooseImages(dataset, images, partOf).map(image =>
    ({ image, group, torn: weight > 0, size: images.length })))
  const read = await Promise.all(pictures.map(async ({ image, group, torn, size }) => ({
    image: await dataset.read(image), mark: torn ? 'wrong' as const : 'right' as const,
    caption: `group ${group + 1} (${counted(size, 'image')})\n${describeImage(dataset, image, partOf)}`,
  })))
  const rule = measure === 'grey levels' ? 'equal grey levels' : `${measure} (${threshold})`
  const shown = drawn.length < groups.length ? `${drawn.length} of ${counted(groups.length, 'group')}` : counted(groups.length, 'group')
  return imageGrid(read, {
    name: 'duplicate-groups', title: `Images alike by ${rule}`,
    subtitle: `${shown}. Dashed frame: a group of two classes or parts. ${dataset.notice}`, columns: imagesOfGroup,
    empty: unsearched ?? 'No images are alike by this measure.', ...words,
  })
}

/** The part of each image; undefined where none is known. */
function partsOf(dataset: Dataset, split?: Split): (image: number) => Role | undefined {
  if (!split) return image => dataset.items[image].part
  requireSplitOf(dataset, split)
  const parts = new Map((['validation', 'train', 'test'] as const).flatMap(role =>
    split[role].indices.map(image => [image, role] as const)))
  return image => parts.get(image)
}

/** A group's weight: 2 for images of two parts, 1 for images of two classes, and their sum. */
function rank({ items }: Dataset, images: readonly number[], partOf: (image: number) => Role | undefined) {
  const several = (of: (image: number) => unknown) =>
    new Set(images.map(of).filter(value => value !== undefined)).size > 1
  return { images, weight: (several(partOf) ? 2 : 0) + (several(image => items[image].label) ? 1 : 0) }
}

/** The first images of a group: one of each class and part, then the others. */
function chooseImages(
  { items }: Dataset, images: readonly number[], partOf: (image: number) => Role | undefined,
): number[] {
  const kindOf = (i: number) => `${items[images[i]].label} ${partOf(images[i])}`
  const kinds = range(images.length).map(kindOf)
  const isFirst = (i: number) => kinds.indexOf(kinds[i]) === i
  const order = [...range(images.length).filter(isFirst), ...range(images.length).filter(i => !isFirst(i))]
  return order.slice(0, imagesOfGroup).map(i => images[i])
}

function describeImage(
  { items, labels }: Dataset, image: number, partOf: (image: number) => Role | undefined,
): string {
  const { name, label } = items[image], part = partOf(image)
  return `${name}\n${labels[label]}${part ? `, ${part}` : ''}`
}
