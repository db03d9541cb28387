/** Sets in whose images something is covered: what a classifier can still tell, it tells from the rest. */
import { LabError, requireOneOf } from '../system/errors'
import { sha256 } from '../system/hash'
import { readRow } from '../system/sealed-rows'
import type { Dataset } from './dataset'
import { summarizedDataset } from './dataset-summary'
import { maskSize, maskVersion, type LungMasks } from './lung-masks'
import { openResizedImages } from './resized-image-file'
import { selectItems } from './subset'

/** What remains to be seen of each image. */
export const coveredInputs = ['lungs blacked out', 'lungs only', 'lung mask only', 'border only'] as const
export type CoveredInput = typeof coveredInputs[number]

/** Increase when the same image starts being covered in another way; caches of pixels are then made anew. */
const version = 3

/** The border's width, as a share of the image's. */
const borderShare = 1 / 16

/**
 * A set of the same images at 128 × 128 pixels, in which only a part of each is left and the rest is black. Images
 * whose lungs are not known are left out where the input needs lungs: see `LungMasks.known`.
 *
 * 'lungs blacked out': all but the lungs. 'lungs only': the lungs. 'lung mask only': their shape, white on black.
 * 'border only': the outermost sixteenth of the image at each side, without the pixels where any image of the set has
 * lungs, as far as they are known: in slices that were cropped to the chest, findings at the pleura reach into the
 * border. The hole is the same in all images, so that neither its shape nor its absence tells a class.
 *
 * Name and cache folder stay those of the set; another content hash keeps the caches apart.
 * @param lungs of the set; 'border only' does with null
 * @throws LabError 'bad-argument' for another input, or where the lungs of no image are known
 */
export async function coverImages(dataset: Dataset, input: CoveredInput, lungs: LungMasks | null): Promise<Dataset> {
  requireOneOf('input', input, coveredInputs)
  const images = await openResizedImages(dataset, { size: maskSize })
  const keep = keeperOf(input, lungs)
  const covered = summarizedDataset({
    ...withoutFiles(dataset),
    title: `${dataset.title}, ${input}`,
    contentHash: sha256(JSON.stringify(
      [dataset.contentHash, 'covered', version, input, lungs && [lungs.source, maskVersion]])),
    read: async index => {
      const data = new Uint8Array(maskSize * maskSize)
      readRow(images.source, data.length, index, data)
      return { width: maskSize, height: maskSize, channels: 1 as const, data: keep(data, index) }
    },
  })
  if (input === 'border only') return covered
  const known = dataset.items.flatMap((_, i) => (lungs?.known[i] ? [i] : []))
  if (known.length === 0)
    throw new LabError('bad-argument', {
      expected: `images of ${dataset.name} whose lungs are known`, received: 'none', remedy: 'Import the set with lung masks',
    })
  return known.length === dataset.items.length ? covered : selectItems(covered, known)
}

/** The set without what belongs to its files: masks, file paths, and how their values become squares of grey levels. */
function withoutFiles(dataset: Dataset): Dataset {
  const {
    file: _file, fileHash: _hash, storedChannels: _channels, mask: _mask, window: _window, fit: _fit, ...rest
  } = dataset
  return rest
}

/** What an input leaves of an image's pixels. */
function keeperOf(input: CoveredInput, lungs: LungMasks | null): (data: Uint8Array, index: number) => Uint8Array {
  switch (input) {
    case 'border only': {
      const hole = lungs ? lungsOfAny(lungs) : null
      return data => data.map((value, i) => (isBorder(i) && !hole?.[i] ? value : 0))
    }
    case 'lung mask only': return (_data, index) => lungs!.read(index)
    case 'lungs only': return (data, index) => {
      const mask = lungs!.read(index)
      return data.map((value, i) => (mask[i] ? value : 0))
    }
    case 'lungs blacked out': return (data, index) => {
      const mask = lungs!.read(index)
      return data.map((value, i) => (mask[i] ? 0 : value))
    }
  }
}

/** Whether a pixel of the masks' size lies in the outermost sixteenth at any side. */
function isBorder(i: number): boolean {
  const x = i % maskSize, y = Math.floor(i / maskSize)
  return Math.min(x, maskSize - 1 - x, y, maskSize - 1 - y) < Math.round(borderShare * maskSize)
}

/** The share of the border in which no image has lungs, 0 to 1: what 'border only' leaves of it. */
export function borderLeft(lungs: LungMasks | null): number {
  if (lungs === null) return 1
  const hole = lungsOfAny(lungs), border = [...hole.keys()].filter(isBorder)
  return border.filter(i => hole[i] === 0).length / border.length
}

/** Where any image of the set has lungs: 255 there, 0 elsewhere. */
function lungsOfAny({ known, read }: LungMasks): Uint8Array {
  const all = new Uint8Array(maskSize * maskSize)
  known.forEach((isKnown, index) => {
    if (isKnown) read(index).forEach((value, i) => { all[i] |= value })
  })
  return all
}
