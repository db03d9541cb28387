/** Published weights: downloaded once, checked against their card, matched with a network's parameters. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dataFolder } from '../data/data-folder'
import { parameters, type Architecture } from '../model/architecture'
import { download, type DownloadOptions } from '../system/download'
import { LabError } from '../system/errors'
import { readable, writeFileAtomic } from '../system/files'
import { hashFile } from '../system/hash'
import { isThere } from '../system/is-there'
import type { SourceCard } from './cards'
import { formatOf, readWeightsFile } from './formats/weights-file'
import { matchParameters } from './match-parameters'
import { requireNumbers } from './require-numbers'

export interface ObtainOptions extends Pick<DownloadOptions, 'stall' | 'tries' | 'wait' | 'signal'> {
  /** A copy of the published file on this machine, used instead of a download. */
  from?: string
  /** Called as bytes arrive. */
  onProgress?(received: number, total: number): void
}

/** Bytes of the longest file that is accepted where the card does not know the file's size. */
const longestFile = 128 * 1024 * 1024

/** Where the project stores the file of a source. */
export function publishedPath({ name, format }: SourceCard): string {
  return dataFolder('weights', 'downloaded', `${name}.${format === 'keras' ? 'h5' : 'safetensors'}`)
}

/** Whether the weights of a source are on this machine, so that loading them needs no network. */
export function isOnDisk(card: SourceCard): boolean {
  return isThere(publishedPath(card))
}

/**
 * Downloads the file of a source, or copies it, and stores it once its size and hash agree with the card. A file that
 * is stored already is only checked. An interrupted download continues where it stopped.
 * @returns the file's path
 * @throws LabError 'weights-mismatch' where the file is not the card's, which is then not stored; 'download-failed',
 *   'too-large', 'data-missing', 'write-failed'
 */
export async function obtainPublished(card: SourceCard, options: ObtainOptions = {}): Promise<string> {
  const { from, onProgress, ...downloadOptions } = options
  const path = publishedPath(card)
  if (from) {
    await checkFile(from, card)
    await writeFileAtomic(path, createReadStream(from))
  } else if (isThere(path)) {
    await checkFile(path, card)
  } else {
    const limit = card.bytes ?? longestFile
    await download(card.url, path, {
      ...downloadOptions, limit, check: arrived => checkFile(arrived, card),
      onProgress: (received, total) => onProgress?.(received, card.bytes ?? total ?? limit),
    })
  }
  return path
}

export interface LoadOptions extends ObtainOptions {
  /** The user's file in place of the published one. It needs the same layout, but no particular hash. */
  file?: string
  /** Whether the last layer comes from the file, too, or only the stages before it. */
  top: boolean
}

/**
 * The weights of a source for a network's parameters. The file is obtained first where it is not on this machine.
 * @returns arrays by parameter name: all of them, or those of the stages
 * @throws LabError 'weights-mismatch' naming every array that does not match, or where the stored file is no longer the
 *   card's; 'bad-argument' for a file in another format; 'bad-tensor-file', also for numbers that no network can
 *   compute with; and as {@link obtainPublished}
 */
export async function loadPublished(
  card: SourceCard, architecture: Architecture, { file, top, ...obtainOptions }: LoadOptions,
): Promise<Map<string, Float32Array>> {
  const path = file ?? await obtainPublished(card, obtainOptions)
  if (file) await checkFormat(file, card)
  const required = parameters(architecture).filter(({ name }) => top || ofStages.test(name))
  const arrays = [...await readWeightsFile(path, required)].filter(([name]) => top || ofStages.test(name))
  return requireNumbers(architecture, matchParameters(required, new Map(arrays), path), path)
}

/** Names of arrays in the stages; the last two patterns match other frameworks' arrays that ResNet50 does not have. */
const ofStages = /^(conv\d_|layer\d\.|resnet\.)/

async function checkFormat(file: string, { name, format }: SourceCard): Promise<void> {
  const received = await formatOf(file)
  if (received === format) return
  throw new LabError('bad-argument', {
    expected: `${file} in the format of ${name}, ${format}`,
    received: received === 'keras' ? 'a Keras HDF5 file' : 'a safetensors file',
    remedy: "Keras's files go with 'imagenet' or 'imagenet-top', safetensors files with 'imagenet-torchvision', "
      + "'imagenet-timm' or 'imagenet-microsoft'",
  })
}

async function checkFile(path: string, { name, bytes, hash }: SourceCard): Promise<void> {
  const { size } = await readable(path, () => stat(path))
  const hasSize = bytes === null ? size <= longestFile : size === bytes
  const digits = hasSize ? await readable(path, () => hashFile(path, hash.algorithm)) : null
  if (digits === hash.digits) return
  const kind = hash.algorithm.toUpperCase()
  throw new LabError('weights-mismatch', {
    expected: `${path} to be the published file of ${name}${bytes ? `, ${bytes} bytes` : ''} with ${kind} ${hash.digits}`,
    received: digits ? `${kind} ${digits}` : `${size} bytes`,
    remedy: 'Remove it and get it again; to load a file of your own, name it in `weightsFile`',
  })
}
