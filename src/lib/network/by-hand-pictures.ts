/** Pictures of the operations done by hand: several kernels, or several ways to slide one, beside each other. */
import { toImage, type FeatureMap } from '../images/feature-map'
import type { Image } from '../images/image'
import { convolve, namedKernels, type SlideOptions } from './by-hand'

/** An image with its caption; `figures.imageGrid` draws lists of them. */
export interface CaptionedImage {
  image: Image
  caption: string
}

/**
 * Every named kernel on one map, as pictures in which mid-grey is zero.
 * @example show(await figures.imageGrid(byHand.compareKernels(slice), { name: 'kernels', title: 'Four kernels' }))
 */
export function compareKernels(map: FeatureMap): CaptionedImage[] {
  return Object.entries(namedKernels).map(([caption, kernel]) => ({ image: toImage(convolve(map, kernel), 'zero'), caption }))
}

/**
 * One kernel, slid over a map in several ways, as pictures in which mid-grey is zero. Captions name stride, padding
 * and the size of the result.
 * @param kernel the numbers of a square, row by row
 * @throws LabError 'bad-argument' as `byHand.convolve`
 * @example byHand.compareSliding(slice, byHand.namedKernels['vertical edges'], [{}, { stride: 2 }])
 */
export function compareSliding(
  map: FeatureMap, kernel: readonly number[], ways: readonly SlideOptions[],
): CaptionedImage[] {
  return ways.map(options => {
    const result = convolve(map, kernel, options)
    const words = Object.entries(options).map(([name, value]) => `${name} ${value}`).join(', ') || 'neither'
    return { image: toImage(result, 'zero'), caption: `${words}: ${result.width} × ${result.height}` }
  })
}
