/** Every function of `figures`, `tables` and `look` on nothing, on one thing, and on numbers that are none. */
import { describe, expect, it, test, vi } from 'vitest'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import {
  LabError, comparePredictions, figures, formatNumber, look, measurePredictions, papers, tables, type HeatMaps,
  type Predictions,
} from '../../src/lib/index'
import { shownOf } from '../../src/lib/notebook/show'
import type { EpochRecord, Trained } from '../../src/lib/training/config'
import { datasetOf } from '../fixtures/datasets'
import { emptyModel, madeImage } from '../fixtures/figures'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

type Case = () => unknown
const head = { name: 'made', title: 'Made up' }
const patients = (items: Item[]) => datasetOf(items, { grouping: 'patient' })
const item = (i: number, group: string | null, label = 0): Item => ({ name: `${i}.png`, label, group })

const nothing = patients([])
const one = patients([item(0, 'p')])
const ungrouped = datasetOf([item(0, null), item(1, null, 1)], { grouping: 'none' })
const singles = patients(Array.from({ length: 6 }, (_, i) => item(i, `p${i}`, i % 2)))
const sets = { nothing, one, ungrouped, singles }
const partOf = (dataset: Dataset) => ({ dataset, role: 'test' as const, indices: [...dataset.items.keys()] })

function predictionsOf(labels: number[], more: Partial<Predictions> = {}): Predictions {
  return {
    labels: Int32Array.from(labels), probabilities: Float32Array.from(labels.flatMap((_, i) => [i / 10, 1 - i / 10])),
    classes: ['COVID', 'non-COVID'], names: labels.map(i => `${i}.png`), groups: labels.map(() => null), grouping: 'none', ...more,
  }
}

const predictions = { none: predictionsOf([]), one: predictionsOf([0]), 'one class': predictionsOf([1, 1, 1]) }
const evaluations = Object.fromEntries(Object.entries(predictions).flatMap(([name, one]) => [
  [name, measurePredictions(one)], [`${name}, positive`, measurePredictions(one, { positive: 'COVID' })],
]))
const epoch: EpochRecord = {
  epoch: 1, loss: NaN, accuracy: NaN, validationLoss: NaN, validationAccuracy: Infinity, rate: NaN, seconds: NaN,
}
const trained = (history: EpochRecord[]) => ({ history } as Trained)
const run = (losses: number[], length: number) =>
  ({ losses, gradients: { first: [{ block: 'conv1', length }], last: [] }, brokeAt: losses.length ? null : 1 })
const probe = { layer: 1, signal: NaN, gradient: Infinity }
const map = (side: number, channels: number, value = NaN) =>
  ({ layer: 'x', width: side, height: side, channels, data: new Float32Array(side * side * channels).fill(value) })
/** One map of equal numbers for each image of a set. */
const heat = (dataset: Dataset, value: number): HeatMaps => ({
  method: 'occlusion', part: partOf(dataset), classes: dataset.items.map(() => 'COVID'),
  probabilities: new Float32Array(dataset.items.length).fill(value), maps: dataset.items.map(() => map(2, 1, value)),
})
const noEstimate = { value: NaN, low: NaN, high: NaN }
const mapScore = { map: 'a', images: 0, pointing: noEstimate, energy: noEstimate, overlap: noEstimate, threshold: NaN }
const filters = (outputs: number) =>
  ({ height: 3, width: 3, inputs: 1, outputs, data: new Float32Array(9 * outputs).fill(NaN) })
const facts = [{
  name: 'a.png', class: 'COVID', group: '', width: NaN, height: 1, channels: 1, mean: NaN, spread: NaN, minimum: NaN,
  maximum: NaN, fingerprint: 'x',
}]
const axes = { ...head, x: { label: 'x' }, y: { label: 'y' } }, shares = { sensitivity: NaN, specificity: NaN }
const noPixels = { width: 0, height: 0, channels: 1 as const, data: new Uint8Array(0) }
const kinds = { size: 2, channels: 1 as const, count: 0, data: new Uint8Array(0) }
const predicted = { classes: ['COVID'], images: [], failed: [], ignored: [], positive: null, threshold: null }
type TrainedRuns = Parameters<typeof figures.traceLoss>[0]
type Runs = Parameters<typeof figures.ablationChart>[0]
type Probes = Parameters<typeof figures.depthChart>[0]
const over = <T>(values: Record<string, T>, call: (value: T) => unknown): Record<string, Case> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => call(value)]))

