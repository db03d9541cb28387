/** `anatomy`: what a network is made of, what its layers give, and what becomes of it without one of its parts. */
export { computeActivations } from '../../inference/activations'
export { collectActivations, measureCorrections } from '../../inference/layer-values'
export { countStageCosts, shareCosts } from '../../model/convolution-cost'
export { readFilters, sumInputs } from '../../model/filters'
export { countMovingAverages, countTrainableByDepth, listLayers, traceDrift } from '../../model/layer-list'
export { networkVariant } from '../../model/variants'
export { probeDepth } from '../../network/depth-probe'
