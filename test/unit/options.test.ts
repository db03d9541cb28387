/** Misspelt options: refused everywhere with the nearest name, also in objects that TypeScript does not look into. */
import { describe, expect, test } from 'vitest'
import {
  anatomy, auditDataset, augmentations, byHand, byProfile, checkSanity, comparePredictions, embedImages, evaluate,
  figures, findLearningRate, fineTune, foldByGroup, foldRandom, freeze, gradCam, gradCamPlusPlus,
  integratedGradients, look, measurePredictions, occlusion, openDataset, openModel, plantFaults, predict,
  predictImage, predictionTable, recognizer, recommend, reestimateStatistics, resnet50, saveModel, scoreArms,
  scoreMaps, scoreOnAnother, scoreRegion, splitAsGiven, splitByDefault, splitByGroup, splitPublished, splitRandom,
  statistics, strategies, tables, train, trainRuns, watchRuns, weights,
} from '../../src/lib/index'
import { predictionsOf } from '../../src/lib/evaluation/predictions'
import { requireBoolean, requireKnownKeys } from '../../src/lib/system/options'
import { datasetOf, groupedItems } from '../fixtures/datasets'
import { smallModel, smallSplit } from '../fixtures/small-model'

const model = smallModel(), parts = smallSplit(), grouped = datasetOf(groupedItems(200, 1))
const shares = { validation: 0.2, test: 0.2, seed: 1 }
const good = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 } }
const predictions = predictionsOf(parts.test, new Float32Array(16).fill(0.5))

