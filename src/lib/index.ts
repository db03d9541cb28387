/**
 * The library's public names, in the order in which data walks.
 *
 * Verbs compute (`train`, `evaluate`, `countParameters`); nouns are what they return (`resnet50` a model, `runTable` a
 * table). Five namespaces hold what only some notebooks use.
 */
export * as figures from './notebook/names/figures'
export * as look from './notebook/names/look'
export * as byHand from './notebook/names/by-hand'
export * as strategies from './notebook/names/strategies'
export * as weights from './notebook/names/weights'

export { LabError, type ErrorCode } from './system/errors'
export { byProfile } from './system/profile'
export { describeLab } from './notebook/lab-info'
export { show } from './notebook/show'
export { writeGuess, settleGuess } from './notebook/guess'
export { checkAnswer } from './notebook/check'
export { formatEstimate, formatNumber } from './display/format'
export { dataTable, type Table } from './display/tables'
export { findGreatest, findLeast, sumColumn } from './display/rows'
export { toBars } from './display/to-bars'
export type { Figure } from './display/figures/figure'

export type { Dataset } from './data/dataset'
export { openDataset } from './data/registry'
export { resizeArea } from './images/resize'
export { relabelByGroup } from './data/relabel'
export { splitByGroup, splitPublished, splitRandom, type Part, type Split } from './data/split/split'
export { splitAsGiven } from './data/split/given'
export { splitByDefault } from './data/split/default-split'
export { foldByGroup, foldRandom } from './data/split/folds'
export { splitMadeUpLabels } from './data/split/made-up-labels'

export { evaluateBaselines, repeatBaselines } from './notebook/live/data'
export { predictBaseline } from './baselines/baselines'
export { findNearestPairs } from './baselines/nearest-pairs'
export { baselineTable, repeatedTable } from './display/result-tables'

export type { Model } from './model/model'
export { recognizer, resnet50 } from './notebook/live/weights'
export { recognize } from './inference/recognize'
export { recognitionTable } from './display/result-tables'
export { networkVariant } from './model/variants'
export { layerTable } from './display/model-overviews'
export { countParameters } from './model/parameter-count'
export { countMovingAverages, countTrainableByDepth, listLayers, traceDrift } from './model/layer-list'
export { countStageCosts } from './model/convolution-cost'
export { shareCosts } from './model/share-costs'
export { readFilters, sumInputs } from './model/filters'
export { receptiveFieldTable } from './display/result-tables'
export { computeActivations } from './inference/activations'
export { collectActivations, measureCorrections } from './inference/layer-values'
export { probeDepth } from './network/depth-probe'
export { depthTable } from './display/result-tables'
export { freeze, unfreeze } from './model/freeze'
export { countMovedNumbers } from './model/moved-numbers'
export { reestimateStatistics } from './inference/reestimate-statistics'

export { augmentations } from './images/augment'
export { compareAugmentations } from './batches/compare-augmentations'
export { presets } from './training/presets'
export { fallingRates } from './training/optimizer'
export {
  collectEpochTimes, collectHistories, joinHistories, listLastEpochs, scheduleCurve, traceLoss,
} from './training/curves'
export { countEpochs, type TrainConfig, type Trained } from './training/config'
export { train } from './notebook/live/training'
export { trainRuns } from './notebook/live/runs'
export { watchRuns } from './notebook/live/watching'
export { listLateLosses, lossTable } from './display/result-tables'
export { saveModel } from './training/saved/save-model'
export { openModel } from './weights/saved/open-model'

export { predict } from './inference/predict'
export { predictImage } from './notebook/live/predict-image'
export { imageTable, predictionTable, writePredictions } from './display/prediction-tables'
export { evaluate } from './inference/evaluate'
export { measurePredictions, type Evaluation } from './evaluation/evaluation'
export type { Predictions } from './evaluation/predictions'
export { findMistakes } from './evaluation/mistakes'
export {
  chooseThreshold, countMistakesByGroup, countPairs, countScreening, decideAt, ignoreGroups, tracePredictiveValues,
  traceThresholds,
} from './evaluation/thresholds'
export { calibrationTable, decisionTable, prevalenceTable, resultTable } from './display/result-tables'
export { compareRuns, runTable } from './experiments/compare-runs'
export { countOverlapping, measureGains } from './experiments/compare-more'

export { referenceConfig, referenceSettings, referenceSplit } from './papers/reference-notebook'
export { readReferenceResults } from './experiments/plans/reference-notebook/recorded'
