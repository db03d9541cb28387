/** `byHand`: the operations of a convolutional network on one small map of numbers, to be tried by hand. */
export { correlateMaps, crop, takeChannel, toImage, toMap } from '../../images/feature-map'
export { addMaps, convolve, maxPool, namedKernels, normalize, relu } from '../../network/by-hand'
export { compareKernels, compareSliding, correlateLayers, evenMap, findGreatestDifference } from '../../network/compare-by-hand'
export { mapTable } from '../../display/map-table'
export { countBlock } from '../../model/block-cost'
