/** A manifest: name, hash and size of every image of a set. The project contains manifests in place of the images. */
import { formatCsv, readCsv } from '../system/csv'
import { LabError } from '../system/errors'
import { readFileCapped } from '../system/files'
import { sha256 } from '../system/hash'
import { imageHeader } from '../images/image-file'

/** One image. */
export interface ManifestRow {
  /** Class folder and file name: 'COVID/Covid (1).png'. */
  name: string
  class: string
  /** 64 hexadecimal digits. */
  sha256: string
  bytes: number
  /** In pixels. */
  width: number
  height: number
  /** Channels in the file: 3 for RGB, 4 for RGBA. */
  channels: number
}

/** Bytes of the largest manifest that is read. */
const manifestLimit = 64 * 1024 ** 2

const columns = ['name', 'class', 'sha256', 'bytes', 'width', 'height', 'channels'] as const

/** Makes the row that describes an image file. @throws LabError 'bad-image' */
export async function describeImage(name: string, bytes: Uint8Array): Promise<ManifestRow> {
  const { width, height, channels } = await imageHeader(bytes)
  return { name, class: name.split('/')[0], sha256: sha256(bytes), bytes: bytes.length, width, height, channels }
}

/** Writes a manifest as CSV text, one line an image. */
export function formatManifest(rows: readonly ManifestRow[]): string {
  const cells = rows.map(row => columns.map(column => String(row[column])))
  return formatCsv([columns, ...cells], { lineEnd: '\n' })
}

/** Reads a manifest from CSV text. @throws LabError 'bad-argument' naming the first line that describes no image */
export function parseManifest(text: string): ManifestRow[] {
  const rows: ManifestRow[] = []
  let isHeader = true
  for (const { line, cells } of readCsv(text, 'the manifest')) {
    if (!isHeader) rows.push(rowOf(line, cells))
    else if (cells.join() !== columns.join()) throw malformed(1, columns.join(), cells.join())
    isHeader = false
  }
  if (isHeader) throw malformed(1, columns.join(), 'nothing')
  if (new Set(rows.map(row => row.name)).size < rows.length) throw malformed(1, 'followed by each image once', 'an image twice')
  return rows
}

function rowOf(line: number, cells: readonly string[]): ManifestRow {
  const [name, kind, hash, ...numbers] = cells
  const [bytes, width, height, channels] = numbers.map(Number)
  const whole = numbers.length === 4 && [bytes, width, height, channels].every(n => Number.isInteger(n) && n > 0)
  if (!whole || !/^[0-9a-f]{64}$/.test(hash) || !name.startsWith(`${kind}/`))
    throw malformed(line, 'a name in its class folder, a SHA-256 and four whole numbers', cells.join())
  return { name, class: kind, sha256: hash, bytes, width, height, channels }
}

/** Reads a manifest file. @throws LabError 'data-missing'; 'bad-argument' naming the first line that is no image's */
export async function readManifest(path: string): Promise<ManifestRow[]> {
  return parseManifest((await readFileCapped(path, manifestLimit)).toString('utf8'))
}

function malformed(line: number, expected: string, received: string): LabError {
  return new LabError('bad-argument', {
    expected: `line ${line} of the manifest to be ${expected}`, received: received.slice(0, 300), remedy: 'Restore the manifest from git',
  })
}
