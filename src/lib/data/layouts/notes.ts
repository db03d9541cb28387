/** Sentences about a folder that its data set's notice says: what was left out, and what is to be known. */
import { group, rollups, sum } from 'd3-array'
import type { Item } from '../dataset'
import type { ImageTable } from '../tables/image-table'
import { counted } from '../../system/summary'
import { countByEnding, fewNames } from './contents'
import type { Listing } from './folder-listing'
import { plainName, visibleName } from './plain-name'

/**
 * What was left out.
 * @param names the images of the folder
 * @param included the images of the data set
 * @param table the table that was read, which is not left out
 */
export function leftOutNotes(
  { files, brokenLinks }: Listing, names: readonly string[], included: ReadonlySet<string>, table?: string,
): string[] {
  const images = new Set(names)
  const others = files.filter(file => !images.has(file) && file !== table)
  const outside = names.filter(name => !included.has(name))
  const byFolder = rollups(others, countByEnding, file => (file.includes('/') ? file.split('/')[0] : ''))
    .map(([folder, counts]) => (folder ? `${folder}: ${counts}` : counts))
  const sentence = (list: readonly string[], noun: string, end: string) =>
    (list.length ? [`${counted(list.length, noun)} left out${end}.`] : [])
  return [
    ...sentence(others, 'file', `, no images (${byFolder.join('; ')})`),
    ...sentence(outside, 'image', `, outside the layout (first ${outside[0]})`),
    ...sentence(brokenLinks, 'link', ` that lead nowhere (first ${brokenLinks[0]})`),
  ]
}

/**
 * Which columns of a table are not used, and whether its classes are others than those of the folders, which count.
 * @param labelOf the class of an image
 */
export function tableNotes(name: string, { rows, unused }: ImageTable, labelOf: (image: string) => string): string[] {
  const others = [...rows].filter(([image, { label }]) => label !== '' && label !== labelOf(image))
  return [
    ...(unused.length ? [`Columns of ${name} that are not used: ${fewNames(unused)}.`] : []),
    ...(others.length
      ? [`The label of ${counted(others.length, 'image')} in ${name} is not the class folder (first ${others[0][0]}): the folder counts.`]
      : []),
  ]
}

/** Endings by which data sets name the mask of an image in the same folder. */
const maskEnding = /[ _.-]+(mask|seg|segmentation|annotation|label|roi)s?([ _.-]*\d+)?(?=\.[^.]+$|$)/i

/** Images that are named like masks of others: they count as images of their class. */
export function maskNotes(names: readonly string[]): string[] {
  const stemOf = (name: string) => name.replace(/\.[^./]+$/, '')
  const stems = new Set(names.map(stemOf))
  const masks = names.filter(name => maskEnding.test(name) && stems.has(stemOf(name.replace(maskEnding, ''))))
  if (masks.length === 0) return []
  return [`${counted(masks.length, 'image')} named like masks of others (first ${masks[0]}): they count as images of their class.`]
}

/** What is to be known about patients' names: some appear in several classes, some are nearly the same. */
export function groupNotes(items: readonly Item[]): string[] {
  return [...sharedNotes(items), ...similarNotes(items)]
}

/** Names that a person would take for one: were they one patient, a split could tear that patient apart. */
function similarNotes(items: readonly Item[]): string[] {
  const names = new Set(items.flatMap(item => item.group ?? []))
  const similar = [...group(names, plainName).values()].filter(list => list.length > 1)
  if (similar.length === 0) return []
  const [first] = similar, count = sum(similar, list => list.length)
  return [`${count} patients’ names differ from another in capitals, spaces, hyphens or zeros only `
    + `(first ${first.slice(0, 2).map(visibleName).join(' and ')}): they count as different patients.`]
}

/**
 * Names of patients that appear in several classes. Equal names are taken for one patient: were they two, splits would
 * lose nothing; were one patient taken for two, figures would be too good.
 */
function sharedNotes(items: readonly Item[]): string[] {
  const known = items.filter(item => item.group !== null)
  const shared = rollups(known, list => new Set(list.map(item => item.label)).size, item => item.group)
    .flatMap(([group, classes]) => (classes > 1 ? [group] : []))
  if (shared.length === 0) return []
  return [`${counted(shared.length, 'patient')} in more than one class (first ${shared[0]}): equal names count as one patient.`]
}
