/** Sentences about a folder that its data set's notice says: what was left out, and what is to be known. */
import { rollups } from 'd3-array'
import type { Item } from '../dataset'
import type { ImageTable } from '../tables/image-table'
import { counted } from '../../system/summary'
import { countByEnding, fewNames } from './contents'
import type { Listing } from './folder-listing'

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

/**
 * Names of patients that appear in several classes. Equal names are taken for one patient: were they two, splits would
 * lose nothing; were one patient taken for two, figures would be too good.
 */
export function groupNotes(items: readonly Item[]): string[] {
  const known = items.filter(item => item.group !== null)
  const shared = rollups(known, list => new Set(list.map(item => item.label)).size, item => item.group)
    .flatMap(([group, classes]) => (classes > 1 ? [group] : []))
  if (shared.length === 0) return []
  return [`${counted(shared.length, 'patient')} in more than one class (first ${shared[0]}): equal names count as one patient.`]
}
