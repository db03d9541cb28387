/** All files of a folder, links followed. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../system/errors'
import { readable, readStart } from '../../system/files'
import { isImage, isLitter, isTableName, startLength } from './file-kinds'

/** What a folder or an archive holds, by relative paths with slashes, sorted; without hidden files. */
export interface Listing {
  files: string[]
  /** Those of the files that are images: by their names, or because they start as DICOM images do. */
  images: string[]
  folders: string[]
  /** Links that lead nowhere. */
  brokenLinks: string[]
}

/**
 * Lists a folder and the folders in it. Links are followed; a link to a folder around it is listed but not entered
 * again.
 * @throws LabError 'data-missing' where the folder is missing or may not be read
 */
export async function listFolder(folder: string): Promise<Listing> {
  const listing: Listing = { files: [], images: [], folders: [], brokenLinks: [] }
  await requireFolder(folder)
  await list(folder, '', new Set([await realpath(folder)]), listing)
  for (const names of [listing.files, listing.images, listing.folders, listing.brokenLinks]) names.sort()
  return listing
}

/** @throws LabError 'data-missing' where a path leads to no folder */
export async function requireFolder(path: string): Promise<void> {
  const found = await readable(path, () => stat(path), `a folder ${path}`)
  if (found.isDirectory()) return
  const isSource = isTableName(path) || /\.zip$/i.test(path)
  throw new LabError('data-missing', {
    expected: `a folder ${path}`, received: 'a file',
    remedy: isSource ? `Keep its images by a name first: npm run data -- NAME --from ${path}` : 'Name the folder around it',
  })
}

/** @param around real paths of the folders around this one: a link to one of them would never end */
async function list(root: string, inside: string, around: ReadonlySet<string>, listing: Listing): Promise<void> {
  const folder = join(root, inside)
  const entries = await readable(folder, () => readdir(folder, { withFileTypes: true }))
  for (const entry of entries) {
    const name = inside ? `${inside}/${entry.name}` : entry.name
    if (isLitter(entry.name)) continue
    const path = join(folder, entry.name)
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
    if (!kind) listing.brokenLinks.push(name)
    else if (kind.isFile()) {
      listing.files.push(name)
      if (await isImage(name, () => readStart(path, startLength))) listing.images.push(name)
    } else if (kind.isDirectory()) {
      listing.folders.push(name)
      const real = entry.isSymbolicLink() ? await realpath(path) : join(await realpath(folder), entry.name)
      if (!around.has(real)) await list(root, name, new Set([...around, real]), listing)
    }
  }
}
