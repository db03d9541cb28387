/** The public names, so that a change of them is seen; and what they may not be. */
import { expect, it, test, vi } from 'vitest'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { verdict } from '../../src/lib/notebook/check'
import * as library from '../../src/lib/index'
import { readPublicNames } from '../fixtures/public-names'

const { values, types } = readPublicNames()

/** By namespace; those without one under 'flat'. */
const expected: Record<string, string[]> = {
  figures: [
    'ablationChart', 'architectureDrawing', 'auditInputs', 'auditScores', 'barChart', 'bottleneckDrawing', 'channelGrid', 'collectEpochTimes',
    'collectHistories', 'comparisonForest', 'confusionExplorer', 'confusionMatrix', 'decisionCurve', 'depthChart',
    'duplicateGroups', 'embeddingMap', 'exampleGrid', 'frozenBoundaryDrawing', 'histogram', 'imageGrid',
    'imageIssues', 'joinHistories', 'kernelGrid', 'labelIssues', 'learningCurves',
    'learningRateChart', 'lineChart', 'lineCharts', 'mapGrid', 'pairGrid', 'precisionRecallCurve',
    'predictedImages', 'reliabilityDiagram', 'reproductionLadder', 'residualBlockDrawing', 'rocCurve',
    'scoreHistogram', 'thresholdExplorer', 'toBars', 'traceLoss', 'tracePredictiveValues', 'traceSchedule',
    'whereItLooks', 'worstMistakes',
  ],
  tables: [
    'auditNumbers', 'auditScores', 'baselines', 'calibration', 'classes', 'comparison', 'decisions', 'declared', 'depthProbes',
    'duplicates', 'findGreatest', 'findLeast', 'findings', 'imageIssues', 'labelIssues', 'layers', 'listLastEpochs',
    'listLateLosses', 'losses', 'mapScores', 'operatingPoints', 'papers', 'patients', 'prevalences', 'probes',
    'protocols', 'publishedRows', 'receptiveFields', 'recognitions', 'recommendations',
    'repeatedBaselines', 'reproductions', 'results', 'rowCheck', 'runs', 'sanity', 'scores', 'subgroups', 'sumColumn',
    'thresholds',
  ],
  look: [
    'averageImages', 'chooseEvenly', 'chooseExamples', 'chooseGrouped', 'collectByClass', 'collectGreys', 'compareAugmentations',
    'compareFits', 'countClasses', 'countGroups', 'crossTable', 'dataFrame', 'describeDuplicates',
    'describeImageIssues', 'describePatients', 'findDuplicates', 'findExactDuplicates', 'findImageIssues',
    'findMostAlike', 'findPatients', 'findSeen', 'findTellingMinima',
    'listGroupItems', 'listGroups', 'loadPixels', 'measureAlikeness', 'measureOverlap', 'openPhantomLike', 'readFileFacts',
    'selectImages', 'storeImage', 'summarizeFiles', 'tissueTable', 'transmissionTable', 'windowCurves',
  ],
  byHand: [
    'addMaps', 'compareKernels', 'compareSliding', 'convolve', 'correlateLayers', 'correlateMaps', 'countBlock',
    'crop', 'evenMap', 'findGreatestDifference', 'mapTable', 'maxPool', 'namedKernels', 'normalize', 'relu',
    'takeChannel', 'toImage', 'toMap',
  ],
  anatomy: [
    'collectActivations', 'computeActivations', 'countMovingAverages', 'countStageCosts', 'countTrainableByDepth',
    'listLayers', 'measureCorrections', 'networkVariant', 'probeDepth', 'readFilters', 'shareCosts', 'sumInputs',
    'traceDrift',
  ],
  strategies: [
    'advantageTable', 'blockTable', 'comparePaired', 'comparePrimary', 'compareSplits', 'compareWithOthers',
    'computeFeatures', 'findHardestBlocks', 'fitProbe', 'fitProbes', 'goalTable', 'ladderFigure', 'measureProbe',
    'planContrastive', 'readResults', 'removeLabels', 'selectRuns', 'summarizeRuns', 'summaryTable',
    'trainContrastively',
  ],
  papers: [
    'checkClasses', 'checkFoldMean', 'checkMatrix', 'checkPublished', 'checkRow', 'checkTable', 'list', 'listMeasured',
    'open', 'readReproductions', 'reproduce', 'rows',
  ],
  statistics: [
    'applyTemperature', 'chooseOperatingPoint', 'clopperPearson', 'compareAreas', 'compareMetric', 'correctedTTest',
    'describeLabelIssues', 'estimate', 'estimateBySubgroup', 'findLabelIssues', 'findTemperature', 'fitTemperature',
    'fromArrays', 'holm', 'judgeDeclared', 'judgeOperatingPoint', 'measureCalibration', 'normalizeConfusion',
    'scorePredictions', 'toBands', 'traceDecisionCurve',
    'tracePrecisionRecall', 'traceRocBand',
  ],
  weights: [
    'areOnDisk', 'exportModel', 'listProjectWeights', 'loadProjectWeights', 'readCard', 'savedFacts', 'sourceCards',
  ],
  flat: [
    'LabError', 'auditDataset', 'augmentations', 'byProfile', 'checkAnswer', 'checkSanity', 'comparePredictions',
    'compareRuns', 'countEpochs', 'countMistakesByGroup', 'countMovedNumbers', 'countOverlapping', 'countPairs',
    'countParameters', 'countScreening', 'dataTable', 'decideAt', 'describeLab', 'embedImages', 'evaluate', 'evaluateBaselines',
    'explain', 'fallingRates', 'findLearningRate', 'findMistakes', 'findNearestPairs', 'fineTune', 'foldByGroup',
    'foldRandom', 'formatEstimate', 'formatNumber', 'freeze', 'gradCam', 'gradCamPlusPlus', 'ignoreGroups',
    'imageTable', 'integratedGradients', 'mcnemar', 'measureGains', 'measurePredictions', 'measureSameGroupChance', 'occlusion', 'openDataset',
    'openModel', 'plantFaults',
    'predict', 'predictBaseline', 'predictImage', 'predictionTable', 'presets', 'readReferenceResults', 'recognize',
    'recognizer', 'recommend', 'reestimateStatistics', 'referenceConfig', 'referenceSettings',
    'referenceSplit', 'relabelByGroup', 'repeatBaselines', 'resizeArea', 'resnet50', 'resultPath', 'saveModel', 'scoreArms', 'scoreMaps', 'scoreOnAnother', 'scoreRegion', 'settleGuess',
    'show', 'splitAsGiven', 'splitAsListed', 'splitByDefault', 'splitByGroup', 'splitMadeUpLabels', 'splitPublished',
    'splitRandom',
    'train', 'trainRuns', 'unfreeze', 'watchRuns', 'withFit', 'writeGuess', 'writePredictions',
  ],
}

const expectedTypes = [
  'Audit', 'Dataset', 'ErrorCode', 'Evaluation', 'Figure', 'HeatMaps', 'Model', 'Part', 'Predictions', 'Split', 'Table', 'TrainConfig',
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

test('no public function is the answer to an exercise', async () => {
  const pending: Promise<unknown>[] = []
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'table').mockImplementation(() => {})
  const members = Object.values(library).flatMap(value => (typeof value === 'object' ? Object.values(value) : [value]))
  const functions = members.filter(value => typeof value === 'function').map(call => (...values: unknown[]) => {
    const result = (call as (...values: unknown[]) => unknown)(...values)
    // No answer is a promise: what such a function does afterwards is waited for, and may fail.
    if (result instanceof Promise) pending.push(result)
    return result
  })
  const solved = Object.entries(allExercises).filter(([, { kind }]) => kind === 'function')
    .filter(([name]) => functions.some(one => verdict(allExercises, name, one).state === 'right'))
  await Promise.allSettled(pending)
  vi.restoreAllMocks()
  expect(solved.map(([name]) => name)).toEqual([])
})