const cases: Record<string, Record<string, Record<string, Case>>> = {
  figures: {
    ablationChart: over<Runs>(
      { none: {}, 'no steps': { a: run([], NaN) }, one: { a: run([1], 0) }, NaN: { a: run([NaN], Infinity) } },
      runs => figures.ablationChart(runs, head)),
    architectureDrawing: { one: () => figures.architectureDrawing(emptyModel()) },
    barChart: over({
      none: [], one: [{ label: 'a', value: 1 }], NaN: [{ label: 'a', value: NaN }], infinite: [{ label: 'a', value: Infinity }],
      'a number beside NaN': [{ label: 'a', value: 0.5, low: NaN, high: Infinity }, { label: 'b', value: NaN, low: NaN }],
    }, bars => figures.barChart(bars, { ...head, label: 'accuracy', kind: 'linear' })),
    bottleneckDrawing: { one: () => figures.bottleneckDrawing() },
    channelGrid: {
      none: () => figures.channelGrid([], { ...head, layers: [] }),
      unnamed: () => figures.channelGrid([map(2, 1)], { ...head, layers: [] }),
      'too few channels': () => figures.channelGrid([map(2, 1)], { ...head, layers: ['x'] }),
      one: () => figures.channelGrid([map(2, 1)], { ...head, count: 1, layers: ['x'] }),
      'no pixels': () => figures.channelGrid([map(0, 1)], { ...head, count: 1, layers: ['x'] }),
    },
    confusionMatrix: over(evaluations, one => figures.confusionMatrix(one)),
    depthChart: over<Probes>({ none: {}, 'no layers': { plain: [] }, NaN: { plain: [probe] } }, probes =>
      figures.depthChart(probes)),
    exampleGrid: {
      ...over(sets, set => figures.exampleGrid(set, [], head)), one: () => figures.exampleGrid(one, [0], head),
      ...over({ beyond: 1, NaN: NaN, negative: -1 }, index => figures.exampleGrid(one, [index], head)),
    },
    frozenBoundaryDrawing: { one: () => figures.frozenBoundaryDrawing(emptyModel()) },
    histogram: over({
      none: [], empty: [{ label: 'a', values: [] }], one: [{ label: 'a', values: [3] }],
      NaN: [{ label: 'a', values: [NaN, Infinity] }],
      mixed: [{ label: 'a', values: [1, 2, NaN] }, { label: 'b', values: [] }],
    }, series => figures.histogram(series, { ...head, label: 'grey' })),
    imageGrid: over({
      none: [], one: [{ image: madeImage(1, 1, 1, 0) }], 'no pixels': [{ image: noPixels }],
    }, images => figures.imageGrid(images, head)),
    kernelGrid: over({ none: 0, NaN: 1 }, outputs => figures.kernelGrid(filters(outputs), head)),
    learningCurves: {
      none: () => figures.learningCurves([]), 'no runs': () => figures.learningCurves({}), NaN: () => figures.learningCurves([epoch]),
      'no epochs': () => figures.learningCurves({ a: [], b: [] }), 'NaN in one': () => figures.learningCurves({ a: [epoch], b: [] }),
    },
    learningRateChart: {
      none: () => figures.learningRateChart({ points: [], suggestion: null, ended: 'cancelled' }),
      NaN: () => figures.learningRateChart({ points: [{ rate: NaN, loss: NaN, smoothed: NaN }], suggestion: 1, ended: 'rising' }),
    },
    lineChart: over({
      none: [], 'no points': [{ label: 'a', points: [] }], one: [{ label: 'a', points: [{ x: 0, y: 0 }] }],
      NaN: [{ label: 'a', points: [{ x: NaN, y: 1 }, { x: 1, y: Infinity }] }],
      mixed: [{ label: 'a', points: [{ x: 0, y: 1 }] }, { label: 'b', points: [{ x: 0, y: NaN }] }],
    }, series => figures.lineChart({ ...axes, series })),
    lineCharts: {
      none: () => figures.lineCharts({ ...head, alt: 'Made up.' }, []),
      'one panel of two': () => figures.lineCharts({ ...head, alt: 'Made up.' }, [
        { ...axes, title: 'full', series: [{ label: 'a', points: [{ x: 1, y: 1 }] }] },
        { ...axes, title: 'bare', y: { label: 'y', kind: 'log' }, series: [{ label: 'a', points: [{ x: 1, y: 0 }] }] },
      ]),
    },
    mapGrid: over({ none: map(2, 0), NaN: map(2, 1), 'no pixels': map(0, 2) }, one => figures.mapGrid(one, head)),
    mistakeGrid: {
      ...over(sets, set => figures.mistakeGrid(partOf(set), [], head)),
      one: () => figures.mistakeGrid(partOf(one), [{ index: 0, name: 'a', truth: 'x', predicted: 'y', probability: NaN }], head),
      beyond: () => figures.mistakeGrid(partOf(nothing), [{ index: 0, name: 'a', truth: 'x', predicted: 'y', probability: 1 }], head),
    },
    pairGrid: {
      none: () => figures.pairGrid(nothing, [], head),
      beyond: () => figures.pairGrid(one, [{ query: 0, nearest: 1, sameClass: true, sameGroup: true }], head),
    },
    predictedImages: { none: () => figures.predictedImages(predicted) },
    reproductionLadder: { none: () => figures.reproductionLadder([]) },
    residualBlockDrawing: { one: () => figures.residualBlockDrawing() },
    rocCurve: { ...over(evaluations, one => figures.rocCurve(one)), none: () =>
      figures.rocCurve({}), all: () => figures.rocCurve(evaluations) },
    toBars: { none: () => figures.toBars([]), 'no lists': () => figures.toBars({}), NaN: () =>
      figures.toBars([{ run: 'a', accuracy: NaN }]) },
    tracePredictiveValues: { NaN: () => drawn(figures.tracePredictiveValues(shares)) },
    traceThresholds: over(predictions, one => drawn(figures.traceThresholds(one, 'COVID'))),
    collectEpochTimes: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) }, NaN: { a: trained([epoch]) } },
      runs => figures.barChart(figures.collectEpochTimes(runs), { ...head, label: 'seconds', kind: 'linear' })),
    collectHistories: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) } }, runs =>
       figures.learningCurves(figures.collectHistories(runs))),
    joinHistories: over({ none: [], 'no epochs': [trained([])] }, runs => figures.learningCurves(figures.joinHistories(runs))),
    traceLoss: over<TrainedRuns>({ none: {}, NaN: { a: trained([epoch]) } }, runs => drawn(figures.traceLoss(runs))),
    whereItLooks: over({ none: heat(nothing, 0), NaN: heat(one, NaN) }, maps => figures.whereItLooks(maps)),
    traceSchedule: { 'no steps': () => drawn([figures.traceSchedule({ name: 'constant' }, 1, { steps: 0 })]) },
  },
  tables: {
    baselines: over({ none: [], NaN: [{ baseline: 'a', accuracy: NaN, low: NaN, high: NaN }] }, rows =>
      tables.baselines('b', 'B', rows)),
    calibration: over(predictions, one => tables.calibration(one, 'COVID')),
    classes: over(evaluations, one => tables.classes(one)),
    comparison: over(predictions, one => tables.comparison(comparePredictions(one, one), ['a', 'b'])),
    decisions: { none: () => tables.decisions('d', 'D', []) },
    depthProbes: over<Probes>({ none: {}, 'no layers': { plain: [] }, NaN: { plain: [probe] } }, probes =>
      tables.depthProbes(probes)),
    findGreatest: over({ none: [], one: [{ x: 1 }], NaN: [{ x: NaN }] }, rows => [tables.findGreatest(rows, 'x')]),
    findLeast: over({ none: [], one: [{ x: 1 }], NaN: [{ x: NaN }] }, rows => [tables.findLeast(rows, 'x')]),
    layers: { one: () => tables.layers(emptyModel()) },
    listLastEpochs: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) },
      NaN: { a: trained([epoch]) } }, runs => tables.listLastEpochs(runs)),
    listLateLosses: over<Runs>({ none: {}, 'no steps': { a: run([], 1) } }, runs => tables.listLateLosses(runs)),
    losses: over({ none: [], NaN: [{ network: 'a', loss: NaN }] }, rows => tables.losses('l', 'L', rows)),
    mapScores: over({ none: [], NaN: [mapScore] }, rows => tables.mapScores(rows)),
    papers: { none: () => tables.papers([]) },
    prevalences: over({ none: [], NaN: [0, 1], 'no prevalence': [NaN], percent: [50] }, list => tables.prevalences(shares, list)),
    probes: { none: () => tables.probes([]) },
    protocols: { none: () => tables.protocols({ citation: { authors: 'A' }, studies: [] } as never) },
    publishedRows: { none: () => tables.publishedRows([]) },
    receptiveFields: { one: () => tables.receptiveFields(emptyModel()) },
    recognitions: over({ none: [], NaN: [{ name: 'a', probability: NaN }] }, rows => tables.recognitions(rows)),
    recommendations: { none: () => tables.recommendations({ rows: [], advice: 'Nothing was tried.' } as never) },
    repeatedBaselines: over({ none: [], NaN: [{ baseline: 'a', split: 'b', mean: NaN, worst: NaN, best: Infinity }] },
      rows => tables.repeatedBaselines('r', 'R', rows as never)),
    reproductions: { none: () => tables.reproductions([]) },
    results: over({ none: [], NaN: [{ run: 'a', accuracy: NaN, low: NaN, high: NaN, loss: Infinity }] },
      rows => tables.results('r', 'R', rows)),
    rowCheck: { impossible: () => tables.rowCheck(papers.checkRow({ positives: 1, negatives: 1, printed: { accuracy: '12.34' } })) },
    runs: { none: () => tables.runs([], 'r', 'R') },
    sanity: over({ none: [], NaN: [{ from: 'stem' as const, images: 0, correlation: noEstimate, blank: 0 }] }, rows => tables.sanity(rows)),
    sumColumn: over({ none: [], NaN: [{ x: NaN }] }, rows => tables.sumColumn(rows, 'x')),
  },
  look: {
    averageImages: over(sets, set => look.averageImages(set, kinds)),
    chooseEvenly: over({ none: 2, zero: 0, NaN: NaN, half: 1.5 }, count => look.chooseEvenly([], count)),
    chooseExamples: { ...over(sets, set => look.chooseExamples(set, 'COVID', 2)), NaN: () => look.chooseExamples(one, 'COVID', NaN) },
    chooseGrouped: over({ singles, nothing, ungrouped }, async set => (await look.chooseGrouped(set)).title),
    collectByClass: over({ none: [], NaN: facts }, rows =>
      figures.histogram(look.collectByClass(rows, 'width'), { ...head, label: 'width' })),
    collectGreys: over(sets, set => look.collectGreys(set, kinds)),
    compareAugmentations: over({ none: partOf(nothing), NaN: partOf(one) }, part =>
      look.compareAugmentations(part, NaN, { none: {} })),
    compareFits: {
      ...over({ 'no pixels': noPixels, one: madeImage(1, 1, 1, 0) }, image => figures.imageGrid(look.compareFits(image), head)),
      ...over({ NaN: NaN, zero: 0 }, size => look.compareFits(madeImage(2, 2, 1, 0), size)),
    },
    countGroups: over(sets, set => look.countGroups(set)),
    countClasses: over(sets, set => look.countClasses(set)),
    crossTable: over({ none: [], NaN: facts, missing: [{ class: 'a' }] as unknown as typeof facts },
      rows => look.crossTable(rows, 'class', 'width', head)),
    dataFrame: { none: () => look.dataFrame([]) },
    findExactDuplicates: over({ none: [], one: facts }, rows => look.findExactDuplicates(rows)),
    findMostAlike: { ...over(sets, set => look.findMostAlike(set, 3)), NaN: () => look.findMostAlike(one, NaN) },
    findTellingMinima: over({ none: [], NaN: facts }, rows => look.findTellingMinima(rows)),
    listGroupItems: over(sets, set => look.listGroupItems(set, 'nobody')),
    listGroups: over(sets, set => look.listGroups(set)),
    loadPixels: over(sets, async set => (await look.loadPixels(set, { size: 8 })).count),
    measureAlikeness: over(sets, set => look.measureAlikeness(set)),
    measureOverlap: { none: () => look.measureOverlap(new Uint8Array(0), new Uint8Array(1)) },
    openPhantomLike: { unknown: async () => (await look.openPhantomLike({ modality: 'unknown' } as Dataset)).title },
    readFileFacts: over(sets, set => look.readFileFacts(set)),
    selectImages: over({ none: [], beyond: [1], NaN: [NaN] }, indices =>
      look.selectImages(one, indices).indices.length),
    tissueTable: { one: () => look.tissueTable() },
    storeImage: over({ none: nothing, NaN: one }, set => look.storeImage(set, NaN)),
    summarizeFiles: over({ none: [], NaN: facts }, rows => look.summarizeFiles(rows)),
    transmissionTable: { one: () => look.transmissionTable() },
    windowCurves: { one: () => drawn(look.windowCurves()) },
  },
}

