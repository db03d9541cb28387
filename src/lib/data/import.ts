/** Importing a set's images: each is checked against the manifest, and all are imported or none. */
import { sum } from 'd3-array'
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { SourceFile } from '../system/archive'
import { LabError } from '../system/errors'
import { readable, readFileCapped, writeFileAtomic } from '../system/files'
import { sha256 } from '../system/hash'
import { replaceAlone, replaceFolder } from '../system/replace'
import { inRoom } from '../system/room'
import { insideFolder } from '../system/safe-path'
import type { ManifestRow } from './manifest'

/** The kinds of faults in the files of an import. */
export type ImportFault = 'missing' | 'extra' | 'oversized' | 'wrong type' | 'truncated' | 'changed'

/** Bytes of the largest image that is imported. The largest image of the sets known here has 215 kB. */
const imageLimit = 16 * 1024 * 1024
/** How many files of each kind of fault the error names. */
const namedFiles = 10

/** Files that operating systems leave in archives and folders, and this library's caches. */
const litter = /(^|\/)(__MACOSX\/|@eaDir\/|cache\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/

/**
 * Copies the images that a manifest names from an archive or folder to the folder `target`, and removes what the folder
 * held before. The source may have folders around the class folders.
 * @param onProgress called with the number of checked files
 * @throws LabError 'data-mismatch' listing the faults, the first ten of each kind; then nothing has changed
 */
export function importImages(
  source: AsyncIterable<SourceFile>, manifest: readonly ManifestRow[], target: string,
  onProgress?: (done: number, count: number) => void,
): Promise<void> {
  return replaceAlone(target, `importing images into ${target}`,
    () => copyListed(source, manifest, target, onProgress), join(target, manifest[0].class))
}

async function copyListed(
  source: AsyncIterable<SourceFile>, manifest: readonly ManifestRow[], target: string,
  onProgress?: (done: number, count: number) => void,
): Promise<void> {
  const missing = new Map(manifest.map(row => [row.name, row]))
  const faults: { fault: ImportFault; name: string }[] = []
  const need = () => ({ bytes: sum(manifest, row => row.bytes), what: `${manifest.length} images` })
  let done = 0
  await replaceFolder(target, async work => {
    for await (const file of source) {
      if (litter.test(file.name)) continue
      onProgress?.(++done, Math.max(done, manifest.length))
      const name = file.name.split('/').slice(-2).join('/')
      const row = missing.get(name)
      missing.delete(name)
      const bytes = row && file.size <= imageLimit ? await file.read() : null
      const fault = row ? faultOf(bytes, row) : 'extra'
      if (fault) faults.push({ fault, name: file.name })
      else await inRoom(target, need, () => writeFileAtomic(insideFolder(work, name), bytes!))
    }
    for (const name of missing.keys()) faults.push({ fault: 'missing', name })
    if (faults.length > 0) throw mismatch(faults, manifest.length)
  })
}

/** Lists the files of a folder, one after another, without links. @throws LabError 'data-missing' */
export async function* folderFiles(folder: string): AsyncGenerator<SourceFile> {
  const entries = await readable(folder, () => readdir(folder, { recursive: true, withFileTypes: true }), `a folder ${folder}`)
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size } = await readable(path, () => stat(path))
    yield { name: relative(folder, path).replaceAll('\\', '/'), size, read: () => readFileCapped(path, imageLimit) }
  }
}

/** The fault of an image; null if it is the one that the manifest names. */
function faultOf(bytes: Uint8Array | null, row: ManifestRow): ImportFault | null {
  if (bytes === null) return 'oversized'
  if (sha256(bytes) === row.sha256) return null
  const png = Buffer.from(bytes.subarray(0, 8)).toString('latin1') === '\x89PNG\r\n\x1a\n'
  if (bytes.length > 0 && !png) return 'wrong type'
  const whole = Buffer.from(bytes.subarray(-8)).toString('latin1').startsWith('IEND')
  return whole ? 'changed' : 'truncated'
}

function mismatch(faults: readonly { fault: ImportFault; name: string }[], count: number): LabError {
  const kinds: ImportFault[] = ['missing', 'extra', 'oversized', 'wrong type', 'truncated', 'changed']
  const lines = kinds.flatMap(kind => {
    const names = faults.filter(({ fault }) => fault === kind).map(({ name }) => name)
    const more = names.length > namedFiles ? `, and ${names.length - namedFiles} more` : ''
    return names.length ? [`${names.length} ${kind}: ${names.slice(0, namedFiles).join(', ')}${more}`] : []
  })
  return new LabError('data-mismatch', {
    expected: `the ${count} images of the manifest`,
    received: `\n  ${lines.join('\n  ')}\n`,
    remedy: 'Get the archive again; nothing was imported',
  })
}
