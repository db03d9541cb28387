/** All files of a folder, links followed. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../system/errors'
import { readable } from '../../system/files'
import { isLitter } from './file-kinds'

/** What a folder or an archive holds, by relative paths with slashes, sorted; without hidden files. */
export interface Listing {
  files: string[]
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
  const listing: Listing = { files: [], folders: [], brokenLinks: [] }
  await stat(folder).then(found => { if (!found.isDirectory()) throw new Error() }).catch(() => {
    throw new LabError('data-missing', {
      expected: `a folder ${folder}`, received: 'no folder there',
      remedy: 'Check the path, or name a data set that npm run data -- --list shows',
    })
  })
  await list(folder, '', new Set([await realpath(folder)]), listing)
  for (const names of [listing.files, listing.folders, listing.brokenLinks]) names.sort()
  return listing
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
    else if (kind.isFile()) listing.files.push(name)
    else if (kind.isDirectory()) {
      listing.folders.push(name)
      const real = entry.isSymbolicLink() ? await realpath(path) : join(await realpath(folder), entry.name)
      if (!around.has(real)) await list(root, name, new Set([...around, real]), listing)
    }
  }
}
