/** Opening a folder of images. */
import { basename, join, resolve } from 'node:path'
import { imageHeader, imageLimit, readImageFile } from '../images/image-file'
import { readFileCapped } from '../system/files'
import { hashFile, sha256 } from '../system/hash'
import { inParallel } from '../system/parallel'
import type { Dataset, Item } from './dataset'
import { arrange, type LayoutOptions } from './layouts/arrange'
import { listFolder } from './layouts/folder-listing'

/** Bytes of the largest table that is read. */
const tableLimit = 64 * 1024 * 1024

/** What is known about images that are the user's own. */
export const ownNotice = 'Your own images: this project knows nothing about where they come from or what they show.'

/**
 * Opens a folder as a data set. Its layout is recognized: one subfolder a class (two or more), with or without a folder
 * for each patient in it, with or without the parts train, validation and test around or in the classes; or images with
 * a table that names their classes. A file groups.csv beside the subfolders may name groups and parts; its columns, in
 * any order, are `name` (such as COVID/one.png), `group` (the patient) and `split` (train, validation or test).
 * Links are followed. What is no image is counted in the set's notice.
 * @throws LabError 'data-missing'; 'bad-argument' for fewer than two classes, an empty class, a layout that is not
 *   recognized, or a wrong line of a table
 */
export async function openFolder(path: string, options: LayoutOptions = {}): Promise<Dataset> {
  const folder = resolve(path)
  const listing = await listFolder(folder)
  const arranged = await arrange(folder, listing, name => readFileCapped(join(folder, name), tableLimit), options)
  const { labels, items, grouping, positive, notes } = arranged
  const hashes = await inParallel(items.length, 8, i => hashFile(join(folder, items[i].name)))
  const file = (index: number) => join(folder, items[index].name)
  return {
    // The path's hash keeps two folders of one name apart.
    name: `folder:${basename(folder)}-${sha256(folder).slice(0, 8)}`, title: basename(folder), labels, items, grouping,
    ...(positive === undefined ? {} : { positive }),
    modality: 'unknown', evidence: 'real',
    notice: [ownNotice, ...notes, 'Near-duplicates were not searched (npm run data does).'].join(' '),
    licence: 'not known to this project', source: folder,
    contentHash: contentHashOf(items, labels, hashes),
    nearDuplicates: [], nearDuplicatesSearched: false,
    storedChannels: async index =>
      (await imageHeader(await readFileCapped(file(index), imageLimit))).channels,
    file,
    read: index => readImageFile(file(index)),
  }
}

/**
 * The hash of what decides a set of files: names, groups, parts and the files' hashes; and the classes, where the
 * names do not begin with them.
 */
export function contentHashOf(items: readonly Item[], labels: readonly string[], hashes: readonly string[]): string {
  return sha256(JSON.stringify(items.map(({ name, group, part, label }, i) => [
    name, group, part, hashes[i], ...(name.startsWith(`${labels[label]}/`) ? [] : [labels[label]]),
  ])))
}
