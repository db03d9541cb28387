/** Images wherever they lie: in a file, in a folder and the folders in it, in a zip. */
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { folderFiles } from '../data/import'
import type { Image } from '../images/image'
import { decodeImage, readImageFile } from '../images/image-file'
import { archiveFiles } from '../system/archive'
import { LabError } from '../system/errors'

/** One file: an image to be read, or what is no image by its name. */
export interface SourceImage {
  /** As the user would name it: the path, with a zip's path before the names of files in it. */
  name: string
  /** Reads the image, grey. Null where the name is not that of an image. Call it before asking for the next file. */
  read: (() => Promise<Image>) | null
}

const endings = new Set(['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.gif', '.bmp'])
/** What operating systems leave in folders and archives. */
const litter = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/

/**
 * The files at a path, sorted by name within a folder, in the archive's order within a zip. A file that the user names
 * counts as an image whatever its name.
 * @throws LabError 'data-missing' where nothing is there; 'bad-archive', 'too-large'
 */
export async function* imagesAt(path: string): AsyncGenerator<SourceImage> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new LabError('data-missing', { expected: `a file, folder or zip ${path}`, received: 'nothing there', remedy: 'Check the path' })
  if (found.isDirectory()) yield* inFolder(path)
  else if (extname(path).toLowerCase() === '.zip') yield* inZip(path)
  else yield { name: path, read: () => readImageFile(path) }
}

async function* inFolder(folder: string): AsyncGenerator<SourceImage> {
  const names: string[] = []
  for await (const { name } of folderFiles(folder)) if (!litter.test(name)) names.push(name)
  for (const name of names.sort()) {
    const path = join(folder, name)
    yield { name: path, read: isImage(name) ? () => readImageFile(path) : null }
  }
}

async function* inZip(path: string): AsyncGenerator<SourceImage> {
  for await (const { name, read } of archiveFiles(path)) {
    if (litter.test(name)) continue
    yield { name: `${path}/${name}`, read: isImage(name) ? async () => decodeImage(await read(), 1) : null }
  }
}

function isImage(name: string): boolean {
  return endings.has(extname(name).toLowerCase())
}
