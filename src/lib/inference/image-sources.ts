/** Images wherever they lie: in a file, in a folder and the folders in it, in a zip. */
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isImage, isLitter, startLength } from '../data/layouts/file-kinds'
import { listFolder } from '../data/layouts/folder-listing'
import { detectFormat } from '../images/format'
import type { Image } from '../images/image'
import { decodeImage, readImageFile } from '../images/image-file'
import type { PixelWindow } from '../images/pixel-window'
import { archiveFiles } from '../system/archive'
import { readable, readStart } from '../system/files'

/** One file: an image to be read, or what is no image by its name. */
export interface SourceImage {
  /** As the user would name it: the path, with a zip's path before the names of files in it. */
  name: string
  /** Reads the image, grey. Null where the name is not that of an image. Call it before asking for the next file. */
  read: (() => Promise<Image>) | null
}

/**
 * The files at a path, sorted by name within a folder, in the archive's order within a zip. A file that the user names
 * counts as an image whatever its name; so does a file that starts as DICOM does, and in a folder a file without an
 * ending that starts as any image does. Links are followed.
 * @param window how values become grey levels, as in the model's training; by default only 8-bit images are read
 * @throws LabError 'data-missing' where nothing is there; 'bad-archive', 'too-large'
 */
export async function* imagesAt(path: string, window: PixelWindow = {}): AsyncGenerator<SourceImage> {
  const found = await readable(path, () => stat(path), `a file, folder or zip ${path}`)
  if (found.isDirectory()) yield* inFolder(path, window)
  else if (extname(path).toLowerCase() === '.zip') yield* inZip(path, window)
  else yield { name: path, read: () => readImageFile(path, 1, window) }
}

async function* inFolder(folder: string, window: PixelWindow): AsyncGenerator<SourceImage> {
  const { files, images, brokenLinks } = await listFolder(folder)
  const known = new Set(images)
  for (const name of [...files, ...brokenLinks].sort()) {
    const path = join(folder, name)
    const isReadable = known.has(name) || (extname(name) === '' && await startsAsImage(path))
    yield { name: path, read: isReadable ? () => readImageFile(path, 1, window) : null }
  }
}

async function* inZip(path: string, window: PixelWindow): AsyncGenerator<SourceImage> {
  for await (const { name, read } of archiveFiles(path)) {
    if (isLitter(name)) continue
    yield { name: `${path}/${name}`, read: await isImage(name, read) ? async () => decodeImage(await read(), 1, window) : null }
  }
}

/** Whether a file's first bytes are those of an image format that is read. */
async function startsAsImage(path: string): Promise<boolean> {
  return detectFormat(await readStart(path, startLength)) !== null
}
