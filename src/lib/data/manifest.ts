/** A manifest: what every image of a set must be, committed in place of the images themselves. */
import { readFile } from 'node:fs/promises'
import { LabError } from '../system/errors'
import { sha256 } from '../system/files'
import { imageHeader } from '../images/image'

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
  /** As stored: 3 for RGB, 4 for RGBA. */
  channels: number
}

const columns = ['name', 'class', 'sha256', 'bytes', 'width', 'height', 'channels'] as const

/** The row that describes an image file. @throws bad-image */
export async function describeImage(name: string, bytes: Uint8Array): Promise<ManifestRow> {
  const { width, height, channels } = await imageHeader(bytes)
  return { name, class: name.split('/')[0], sha256: sha256(bytes), bytes: bytes.length, width, height, channels }
}

/** CSV text with one line an image. Names need no quoting: commas and quotes are refused. */
export function formatManifest(rows: readonly ManifestRow[]): string {
  const lines = rows.map(row => columns.map(column => row[column]).join(','))
  return [columns.join(','), ...lines, ''].join('\n')
}

/** Reads CSV text. @throws bad-argument naming the line that cannot be understood */
export function parseManifest(text: string): ManifestRow[] {
  const lines = text.split(/\r?\n/).filter(line => line !== '')
  if (lines[0] !== columns.join(',')) throw malformed(1, columns.join(','), lines[0] ?? 'nothing')
  return lines.slice(1).map((line, i) => {
    const [name, kind, hash, ...numbers] = line.split(',')
    const [bytes, width, height, channels] = numbers.map(Number)
    const whole = numbers.length === 4 && [bytes, width, height, channels].every(n => Number.isInteger(n) && n > 0)
    if (!whole || !/^[0-9a-f]{64}$/.test(hash) || !name.startsWith(`${kind}/`))
      throw malformed(i + 2, 'a name in its class folder, a SHA-256 and four whole numbers', line)
    return { name, class: kind, sha256: hash, bytes, width, height, channels }
  })
}

/** Reads a manifest file. @throws bad-argument */
export async function readManifest(path: string): Promise<ManifestRow[]> {
  return parseManifest(await readFile(path, 'utf8'))
}

function malformed(line: number, expected: string, received: string): LabError {
  return new LabError('bad-argument', {
    expected: `line ${line} of the manifest to be ${expected}`, received, remedy: 'Restore the manifest from git',
  })
}