/** Options as they come from JSON, from a script without types, or from a variable. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Untyped = any
const settings = (more: object): Untyped => ({ ...good, ...more })
const withTraining = (more: object) => () => train(model, parts, settings(more))

/** What is called, the misspelt option, the option that was meant. */
const misspelt: readonly (readonly [string, string, string, () => unknown])[] = [
  ['train', 'patiance', 'patience', withTraining({ patiance: 1 })],
  ['train', 'keepbest', 'keepBest', withTraining({ keepbest: true })],
  ['an optimizer', 'learningRate', 'rate', withTraining({ optimizer: { name: 'adam', learningRate: 0.001 } })],
  ['an optimizer', 'momentun', 'momentum', withTraining({ optimizer: { name: 'sgd', rate: 0.1, momentun: 0.9 } })],
  ['a schedule', 'warmUp', 'warmup', withTraining({ schedule: { name: 'one-cycle', warmUp: 0.2 } })],
  ['a schedule', 'patiense', 'patience', withTraining({
    schedule: { name: 'plateau', watch: 'validationLoss', factor: 0.5, patiense: 1, least: 0 },
  })],
  ['an augmentation', 'rotaton', 'rotation', withTraining({ augment: { ...augmentations.gentle, rotaton: 20 } })],
  ['the control of train', 'onprogress', 'onProgress', () => train(model, parts, settings({}), { onprogress() {} } as Untyped)],
  ['a checkpoint', 'everySteps ', 'everySteps', () =>
    train(model, parts, settings({}), { checkpoint: { folder: 'x', 'everySteps ': 2 } } as Untyped)],
  ['trainRuns', 'conf', 'config', () => trainRuns({ one: { model, conf: good } } as Untyped, parts)],
  ['watchRuns', 'step', 'steps', () => watchRuns({ one: model }, parts.train, { step: 2, rate: 0.1 } as Untyped)],
  ['freeze', 'thorugh', 'through', () => freeze(model, { thorugh: 'conv4' } as Untyped)],
  ['resnet50', 'wieghts', 'weights', () => resnet50({ classes: ['a', 'b'], wieghts: 'none' } as Untyped)],
  ['recognizer', 'weight', 'weights', () => recognizer({ weight: 'imagenet-top' } as Untyped)],
  ['networkVariant', 'skips', 'skip', () => anatomy.networkVariant({ skips: false } as Untyped, { classes: ['a', 'b'] })],
  ['networkVariant', 'filter', 'filters', () => anatomy.networkVariant({}, { classes: ['a', 'b'], filter: 8 } as Untyped)],
  ['openDataset', 'fantom', 'phantom', () => openDataset('phantom', { fantom: {} } as Untyped)],
  ['the phantom', 'patient', 'patients', () => openDataset('phantom', { phantom: { patient: 4 } as Untyped })],
  ['plantFaults', 'wrongLabel', 'wrongLabels', () => plantFaults(grouped, { wrongLabel: 0.1, seed: 1 } as Untyped)],
  ['splitRandom', 'sed', 'seed', () => splitRandom(grouped, { ...shares, sed: 2 } as Untyped)],
  ['splitByGroup', 'valid', 'validation', () => splitByGroup(grouped, { ...shares, valid: 0.1 } as Untyped)],
  ['splitPublished', 'tests', 'test', () => splitPublished(grouped, { test: 0.2, seed: 1, tests: 1 } as Untyped)],
  ['foldRandom', 'fold', 'folds', () => foldRandom(grouped, { fold: 5, seed: 1, validation: 0.2 } as Untyped)],
  ['foldByGroup', 'Seed', 'seed', () => foldByGroup(grouped, { folds: 3, seed: 1, Seed: 1, validation: 0.2 } as Untyped)],
  ['auditDataset', 'question', 'questions', () => auditDataset(grouped, { question: ['images'] } as Untyped)],
  ['predict', 'view', 'views', () => predict(model, parts.test, { view: 'flip' } as Untyped)],
  ['evaluate', 'positve', 'positive', () => evaluate(model, parts.test, { positve: 'dark' } as Untyped)],
  ['measurePredictions', 'seeds', 'seed', () => measurePredictions(predictions, { seeds: 1 } as Untyped)],
  ['findLabelIssues', 'resample', 'resamples', () =>
    statistics.findLabelIssues(predictions, { resample: 200 } as Untyped)],
  ['comparePredictions', 'resample', 'resamples', () =>
    comparePredictions(predictions, predictions, { resample: 200 } as Untyped)],
  ['findDuplicates', 'treshold', 'thresholds', () => look.findDuplicates(grouped, { treshold: {} } as Untyped)],
  ['thresholds', 'detail', 'details', () => look.findDuplicates(grouped, { thresholds: { detail: [0.8] } } as Untyped)],
  ['findPatients', 'pattern', 'groupPattern', () => look.findPatients(grouped, { pattern: 'a' } as Untyped)],
  ['findSeen', 'parts', 'part', () => look.findSeen(parts, [], { parts: 'test' } as Untyped)],
  ['gradCam', 'stages', 'stage', () => gradCam(model, parts.test, { stages: 'conv4' } as Untyped)],
  ['gradCamPlusPlus', 'lable', 'label', () => gradCamPlusPlus(model, parts.test, { lable: 'dark' } as Untyped)],
  ['occlusion', 'windows', 'window', () => occlusion(model, parts.test, { windows: 4 } as Untyped)],
  ['integratedGradients', 'step', 'steps', () => integratedGradients(model, parts.test, { step: 4 } as Untyped)],
  ['a region', 'botom', 'bottom', async () => scoreRegion({ maps: [], part: { indices: [] } } as Untyped, { botom: 1 } as Untyped)],
  ['scoreMaps', 'validaton', 'validation', () => scoreMaps({} as Untyped, { validaton: {} } as Untyped)],
  ['checkSanity', 'sed', 'seed', () => checkSanity(model, () => gradCam(model, parts.test), { sed: 1 } as Untyped)],
  ['reestimateStatistics', 'batches', 'batch', () => reestimateStatistics(model, parts.train, { batches: 8 } as Untyped)],
  ['compareAugmentations', 'epoch', 'epochs', () =>
    look.compareAugmentations(parts.train, 0, { gentle: augmentations.gentle }, { epoch: 2 } as Untyped)],
  ['compareAugmentations', 'shfit', 'shift', () => look.compareAugmentations(parts.train, 0, { odd: { shfit: 0.1 } } as Untyped)],
  ['probeDepth', 'normalise', 'normalize', () => anatomy.probeDepth({} as Untyped, { depth: 2, normalise: true } as Untyped)],
  ['traceSchedule', 'name', 'label', () => figures.traceSchedule({ name: 'constant' }, 0.1, { labels: 'x' } as Untyped)],
  ['convolve', 'pading', 'padding', () =>
    byHand.convolve({} as Untyped, byHand.namedKernels.blur, { pading: 1 } as Untyped)],
  ['maxPool', 'strides', 'stride', () => byHand.maxPool({} as Untyped, 2, { strides: 1 } as Untyped)],
  ['normalize', 'betta', 'beta', () => byHand.normalize({} as Untyped, { betta: 1 } as Untyped)],
  ['exportModel', 'precison', 'precision', () =>
    weights.exportModel(model, 'x.h5', { format: 'keras', precison: 'float32' } as Untyped)],
  ['trainContrastively', 'temprature', 'temperature', () => strategies.trainContrastively(
    model, strategies.removeLabels(parts), { epochs: 1, temprature: 0.1 } as Untyped)],
  ['scoreArms', 'draw', 'draws', () => scoreArms(grouped, { draw: 3 } as Untyped)],
  ['scoreOnAnother', 'sead', 'seed', () => scoreOnAnother(grouped, grouped, { sead: 3 } as Untyped)],
  ['openModel', 'label', 'labels', () => openModel('nowhere', { label: ['a', 'b'] } as Untyped)],
  ['saveModel', 'tresholds', 'threshold', () => saveModel(model, 'nowhere', { tresholds: 0.5 } as Untyped)],
  ['predictImage', 'positve', 'positive', () => predictImage(model, 'nowhere.png', { positve: 'dark' } as Untyped)],
  ['thresholds', 'treshold', 'thresholds', () => tables.thresholds(predictions, { treshold: [0.5] } as Untyped)],
  ['predictionTable', 'treshold', 'threshold', () => predictionTable(predictions, { treshold: 0.5 } as Untyped)],
  ['fineTune', 'epoch', 'epochs', () => fineTune(model, parts, { epoch: 3 } as Untyped)],
  ['the control of fineTune', 'sginal', 'signal', () =>
    fineTune(model, parts, { batch: 8 }, { sginal: AbortSignal.abort() } as Untyped)],
  ['embedImages', 'neighbours', 'neighbors', () => embedImages(model, parts.test, { neighbours: 5 } as Untyped)],
  ['findLearningRate', 'least_', 'least', () => findLearningRate(model, parts.train, { least_: 1 } as Untyped)],
  ['recommend', 'size', 'sizes', () => recommend(parts, { size: [32] } as Untyped)],
  ['splitByDefault', 'validaton', 'validation', () => splitByDefault(grouped, { validaton: 0.3 } as Untyped)],
  ['splitAsGiven', 'mising', 'missing', () => splitAsGiven(grouped, { mising: 0.2, seed: 1 } as Untyped)],
  ['the X-ray phantom', 'patient', 'patients', () => openDataset('phantom-xray', { xrayPhantom: { patient: 4 } as Untyped })],
  ['findImageIssues', 'onprogress', 'onProgress', () => look.findImageIssues(grouped, { onprogress() {} } as Untyped)],
  ['loadPixels', 'sise', 'size', () => look.loadPixels(grouped, { sise: 32 } as Untyped)],
  ['crossTable', 'notes', 'note', () => look.crossTable([], 'a' as never, 'b' as never, { name: 'x', title: 'x', notes: '' } as Untyped)],
  ['selectRuns', 'stratgy', 'strategy', () => strategies.selectRuns([], { stratgy: 'scratch' } as Untyped)],
  ['readResults', 'row', 'rows', () => strategies.readResults({ row: 'x', groups: 'y' } as Untyped)],
  ['byProfile', 'quik', 'quick', () => byProfile({ tiny: 1, quik: 2, full: 3 } as Untyped)],
  ['the views of trainContrastively', 'rotate', 'rotation', () => strategies.trainContrastively(
    model, strategies.removeLabels(parts), { epochs: 1, batch: 4, views: { rotate: 3 } } as Untyped)],
]

