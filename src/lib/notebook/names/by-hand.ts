/** `byHand`: the operations of a convolutional network on one small map of numbers, written out to be read. */
export { correlateMaps, crop, measureStrength, takeChannel, toImage, toMap } from '../../images/feature-map'
export { addMaps, convolve, maxPool, namedKernels, normalize, relu } from '../../network/by-hand'
export { mapTable } from '../../display/map-table'
