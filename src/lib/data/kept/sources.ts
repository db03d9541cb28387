/** Where a set to keep comes from: a folder, a zip archive, or a table with the folder around it. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { imageLimit } from '../../images/image-file'
import { LabError } from '../../system/errors'
import { readable, readFileCapped } from '../../system/files'
import type { Progress } from '../dataset'
import { isImage, isTableName, isZipName } from '../layouts/file-kinds'
import { listFolder, type Listing } from '../layouts/folder-listing'
import { partOfWord } from '../part-words'
import { sourceFiles } from './source-files'

/** Bytes of the largest table that is read. */
const tableLimit = 64 * 1024 * 1024

/** A folder with more folders in it is not taken for a wrapper around classes. */
const mostClasses = 20

/** Files that can be listed, and then read one after another. */
export interface Source {
  /** What errors call it. */
  path: string
  listing: Listing
  /** The table by which the source was named. */
  table?: string
  readTable(name: string): Promise<Uint8Array>
  /** Reads files, in any order. */
  readAll(names: ReadonlySet<string>): AsyncGenerator<{ name: string; bytes: Uint8Array }>
}

/** How a source is listed. */
export interface SourceOptions {
  /** Whether names stay as they are, because the caller knows the layout. Default false. */
  keepsFolders?: boolean
  /** Which files `readTable` is asked for. Default: those with a table's name. */
  isTable?(name: string): boolean
  /** Whether zips in it count as folders. Default: only where there is no image beside them. */
  inner?: boolean
  onProgress?: Progress
}

/**
 * Opens a source. Folders that hold all images, as archives have them around the classes, are left out of the names.
 * @throws LabError 'data-missing', 'bad-archive', 'too-large'
 */
export async function openSource(from: string, options: SourceOptions = {}): Promise<Source> {
  const path = resolve(from)
  const found = await readable(path, () => stat(path), `a folder, a zip archive or a table ${path}`)
  if (found.isDirectory()) return folderSource(path, options)
  if (isTableName(path))
    return { ...await folderSource(dirname(path), { ...options, keepsFolders: true }), table: basename(path) }
  return archiveSource(path, options)
}

async function folderSource(folder: string, options: SourceOptions): Promise<Source> {
  const whole = await listFolder(folder)
  const { inner = whole.images.length === 0 } = options
  if (inner && whole.files.some(isZipName)) return archiveSource(folder, { ...options, inner })
  const { prefix, listing } = options.keepsFolders ? { prefix: '', listing: whole } : unwrap(whole)
  const pathOf = (name: string) => join(folder, prefix + name)
  return {
    path: join(folder, prefix), listing,
    readTable: name => readFileCapped(pathOf(name), tableLimit),
    async *readAll(names) {
      for (const name of names) yield { name, bytes: await readFileCapped(pathOf(name), imageLimit) }
    },
  }
}

/** An archive, or a folder with archives in it, whose files are read one after another. */
async function archiveSource(path: string, options: SourceOptions): Promise<Source> {
  const { keepsFolders = false, isTable = isTableName, inner = false, onProgress } = options
  const whole: Listing = { files: [], images: [], folders: [], brokenLinks: [] }
  const tables = new Map<string, Uint8Array>()
  for await (const file of sourceFiles(path, inner)) {
    whole.files.push(file.name)
    onProgress?.('listing files', whole.files.length, null)
    if (isTable(file.name)) {
      if (file.size <= tableLimit) tables.set(file.name, await file.read())
    } else if (await isImage(file.name, async () => (file.size <= imageLimit ? file.read() : new Uint8Array())))
      whole.images.push(file.name)
  }
  if (options.inner === undefined && whole.images.length === 0 && whole.files.some(isZipName))
    return archiveSource(path, { ...options, inner: true })
  whole.files.sort()
  whole.images.sort()
  whole.folders = [...new Set(whole.files.flatMap(foldersAround))].sort()
  const { prefix, listing } = keepsFolders ? { prefix: '', listing: whole } : unwrap(whole)
  return {
    path: prefix ? `${path}, ${prefix}` : path, listing,
    async readTable(name) {
      const bytes = tables.get(prefix + name)
      if (bytes) return bytes
      throw new LabError('data-missing', {
        expected: `a table ${name} of at most ${tableLimit} bytes in ${path}`, received: 'none', remedy: 'Check its name',
      })
    },
    async *readAll(names) {
      const read = new Set<string>()
      for await (const file of sourceFiles(path, inner)) {
        const name = file.name.slice(prefix.length)
        if (!file.name.startsWith(prefix) || !names.has(name)) continue
        if (read.has(name))
          throw new LabError('bad-archive', {
            expected: `each file of ${path} once`, received: `${file.name} twice`, remedy: 'Pack the archive again',
          })
        if (file.size > imageLimit)
          throw new LabError('too-large', {
            expected: `files of at most ${imageLimit} bytes in ${path}`, received: `${file.name}, ${file.size} bytes`,
            remedy: 'Leave the file out',
          })
        read.add(name)
        yield { name, bytes: await file.read() }
      }
    },
  }
}

/** Leaves out folders that hold all the images: 'chest_xray/train/…' becomes 'train/…'. */
function unwrap(whole: Listing): { prefix: string; listing: Listing } {
  let prefix = ''
  const { images } = whole
  for (;;) {
    const paths = images.map(name => name.slice(prefix.length).split('/'))
    const tops = new Set(paths.map(path => (path.length > 1 ? path[0] : '')))
    const [top] = tops
    if (tops.size !== 1 || !top || partOfWord(top)) break
    const inner = new Set(paths.map(path => path.slice(1, -1)[0] ?? ''))
    // A folder around the images themselves is a class, not a wrapper; one around many folders may hold patients.
    if (inner.has('') || inner.size > mostClasses) break
    prefix += `${top}/`
  }
  const inside = (names: readonly string[]) =>
    names.filter(name => name.startsWith(prefix) && name.length > prefix.length).map(name => name.slice(prefix.length))
  return {
    prefix,
    listing: {
      files: inside(whole.files), images: inside(images), folders: inside(whole.folders),
      brokenLinks: inside(whole.brokenLinks),
    },
  }
}

/** 'a/b/c.png' lies in 'a' and 'a/b'. */
function foldersAround(name: string): string[] {
  const steps = name.split('/').slice(0, -1)
  return steps.map((_, i) => steps.slice(0, i + 1).join('/'))
}
