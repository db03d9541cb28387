/** How alike two maps are, or two layers. */
import { correlateMaps, takeChannel, type FeatureMap, type MapStack } from './feature-map'

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
