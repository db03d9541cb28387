/** Pictures of the operations done by hand: several kernels, or several ways to slide one, beside each other. */
import { correlateMaps, takeChannel, toImage, type FeatureMap, type MapStack } from '../images/feature-map'
import type { Image } from '../images/image'
import { convolve, namedKernels, type SlideOptions } from './by-hand'

/** An image with its caption; `figures.imageGrid` draws lists of them. */
export interface CaptionedImage {
  image: Image
  caption: string
}

/**
 * A square map that is the same everywhere.
 * @param value the number at every pixel
 * @param side width and height in pixels. Default 3
 * @example byHand.evenMap(120).data.length   // 9
 */
export function evenMap(value: number, side = 3): FeatureMap {
  return { width: side, height: side, data: new Float32Array(side * side).fill(value) }
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

/**
 * The greatest difference between two maps at any pixel.
 * @example byHand.findGreatestDifference(byHand.evenMap(1), byHand.evenMap(3))   // 2
 */
export function findGreatestDifference(a: FeatureMap, b: FeatureMap): number {
  return a.data.reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - b.data[i])), 0)
}

/**
 * How alike the outputs of two layers are: the correlation of each channel with the same channel, averaged over
 * channels.
 * @returns −1 to 1
 * @throws LabError 'shape-mismatch' for layers of different sizes
 * @example byHand.correlateLayers(x, x)   // 1
 */
export function correlateLayers(a: MapStack, b: MapStack): number {
  const correlations = Array.from({ length: a.channels }, (_, channel) =>
    correlateMaps(takeChannel(a, channel), takeChannel(b, channel)))
  return correlations.reduce((sum, correlation) => sum + correlation, 0) / a.channels
}
