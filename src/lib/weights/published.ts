/** Published weights: fetched once, checked against their card, put in the places of a network's parameters. */
import { createReadStream, existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parameters, type Architecture } from '../model/architecture'
import { dataFolder } from '../data/data-folder'
import { download, type DownloadOptions } from '../system/download'
import { LabError } from '../system/errors'
import { readable, writeFileAtomic } from '../system/files'
import { hashFile } from '../system/hash'
import type { SourceCard } from './cards'
import { matchParameters } from './match-parameters'
import { formatOf, readWeightsFile } from './formats/weights-file'

export interface ObtainOptions extends Pick<DownloadOptions, 'stall' | 'tries' | 'wait' | 'signal'> {
  /** A copy of the published file that is here already, taken instead of a download. */
  from?: string
  /** Called as bytes arrive. */
  onProgress?(received: number, total: number): void
}

/** Bytes that a file may have where its card does not know its size. */
const longest = 128 * 1024 * 1024

/** Where a source's file lies once it is there. */
export function publishedPath({ name, format }: SourceCard): string {
  return dataFolder('weights', 'downloaded', `${name}.${format === 'keras' ? 'h5' : 'safetensors'}`)
}

/** Whether a source's weights are on this machine, so that loading them needs no network. */
export function isOnDisk(card: SourceCard): boolean {
  return existsSync(publishedPath(card))
}

/**
 * Fetches a source's file, or copies one, and puts it in its place once size and hash are those of its card. Where it
 * is there already it is only checked. A download that broke off goes on where it stopped.
 * @returns the file's path
 * @throws LabError 'weights-mismatch' for another file than the card's, which does not take its place;
 *   'download-failed', 'too-large', 'data-missing', 'write-failed'
 */
export async function obtainPublished(card: SourceCard, options: ObtainOptions = {}): Promise<string> {
  const { from, onProgress, ...watch } = options
  const path = publishedPath(card)
  if (from) {
    await checkFile(from, card)
    await writeFileAtomic(path, createReadStream(from))
  } else if (existsSync(path)) {
    await checkFile(path, card)
  } else {
    const limit = card.bytes ?? longest
    await download(card.url, path, {
      ...watch, limit, check: arrived => checkFile(arrived, card),
      onProgress: (received, total) => onProgress?.(received, card.bytes ?? total ?? limit),
    })
  }
  return path
}

export interface LoadOptions extends ObtainOptions {
  /** A file of the user's own in the place of the published one: any of that layout, so no hash is asked for. */
  file?: string
  /** Whether the last layer comes from the file, too, or only the stages before it. */
  top: boolean
}

/**
 * A source's numbers for a network's parameters, its file obtained first where it is not there.
 * @returns arrays by parameter name: all, or those of the stages
 * @throws LabError 'weights-mismatch' naming what does not fit, or for a file that is no longer the card's;
 *   'bad-argument' for a file in another format; 'bad-tensor-file'; whatever `obtainPublished` throws
 */
export async function loadPublished(
  card: SourceCard, architecture: Architecture, { file, top, ...obtain }: LoadOptions,
): Promise<Map<string, Float32Array>> {
  const path = file ?? await obtainPublished(card, obtain)
  if (file && await formatOf(file) !== card.format)
    throw new LabError('bad-argument', {
      expected: `${file} in the format of ${card.name}, ${card.format}`, received: 'the other one',
      remedy: "Keras's files go by 'imagenet' or 'imagenet-top', safetensors by 'imagenet-torchvision' and its like",
    })
  const wanted = parameters(architecture).filter(({ name }) => top || ofStages.test(name))
  const found = [...await readWeightsFile(path, wanted)].filter(([name]) => top || ofStages.test(name))
  return matchParameters(wanted, new Map(found), path)
}

/** Names of arrays in ResNet50's stages; the last two are what other frameworks call those that ResNet50 has not. */
const ofStages = /^(conv\d_|layer\d\.|resnet\.)/

async function checkFile(path: string, { name, bytes, hash }: SourceCard): Promise<void> {
  const { size } = await readable(path, () => stat(path))
  const fits = bytes === null ? size <= longest : size === bytes
  const digits = fits ? await readable(path, () => hashFile(path, hash.algorithm)) : null
  if (digits === hash.digits) return
  const kind = hash.algorithm.toUpperCase()
  throw new LabError('weights-mismatch', {
    expected: `${path} to be the published file of ${name}${bytes ? `, ${bytes} bytes` : ''} with ${kind} ${hash.digits}`,
    received: digits ? `${kind} ${digits}` : `${size} bytes`,
    remedy: 'Remove it and get it again; a file of your own goes by `weightsFile`',
  })
}
