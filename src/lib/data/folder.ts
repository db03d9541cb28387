/** Opening a folder of images. */
import { basename, join, resolve } from 'node:path'
import { imageHeader, imageLimit, readImageFile } from '../images/image-file'
import type { PixelWindow } from '../images/pixel-window'
import { splitSliceName } from '../images/volume-file'
import { LabError } from '../system/errors'
import { readFileCapped } from '../system/files'
import { hashFile, requireHash, sha256 } from '../system/hash'
import { inParallel } from '../system/parallel'
import { describePairs } from './alike/describe-pairs'
import { findEqualFiles } from './alike/equal-files'
import type { Dataset, Item } from './dataset'
import { modalityOf, withDicomGroups } from './dicom-groups'
import { examineImages, type ExamineOptions } from './examine'
import { arrange, type LayoutOptions } from './layouts/arrange'
import { listFolder } from './layouts/folder-listing'
import { expandVolumes } from './volumes'

/** Bytes of the largest table that is read. */
const tableLimit = 64 * 1024 * 1024

/** What is known about images that are the user's own. */
export const ownNotice = 'Your own images: this project knows nothing about where they come from or what they show.'


/** How a folder's files are understood, and how their values become grey levels. */
export type FolderOptions = LayoutOptions & ExamineOptions

/**
 * Opens a folder as a data set. Its layout is recognized: one subfolder a class (two or more), with or without a folder
 * for each patient in it, with or without the parts train, validation and test around or in the classes; or images with
 * a table that names their classes. A file groups.csv beside the subfolders may name groups and parts; its columns, in
 * any order, are `name` (such as COVID/one.png), `group` (the patient) and `split` (train, validation or test).
 * Links are followed. What is no image is counted in the set's notice.
 * @throws LabError 'data-missing'; 'bad-argument' for fewer than two classes, an empty class, a layout that is not
 *   recognized, or a wrong line of a table; 'bad-image' listing all files that cannot be read
 */
export async function openFolder(path: string, options: FolderOptions = {}): Promise<Dataset> {
  const folder = resolve(path)
  const listing = await listFolder(folder)
  const arranged = await arrange(folder, listing, name => readFileCapped(join(folder, name), tableLimit), options)
  const { labels, positive, notes } = arranged
  // The path's hash keeps two folders of one name apart.
  const name = `folder:${basename(folder)}-${sha256(folder).slice(0, 8)}`
  const names = arranged.items.map(item => item.name)
  const paths = names.map(file => join(folder, file))
  const hashes = await inParallel(paths.length, 8, i => hashFile(paths[i]))
  const found = await examineImages({ set: name, names, paths, hashes }, options)
  const { readable, skipped, window, sentences } = found
  const images = expandVolumes(readable.map(i => arranged.items[i]), found.facts)
  const facts = images.map(image => image.facts)
  const { items, notes: groupNotes } = withDicomGroups(images.map(image => image.item), facts)
  const hashOf = new Map(names.map((file, i) => [file, hashes[i]]))
  requireEveryClass(labels, items)
  const imageHashes = images.map(image => hashOf.get(image.file)!)
  const pairs = findEqualFiles(items.map(item => item.name), imageHashes)
  return {
    ...datasetOfFiles(items, items.map(item => join(folder, item.name)), imageHashes, window),
    storedChannels: async index => facts[index].channels,
    name, title: basename(folder), labels, grouping: groupingOf(items),
    ...(positive === undefined ? {} : { positive }),
    modality: modalityOf(facts), evidence: 'real',
    notice: [ownNotice, ...notes, ...groupNotes, ...sentences, ...equalNotes(pairs, items)].join(' '),
    licence: 'not known to this project', source: folder,
    contentHash: contentHashOf(items, labels, imageHashes, window),
    nearDuplicates: pairs, nearDuplicatesSearched: false,
    ...(skipped.length > 0 ? { skipped } : {}),
  }
}

function equalNotes(pairs: readonly [number, number][], items: readonly Item[]): string[] {
  return [
    'Near-duplicates were not searched (npm run data does).',
    ...(pairs.length ? [`Files of equal bytes: ${describePairs(pairs, items)}.`] : []),
  ]
}

/** A group of the user's own images is a patient. */
export function groupingOf(items: readonly Item[]): 'patient' | 'none' {
  return items.some(item => item.group !== null) ? 'patient' : 'none'
}

/**
 * What a data set needs to read its images from files.
 * @param hashes the files' SHA-256
 */
export function datasetOfFiles(
  items: readonly Item[], paths: readonly string[], hashes: readonly string[], window?: PixelWindow,
): Pick<Dataset, 'items' | 'window' | 'read' | 'storedChannels'> & Required<Pick<Dataset, 'file' | 'fileHash'>> {
  return {
    items, ...(window ? { window } : {}),
    file: index => paths[index],
    fileHash: index => hashes[index],
    read: index => readImageFile(paths[index], 1, window ?? {}, hashes[index]),
    storedChannels: async index => {
      const path = splitSliceName(paths[index])?.file ?? paths[index]
      return (await imageHeader(requireHash(path, await readFileCapped(path, imageLimit), hashes[index]))).channels
    },
  }
}

/**
 * The hash of what decides a set of files: names, groups, parts and the files' hashes; and the classes, where the
 * names do not begin with them; and the window, where not all files are 8-bit.
 */
export function contentHashOf(
  items: readonly Item[], labels: readonly string[], hashes: readonly string[], window?: PixelWindow,
): string {
  const rows = items.map(({ name, group, part, label }, i) => [
    name, group, part, hashes[i], ...(name.startsWith(`${labels[label]}/`) ? [] : [labels[label]]),
  ])
  return sha256(JSON.stringify(window ? [rows, window] : rows))
}

/** @throws LabError 'bad-argument' for a class that lost all of its images */
export function requireEveryClass(labels: readonly string[], items: readonly Item[]): void {
  const lost = labels.find((_, label) => !items.some(item => item.label === label))
  if (lost !== undefined)
    throw new LabError('bad-argument', {
      expected: `images of the class ${lost} that can be read`, received: 'none', remedy: 'Replace the damaged files',
    })
}
