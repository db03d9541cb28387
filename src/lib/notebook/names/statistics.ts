/** `statistics`: more scores than `evaluate` gives, and what they are worth. */
export { fromArrays } from '../../evaluation/from-arrays'
export { scorePredictions } from '../../evaluation/scores/scores'
export { normalizeConfusion } from '../../evaluation/scores/confusion-shares'
export { tracePrecisionRecall } from '../../evaluation/scores/precision-recall'
export { chooseOperatingPoint, judgeOperatingPoint } from '../../evaluation/operating-point'
