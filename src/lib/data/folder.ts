/** Opening a folder of images with one subfolder a class. */
import { readdir } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { LabError } from '../system/errors'
import { readFileCapped } from '../system/files'
import { hashFile, sha256 } from '../system/hash'
import { insideFolder } from '../system/safe-path'
import { imageHeader } from '../images/image-file'
import { imageLimit, readImageFile } from '../images/image-file'
import { inParallel } from '../system/parallel'
import type { Dataset, Item } from './dataset'
import { readGroups } from './groups-table'

const extensions = new Set(['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.gif'])

/**
 * Opens a folder as a data set: its subfolders are the classes (two or more), the images in them the items. A file
 * groups.csv beside the subfolders may name groups and parts; its columns, in any order, are `name` (such as
 * COVID/one.png), `group` (the patient) and `split` (train, validation or test).
 * @throws LabError 'data-missing'; 'bad-argument' for fewer than two classes, an empty class, or a wrong line of
 *   groups.csv
 */
export async function openFolder(path: string): Promise<Dataset> {
  const folder = resolve(path)
  const labels = await classes(folder)
  const files = (await Promise.all(labels.map(label => images(folder, label)))).flat().sort()
  const rows = await readGroups(folder, files)
  const items = files.map((name): Item => ({
    name, label: labels.indexOf(name.slice(0, name.indexOf('/'))), group: null, ...rows.get(name),
  }))
  const hashes = await inParallel(files.length, 8, i => hashFile(insideFolder(folder, files[i])))
  const file = (index: number) => insideFolder(folder, items[index].name)
  const grouping = items.some(item => item.group !== null) ? 'patient' : 'none'
  return {
    name: `folder:${basename(folder)}`, title: basename(folder), labels, items, grouping,
    modality: 'unknown', evidence: 'real',
    notice: 'Your own images: this project knows nothing about where they come from or what they show.',
    licence: 'not known to this project', source: folder,
    contentHash: sha256(JSON.stringify(items.map((item, i) => [item.name, item.group, item.part, hashes[i]]))),
    nearDuplicates: [],
    storedChannels: async index =>
      (await imageHeader(await readFileCapped(file(index), imageLimit))).channels,
    file,
    read: index => readImageFile(file(index)),
  }
}

/** Names of the class folders, sorted. Hidden folders are left out. */
async function classes(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new LabError('data-missing', {
      expected: `a folder ${folder}`, received: 'no folder there',
      remedy: 'Check the path, or name a data set that npm run data -- --list shows',
    })
  })
  const folders = entries.filter(entry => entry.isDirectory() && !/^[._]/.test(entry.name))
  const labels = folders.map(entry => entry.name).sort()
  if (labels.length < 2)
    throw new LabError('bad-argument', {
      expected: `${folder} to hold one subfolder a class, two or more`,
      received: labels.length ? `only ${labels[0]}` : 'none',
      remedy: 'Sort the images into subfolders named after their classes',
    })
  return labels
}

/** Names of the images of a class, such as 'COVID/one.png'. */
async function images(folder: string, label: string): Promise<string[]> {
  const entries = await readdir(join(folder, label), { withFileTypes: true })
  const names = entries.filter(entry => entry.isFile() && extensions.has(extname(entry.name).toLowerCase()))
  if (names.length === 0)
    throw new LabError('bad-argument', {
      expected: `images in ${join(folder, label)}`, received: 'none',
      remedy: `Add files ending in ${[...extensions].join(', ')}, or remove the subfolder`,
    })
  return names.map(entry => `${label}/${entry.name}`)
}
