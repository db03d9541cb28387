/** The public names, so that a change of them is seen; and what they may not be. */
import { expect, it, test } from 'vitest'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { verdict } from '../../src/lib/notebook/check'
import * as library from '../../src/lib/index'
import { readPublicNames } from '../fixtures/public-names'

const { values, types } = readPublicNames()

/** By namespace; those without one under 'flat'. */
const expected: Record<string, string[]> = {
  figures: [
    'ablationChart', 'architectureDrawing', 'barChart', 'bottleneckDrawing', 'channelGrid', 'confusionMatrix',
    'depthChart', 'frozenBoundaryDrawing', 'histogram', 'imageGrid', 'kernelGrid', 'learningCurves', 'lineChart',
    'lineCharts', 'mapGrid', 'mistakeGrid', 'pairGrid', 'predictedImages', 'residualBlockDrawing', 'rocCurve', 'sliceGrid',
  ],
  look: [
    'averageImages', 'chooseEvenly', 'chooseExamples', 'collectByClass', 'collectGreys', 'countClasses', 'crossTable',
    'dataFrame', 'findExactDuplicates', 'findMostAlike', 'findTellingMinima', 'listGroupItems', 'listGroups',
    'loadPixels', 'measureAlikeness', 'measureOverlap', 'readFileFacts', 'selectImages', 'tissueTable',
    'windowCurves',
  ],
  byHand: [
    'addMaps', 'compareKernels', 'compareSliding', 'convolve', 'correlateLayers', 'correlateMaps', 'countBlock',
    'crop', 'evenMap', 'findGreatestDifference', 'mapTable', 'maxPool', 'namedKernels', 'normalize', 'relu',
    'takeChannel', 'toImage', 'toMap',
  ],
  strategies: [
    'advantageTable', 'blockTable', 'comparePaired', 'compareSplits', 'compareWithOthers', 'computeFeatures',
    'findHardestBlocks', 'fitProbe', 'fitProbes', 'goalTable', 'measureProbe', 'planContrastive', 'primaryComparison',
    'probeTable', 'readStrategyResults', 'removeLabels', 'runsLike', 'strategyLadder', 'strategyTable', 'summarize',
    'trainContrastively',
  ],
  weights: [
    'areOnDisk', 'exportModel', 'listProjectWeights', 'loadProjectWeights', 'savedFacts', 'sourceCards',
  ],
  flat: [
    'LabError', 'augmentations', 'baselineTable', 'byProfile', 'calibrationTable', 'checkAnswer', 'chooseThreshold',
    'collectActivations', 'collectEpochTimes', 'collectHistories', 'compareAugmentations', 'compareRuns',
    'computeActivations', 'countEpochs', 'countMistakesByGroup', 'countMovedNumbers', 'countMovingAverages',
    'countOverlapping', 'countPairs', 'countParameters', 'countScreening', 'countStageCosts', 'countTrainableByDepth',
    'dataTable', 'decideAt', 'decisionTable', 'depthTable', 'describeLab', 'evaluate', 'evaluateBaselines',
    'fallingRates', 'findGreatest', 'findLeast', 'findMistakes', 'findNearestPairs', 'foldByGroup', 'foldRandom', 'formatEstimate',
    'formatNumber', 'freeze', 'ignoreGroups', 'imageTable', 'joinHistories', 'layerTable', 'listLastEpochs', 'listLateLosses',
    'listLayers', 'lossTable', 'measureCorrections', 'measureGains', 'measurePredictions', 'networkVariant',
    'openDataset', 'openModel', 'predict', 'predictBaseline', 'predictImage', 'predictionTable', 'presets', 'prevalenceTable', 'probeDepth', 'readFilters',
    'readReferenceResults', 'receptiveFieldTable', 'recognitionTable', 'recognize', 'recognizer',
    'reestimateStatistics', 'referenceConfig', 'referenceSettings', 'referenceSplit', 'relabelByGroup',
    'repeatBaselines', 'repeatedTable', 'resizeArea', 'resnet50', 'resultTable', 'runTable', 'saveModel', 'scheduleCurve',
    'settleGuess', 'shareCosts', 'show', 'splitAsGiven', 'splitByDefault', 'splitByGroup', 'splitMadeUpLabels',
    'splitPublished',
    'splitRandom', 'sumColumn', 'sumInputs', 'toBars', 'traceDrift', 'traceLoss', 'tracePredictiveValues',
    'traceThresholds', 'train', 'trainRuns', 'unfreeze', 'watchRuns', 'writeGuess', 'writePredictions',
  ],
}

const expectedTypes = [
  'Dataset', 'ErrorCode', 'Evaluation', 'Figure', 'Model', 'Part', 'Predictions', 'Split', 'Table', 'TrainConfig',
  'Trained',
]

it.each(Object.keys(expected))('%s', namespace => {
  const names = values.map(({ name }) => name.split('.'))
    .filter(parts => (parts.length > 1 ? parts[0] : 'flat') === namespace).map(parts => parts[parts.length - 1])
  expect(names.sort()).toEqual(expected[namespace])
})

it('types', () => expect([...types].sort()).toEqual(expectedTypes))

test('every name is the name of its declaration, so that a hover shows what one writes', () => {
  expect(values.filter(({ name, declared }) => name.split('.').pop() !== declared)).toEqual([])
})

test('no public function is the answer to an exercise', () => {
  const members = Object.values(library).flatMap(value => (typeof value === 'object' ? Object.values(value) : [value]))
  const functions = members.filter(value => typeof value === 'function').map(call => (...values: unknown[]) => {
    const result = (call as (...values: unknown[]) => unknown)(...values)
    // The answers are no promises; a promise that fails must not fail the test.
    if (result instanceof Promise) result.catch(() => {})
    return result
  })
  const solved = Object.entries(allExercises).filter(([, { kind }]) => kind === 'function')
    .filter(([name]) => functions.some(one => verdict(allExercises, name, one).state === 'right'))
  expect(solved.map(([name]) => name)).toEqual([])
})
