/**
 * The library's public names, in the order in which data walks.
 *
 * Verbs compute (`train`, `evaluate`, `countParameters`); nouns are what they return (`resnet50` a model,
 * `tables.runs` a table). Seven namespaces hold what only some notebooks use.
 */
export * as look from './notebook/names/look'
export * as byHand from './notebook/names/by-hand'
export * as anatomy from './notebook/names/anatomy'
export * as strategies from './notebook/names/strategies'
export * as weights from './notebook/names/weights'
export * as figures from './notebook/names/figures'
export * as tables from './notebook/names/tables'

export { LabError, type ErrorCode } from './system/errors'
export { byProfile } from './system/profile'
export { describeLab } from './notebook/lab-info'
export { show } from './notebook/show'
export { writeGuess, settleGuess } from './notebook/guess'
export { checkAnswer } from './notebook/check'
export { formatEstimate, formatNumber } from './display/format'
export { dataTable, type Table } from './display/tables'
export type { Figure } from './display/figures/figure'

export type { Dataset } from './data/dataset'
export { openDataset } from './data/registry'
export { resizeArea } from './images/resize'
export { relabelByGroup } from './data/relabel'
export { splitAsGiven, splitByGroup, splitPublished, splitRandom, type Part, type Split } from './data/split/split'
export { foldByGroup, foldRandom } from './data/split/folds'
export { splitMadeUpLabels } from './data/split/made-up-labels'

export { evaluateBaselines, repeatBaselines } from './notebook/live/data'
export { predictBaseline } from './baselines/baselines'
export { findNearestPairs } from './baselines/nearest-pairs'

export type { Model } from './model/model'
export { recognizer, resnet50 } from './notebook/live/weights'
export { recognize } from './inference/recognize'
export { countParameters } from './model/parameter-count'
export { freeze, unfreeze } from './model/freeze'
export { countMovedNumbers } from './model/moved-numbers'
export { reestimateStatistics } from './inference/reestimate-statistics'

export { augmentations } from './images/augment'
export { presets } from './training/presets'
export { countEpochs, type TrainConfig, type Trained } from './training/config'
export { train } from './notebook/live/training'
export { trainRuns } from './notebook/live/runs'
export { watchRuns } from './notebook/live/watching'

export { predict } from './inference/predict'
export { evaluate } from './inference/evaluate'
export { measurePredictions, type Evaluation } from './evaluation/evaluation'
export { ignoreGroups, type Predictions } from './evaluation/predictions'
export { countMistakesByGroup, findMistakes } from './evaluation/mistakes'
export { chooseThreshold, decideAt } from './evaluation/thresholds'
export { countPairs } from './evaluation/score-pairs'
export { countScreening } from './evaluation/screening'
export { compareRuns, countOverlapping, measureGains } from './experiments/compare-runs'

export { referenceConfig, referenceSettings, referenceSplit } from './papers/reference-notebook'
export { readReferenceResults } from './experiments/plans/reference-notebook/recorded'