function drawn(series: Parameters<typeof figures.lineChart>[0]['series']) {
  return figures.lineChart({ ...axes, series })
}

/** What a reader sees of a result: rows as a table, numbers as `formatNumber` writes them. */
function wordsOf(result: unknown): string {
  if (typeof result === 'number') return formatNumber(result)
  if (typeof result === 'string') return result
  if (Array.isArray(result))
    return result.map(row => (typeof row === 'object' ? shownOf([row as object]).text : String(row))).join(' ')
  const { html, text } = shownOf(result as never)
  return `${text} ${html.replace(/<metadata>.*?<\/metadata>/s, '').replace(/data:image\/png;base64,[^"]+| data-value="[^"]*"/g, '')}`
}

describe.each(Object.entries(cases))('%s', (namespace, functions) => {
  test('has a case for each of its functions', () => {
    expect(Object.keys(functions).sort()).toEqual(Object.keys({ figures, tables, look }[namespace]!).sort())
  })

  const all = Object.entries(functions).flatMap(([name, inputs]) =>
    Object.entries(inputs).map(([input, call]) => ({ name, input, call })))
  it.each(all)('$name: $input', async ({ call }) => {
    let words: string
    try {
      words = wordsOf(await call())
    } catch (error) {
      expect(error).toBeInstanceOf(LabError)
      words = (error as LabError).message.replace(/received .*/s, '')
    }
    expect(words).not.toMatch(/NaN|undefined|null|Infinity|\[object/)
  })
})

describe('a figure without anything to draw says why', () => {
  it('of images of patients with one image each', async () => {
    const figure = figures.histogram(await look.measureAlikeness(singles), { ...head, label: 'correlation' })
    expect(figure.svg).toContain('No patient has two images, so there are no neighbors to compare.')
    const none = await look.measureAlikeness(one)
    expect(figures.histogram(none, { ...head, label: 'correlation' }).alt)
      .toBe('Made up. No patient has two images, so there are no neighbors to compare. '
        + 'No patient has four images, so no two are three apart. No class has images of two patients.')
    expect(none.map(({ pairs, median }) => [pairs, formatNumber(median)])).toEqual([[0, '–'], [0, '–'], [0, '–']])
  })

  it('of a part in which a class is missing', () => {
    const alt = (name: string) => figures.rocCurve(evaluations[name]).alt
    expect(alt('one class, positive')).toContain('COVID: not defined: there are no images of COVID.')
    expect(alt('one class')).toContain('non-COVID: not defined: all images are of non-COVID.')
    expect(alt('none')).toContain('COVID: not defined: there are no images.')
    expect(shownOf(evaluations['one class, positive']).text).toMatch(/There are no images of COVID: measures that need them are not defined/)
    expect(figures.confusionMatrix(evaluations['one class']).alt).toContain('There are no images of COVID.')
  })

  it('of what the caller knows', async () => {
    expect((await figures.imageGrid([], { ...head, empty: 'Nobody was scanned twice.' })).alt).toBe('Made up. Nobody was scanned twice.')
  })

  it('and names the series that it leaves out beside others', () => {
    const mixed = figures.histogram([{ label: 'a', values: [1, 2, NaN] }, { label: 'b', values: [] }], { ...head, label: 'grey' })
    expect(mixed.alt).toContain('There are no values of b. 1 of 3 values of a are no numbers and are left out.')
  })
})

test('images of unknown groups are no pairs of different patients', async () => {
  const mixed = patients([item(0, 'p'), item(1, null), item(2, null)])
  expect((await look.measureAlikeness(mixed)).map(({ pairs }) => pairs)).toEqual([0, 0, 0])
})

test('sets without groups are refused in one wording', async () => {
  const wording = 'expected a data set whose groups are known'
  expect(() => look.listGroups(ungrouped)).toThrow(wording)
  await expect(look.measureAlikeness(ungrouped)).rejects.toThrow(wording)
})
