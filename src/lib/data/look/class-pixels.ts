/** The pixels of each class: all grey levels together, the average image, and the spread around it. */
import { LabError } from '../../system/errors'
import type { Dataset } from '../dataset'
import type { Image } from '../../images/image'
import { toImage } from '../../images/feature-map'
import type { Pixels } from '../resized-images'
import { greyHistogram, greyLevels, meanMap, spreadMap } from './pixel-statistics'

/** All grey levels of one class, 0 to 255. */
export interface ClassGreys {
  label: string
  values: Uint8Array
}

/**
 * Collects every grey level of each class.
 * @param pixels all images of the data set at one size, grey: see `look.loadPixels`
 * @returns one entry a class; `figures.histogram` draws them as they are
 * @throws LabError 'bad-argument' for color images or a class without images
 * @example look.collectGreys(ct, await look.loadPixels(ct, { size: 32 }))
 */
export function collectGreys(dataset: Dataset, pixels: Pixels): ClassGreys[] {
  return dataset.labels.map((label, k) => ({ label, values: greyLevels(pixels, indicesOf(dataset, k)) }))
}

/**
 * The area that two histograms of grey levels (32 equal ranges) have in common.
 * @returns 0 for histograms that share no range, 1 for equal ones
 * @throws LabError 'bad-argument' where one of them has no grey levels
 * @example look.measureOverlap(new Uint8Array([0, 0, 200]), new Uint8Array([0, 200, 200]))   // 2/3
 */
export function measureOverlap(one: Uint8Array, other: Uint8Array): number {
  if (one.length === 0 || other.length === 0)
    throw new LabError('bad-argument', {
      expected: 'grey levels to compare', received: 'a list without any', remedy: 'Choose classes that have images',
    })
  const second = greyHistogram(other)
  return greyHistogram(one).reduce((sum, share, bin) => sum + Math.min(share, second[bin]), 0)
}

/**
 * The mean image of each class, and beside it how much the images differ at each pixel (standard deviation; bright
 * where images differ much).
 * @param pixels all images of the data set at one size, grey: see `look.loadPixels`
 * @returns two images a class, with captions; `figures.imageGrid` draws them as they are
 * @throws LabError 'bad-argument' for color images or a class without images
 * @example look.averageImages(ct, await look.loadPixels(ct, { size: 32 }))
 */
export function averageImages(dataset: Dataset, pixels: Pixels): { image: Image; caption: string }[] {
  return dataset.labels.flatMap((label, k) => {
    const indices = indicesOf(dataset, k)
    return [
      { image: toImage(meanMap(pixels, indices)), caption: `${label}: mean` },
      { image: toImage(spreadMap(pixels, indices)), caption: `${label}: spread` },
    ]
  })
}

/** @throws LabError 'bad-argument' for a class without images */
function indicesOf({ items, labels, name }: Dataset, label: number): number[] {
  const indices = [...items.keys()].filter(i => items[i].label === label)
  if (indices.length > 0) return indices
  throw new LabError('bad-argument', {
    expected: `one or more images of ${labels[label]}`, received: `none in ${name}`, remedy: 'Choose a set with images of each class',
  })
}