/** Each figure, with what it draws left out: options are looked at first. */
const drawn: readonly (readonly [string, (options: Untyped) => unknown])[] = [
  ...(['barChart', 'histogram', 'imageGrid', 'ablationChart', 'confusionMatrix', 'depthChart', 'architectureDrawing',
    'frozenBoundaryDrawing', 'learningCurves', 'learningRateChart', 'rocCurve', 'channelGrid', 'predictedImages', 'lineCharts', 'whereItLooks', 'embeddingMap', 'reproductionLadder',
    'precisionRecallCurve', 'reliabilityDiagram', 'scoreHistogram', 'decisionCurve', 'auditScores',
  ] as const).map(name => [name, (options: Untyped) => name === 'lineCharts'
    ? figures.lineCharts(options, []) : (figures[name] as Untyped)(undefined, options)] as const),
  ...(['exampleGrid', 'pairGrid', 'confusionExplorer', 'worstMistakes', 'thresholdExplorer', 'comparisonForest',
    'auditInputs', 'duplicateGroups', 'imageIssues', 'labelIssues'] as const)
    .map(name => [name, (options: Untyped) => (figures[name] as Untyped)(undefined, [], options)] as const),
  ...(['kernelGrid', 'mapGrid'] as const).map(name => [name, (options: Untyped) => (figures[name] as Untyped)({}, options)] as const),
  ...(['lineChart', 'bottleneckDrawing', 'residualBlockDrawing'] as const)
    .map(name => [name, (options: Untyped) => figures[name](options)] as const),
]

