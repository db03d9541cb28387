/** Where the lungs are in a set's images: by the set's own masks, else by darkness and shape in CT slices. */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fitImage } from '../images/fit'
import { findLungs } from '../images/lungs'
import { LabError } from '../system/errors'
import { keepRows, readRow, type SealedRows } from '../system/sealed-rows'
import { cacheFolder } from './data-folder'
import type { Dataset } from './dataset'
import { openResizedImages } from './resized-image-file'

/** Masks of the lungs, one an image. */
export interface LungMasks {
  /** 'masks': the set's own. 'darkness': dark regions inside the body, see `findLungs`. */
  source: 'masks' | 'darkness'
  /** Whether an image's lungs are known; in the order of the set's items. */
  known: readonly boolean[]
  /** The mask of an image whose lungs are known: 255 in the lungs, 0 elsewhere, [maskSize, maskSize]. */
  read(index: number): Uint8Array
}

/** Width and height of the masks in pixels: chest walls are then two pixels thick and more. */
export const maskSize = 128

/** What computes, and how it reports. */
export interface LungMaskControl {
  onProgress?(done: number, count: number): void
  signal?: AbortSignal
}

/** Increase when the same image starts giving another mask; older cache files are then ignored. */
export const maskVersion = 1
const packedLength = maskSize * maskSize / 8
const imagesAtATime = 16

/**
 * The reason why the lungs of a set cannot be looked for, in words; null where they can. A phantom's masks outline its
 * findings, and are not used.
 */
export function lackOfLungs(dataset: Dataset): string | null {
  if (hasOwnMasks(dataset) || dataset.modality === 'CT') return null
  return dataset.modality === 'X-ray' ? 'the set has no lung masks, and in X-ray images lungs are not found by darkness'
    : 'the set has no lung masks, and nobody has said that its images come from CT'
}

/**
 * Opens the masks of all images, at 128 × 128 pixels. The first call finds them and stores them in the set's cache. An
 * image in which nothing plausible is found counts as unknown, and so does one without a mask among others with one.
 * @throws LabError 'bad-argument' for a set in which lungs cannot be looked for; 'bad-image'; 'write-failed'; the
 *   signal's reason when the signal fires
 */
export async function openLungMasks(dataset: Dataset, control: LungMaskControl = {}): Promise<LungMasks> {
  const lack = lackOfLungs(dataset)
  if (lack !== null)
    throw new LabError('bad-argument', {
      expected: 'a data set with masks of the lungs, or of CT slices', received: `${dataset.name}: ${lack}`,
      remedy: 'Import the set with its masks, or name its modality',
    })
  const source = hasOwnMasks(dataset) ? 'masks' : 'darkness'
  const path = join(cacheFolder(dataset.name), `lungs-${dataset.contentHash.slice(0, 16)}.bin`)
  const key = `lungs ${maskVersion} ${source} ${dataset.contentHash}`
  const shape = { count: dataset.items.length, width: packedLength }
  const rows = await keepRows(path, key, shape, () => allMasks(dataset, source, control))
  const known = dataset.items.map((_, index) => packedRow(rows, index).some(byte => byte > 0))
  return { source, known, read: index => unpacked(packedRow(rows, index)) }
}

function hasOwnMasks({ evidence, mask }: Dataset): boolean {
  return evidence !== 'phantom' && mask !== undefined
}

/** All masks in order, packed; eight zero bits stand for eight pixels outside, a row of zeros for an unknown mask. */
async function* allMasks(
  dataset: Dataset, source: LungMasks['source'], { onProgress, signal }: LungMaskControl,
): AsyncGenerator<Uint8Array> {
  const images = await openResizedImages(dataset, { size: maskSize, onProgress })
  const find = source === 'masks' ? ownMask : maskByDarkness
  for (let index = 0; index < dataset.items.length; index++) {
    yield packed(await find(dataset, images, index))
    if ((index + 1) % imagesAtATime > 0) continue
    onProgress?.(index + 1, dataset.items.length)
    await nextTurn()
    signal?.throwIfAborted()
  }
}

async function maskByDarkness(
  _dataset: Dataset, { source, shape }: SealedRows, index: number,
): Promise<Uint8Array | null> {
  const data = new Uint8Array(shape.width)
  readRow(source, shape.width, index, data)
  return findLungs({ width: maskSize, height: maskSize, channels: 1, data })?.mask.data ?? null
}

async function ownMask(dataset: Dataset, _images: SealedRows, index: number): Promise<Uint8Array | null> {
  try {
    return fitImage(await dataset.mask!(index), maskSize, dataset.fit).data.map(value => (value > 127 ? 255 : 0))
  } catch (error) {
    if (error instanceof LabError && error.code === 'data-missing') return null
    throw error
  }
}

function packed(mask: Uint8Array | null): Uint8Array {
  const bytes = new Uint8Array(packedLength)
  mask?.forEach((value, i) => { if (value > 0) bytes[i >> 3] |= 1 << (i & 7) })
  return bytes
}

function unpacked(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: maskSize * maskSize }, (_, i) => (bytes[i >> 3] >> (i & 7) & 1 ? 255 : 0))
}

function packedRow({ source }: SealedRows, index: number): Uint8Array {
  const bytes = new Uint8Array(packedLength)
  readRow(source, packedLength, index, bytes)
  return bytes
}
