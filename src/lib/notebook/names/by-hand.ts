/** `byHand`: the operations of a convolutional network on one small map of numbers, to be tried by hand. */
export { correlateMaps, crop, evenMap, takeChannel, toImage, toMap } from '../../images/feature-map'
export { correlateLayers, findGreatestDifference } from '../../images/map-comparison'
export { addMaps, convolve, maxPool, namedKernels, normalize, relu } from '../../network/by-hand'
export { compareKernels, compareSliding } from '../../network/by-hand-pictures'
export { mapTable } from '../../display/map-table'
export { countBlock } from '../../model/block-cost'