describe('a misspelt option is refused', () => {
  test.each(drawn)('by figures.%s', async (_, draw) => {
    const attempt = (async () => draw({ name: 'x', titel: 'A title' }))()
    await expect(attempt).rejects.toMatchObject({ name: 'LabError', code: 'bad-argument' })
    await expect(attempt).rejects.toThrow('titel: did you mean title?')
  })

  test('by all figures that take options', () => {
    const others = ['toBars', 'tracePredictiveValues', 'collectEpochTimes', 'collectHistories', 'joinHistories', 'traceLoss', 'traceSchedule']
    expect([...drawn.map(([name]) => name), ...others].sort()).toEqual(Object.keys(figures).sort())
  })

  test.each(misspelt)('by %s: %s', async (_, wrong, right, call) => {
    const attempt = (async () => call())()
    await expect(attempt).rejects.toMatchObject({ name: 'LabError', code: 'bad-argument' })
    await expect(attempt).rejects.toThrow(wrong === 'name' ? 'labels: did you mean label?' : `${wrong}: did you mean ${right}?`)
  })
})

describe('an option of another kind is refused', () => {
  test.each<readonly [string, () => unknown, string]>([
    ['a word where a watched figure has another name', withTraining({ watch: 'val_acc' }), 'validationAccuracy'],
    ['true in place of an augmentation', withTraining({ augment: true }), 'the options of augment as an object'],
    ['a text in place of a checkpoint', () => train(model, parts, settings({}), { checkpoint: 'folder' } as Untyped), 'checkpoint'],
    ['an optimizer by its name alone', withTraining({ optimizer: 'adam' }), 'optimizer.name'],
    ['no optimizer', withTraining({ optimizer: undefined }), 'optimizer.name'],
    ['no rate', withTraining({ optimizer: { name: 'adam' } }), 'optimizer.rate'],
    ['no configuration', () => train(model, parts, undefined as Untyped), 'as an object'],
    ['a schedule without its settings', withTraining({ schedule: { name: 'plateau' } }), 'schedule.watch'],
    ['a schedule by its name alone', withTraining({ schedule: 'one-cycle' }), 'schedule.name'],
    ['a word in place of true', withTraining({ keepBest: 'yes' }), 'keepBest to be true or false'],
    ['one class name in place of a list', () => resnet50({ classes: 'COVID' as Untyped }), 'two or more different class names'],
    ['a stage alone', () => freeze(model, 'conv4' as Untyped), 'as an object'],
    ['two rules at once', () => freeze(model, { through: 'stem', layers: [] } as Untyped), 'or { layers: [names] }'],
    ['one layer in place of a list', () => freeze(model, { layers: 'conv1' } as Untyped), 'or { layers: [names] }'],
  ])('%s', async (_, call, message) => {
    const attempt = (async () => call())()
    await expect(attempt).rejects.toMatchObject({ name: 'LabError', code: 'bad-argument' })
    await expect(attempt).rejects.toThrow(message)
  })
})

describe('requireKnownKeys', () => {
  const names = { rate: true, horizontalFlip: true } as const
  const check = (options: unknown) => () => requireKnownKeys('a test', options as { rate: number; horizontalFlip: boolean }, names)

  test('accepts known options, those that are undefined, and no options at all', () => {
    for (const options of [undefined, {}, { rate: 1 }, { rate: undefined, horizontalFlip: true }]) check(options)()
  })

  test('finds a name of which the unknown one is a part, before one with fewer other letters', () => {
    expect(check({ flip: 1 })).toThrow('flip: did you mean horizontalFlip? The options are rate, horizontalFlip')
    expect(check({ RATE: 1 })).toThrow('RATE: did you mean rate?')
  })

  test('refuses what is no object', () => {
    for (const options of [null, true, 'rate', 3, ['rate']]) expect(check(options)).toThrow('the options of a test as an object')
  })
})

test('requireBoolean accepts true, false and nothing', () => {
  for (const value of [true, false, undefined]) requireBoolean('flip', value)
  for (const value of ['true', 1, null]) expect(() => requireBoolean('flip', value)).toThrow('flip to be true or false')
})
