/** Every function of `figures` on nothing, on one thing, and on numbers that are none. */
import { describe, expect, it, vi } from 'vitest'
import { figures, formatNumber, look, statistics } from '../../src/lib/index'
import { shownOf } from '../../src/lib/notebook/show'
import {
  axes, checkEmptyInputs, drawn, epoch, evaluations, filters, head, heat, map, noEstimate, noPixels, nothing, one,
  over, partOf, predicted, predictions, predictionsOf, probe, type Probes, run, type Runs, scoredArm, setOf, sets,
  shares, singles, trained, type TrainedRuns,
} from '../fixtures/empty-inputs'
import { emptyModel, madeImage } from '../fixtures/figures'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

checkEmptyInputs(figures, {
  ablationChart: over<Runs>(
    { none: {}, 'no steps': { a: run([], NaN) }, one: { a: run([1], 0) }, NaN: { a: run([NaN], Infinity) } },
    runs => figures.ablationChart(runs, head)),
  architectureDrawing: { one: () => figures.architectureDrawing(emptyModel()) },
  auditInputs: {
    one: () => figures.auditInputs(one, 0), beyond: () => figures.auditInputs(one, 1),
    none: () => figures.auditInputs(nothing, 0),
  },
  auditScores: over({ none: [], NaN: [scoredArm(NaN)], one: [scoredArm(0.5)] }, arms => figures.auditScores({ arms })),
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
  confusionExplorer: {
    ...over(evaluations, one => figures.confusionExplorer(one, partOf(setOf(one.predictions)))),
    beyond: () => figures.confusionExplorer(evaluations.one, partOf(nothing)),
  },
  comparisonForest: over<Parameters<typeof figures.comparisonForest>[0]>({
    NaN: { a: { difference: noEstimate, pValue: 1, intervalKind: 'No interval' } }, none: {},
    'no p': { a: { difference: noEstimate, pValue: NaN, intervalKind: 'No interval' } },
  }, comparisons => figures.comparisonForest(comparisons, { primary: 'a', family: 'others', secondary: [] })),
  confusionMatrix: over(evaluations, one => figures.confusionMatrix(one)),
  decisionCurve: {
    ...over(predictions, one => figures.decisionCurve(one, { positive: 'COVID' })), none: () => figures.decisionCurve({}),
    all: () => figures.decisionCurve(predictions, { positive: 'COVID', thresholds: [0.5] }),
  },
  depthChart: over<Probes>({ none: {}, 'no layers': { plain: [] }, NaN: { plain: [probe] } }, probes =>
    figures.depthChart(probes)),
  duplicateGroups: over(sets, async set =>
    figures.duplicateGroups(set, (await look.findDuplicates(set, { model: null }))[0])),
  embeddingMap: over({ none: 0, one: 1 }, count => figures.embeddingMap({
    images: one.items.slice(0, count).map(({ name, group }) =>
      ({ name, group, x: 0, y: 0, class: 'COVID', part: 'test', source: null, nearest: 0 })),
    grouping: 'patient', stage: 'conv5', neighbors: 2, seed: 0, components: 0, variance: NaN, notice: 'Made up.',
  }, { color: ['class', 'group', 'source', 'part'] })),
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
  imageIssues: {
    ...over(sets, async set => figures.imageIssues(set, await look.findImageIssues(set))),
    'another set': async () => figures.imageIssues(one, await look.findImageIssues(singles)),
  },
  kernelGrid: over({ none: 0, NaN: 1 }, outputs => figures.kernelGrid(filters(outputs), head)),
  labelIssues: {
    ...over(predictions, one => figures.labelIssues(setOf(one), statistics.findLabelIssues(one))),
    'another set': () => figures.labelIssues(nothing, statistics.findLabelIssues(predictionsOf([1, 0, 1, 0, 0]))),
  },
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
  pairGrid: {
    none: () => figures.pairGrid(nothing, [], head),
    beyond: () => figures.pairGrid(one, [{ query: 0, nearest: 1, sameClass: true, sameGroup: true }], head),
  },
  precisionRecallCurve: { ...over(evaluations, one => figures.precisionRecallCurve(one)), none: () =>
    figures.precisionRecallCurve({}), all: () => figures.precisionRecallCurve(evaluations) },
  predictedImages: { none: () => figures.predictedImages(predicted) },
  reliabilityDiagram: {
    ...over(predictions, one => figures.reliabilityDiagram(statistics.measureCalibration(one))),
    'one class, positive': () =>
      figures.reliabilityDiagram(statistics.measureCalibration(predictions['one class'], { positive: 'COVID' })),
    none: () => figures.reliabilityDiagram({}), all: () => figures.reliabilityDiagram(
      Object.fromEntries(Object.entries(predictions).map(([name, one]) => [name, statistics.measureCalibration(one)]))),
  },
  reproductionLadder: { none: () => figures.reproductionLadder([]) },
  residualBlockDrawing: { one: () => figures.residualBlockDrawing() },
  rocCurve: { ...over(evaluations, one => figures.rocCurve(one)), none: () =>
    figures.rocCurve({}), all: () => figures.rocCurve(evaluations), bands: () =>
    figures.rocCurve(evaluations, { band: true }) },
  scoreHistogram: over(predictions, one => figures.scoreHistogram(one, { positive: 'COVID', threshold: 0.1 })),
  toBars: { none: () => figures.toBars([]), 'no lists': () => figures.toBars({}), NaN: () =>
    figures.toBars([{ run: 'a', accuracy: NaN }]) },
  tracePredictiveValues: { NaN: () => drawn(figures.tracePredictiveValues(shares)) },
  collectEpochTimes: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) }, NaN: { a: trained([epoch]) } },
    runs => figures.barChart(figures.collectEpochTimes(runs), { ...head, label: 'seconds', kind: 'linear' })),
  collectHistories: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) } }, runs =>
     figures.learningCurves(figures.collectHistories(runs))),
  joinHistories: over({ none: [], 'no epochs': [trained([])] }, runs => figures.learningCurves(figures.joinHistories(runs))),
  traceLoss: over<TrainedRuns>({ none: {}, NaN: { a: trained([epoch]) } }, runs => drawn(figures.traceLoss(runs))),
  thresholdExplorer: {
    ...over(predictions, one => figures.thresholdExplorer(one, undefined, { positive: 'COVID' })),
    ...Object.fromEntries(Object.entries(predictions).map(([name, one]) => [`test: ${name}`, () => {
      const validation = predictionsOf([0, 1, 1], { names: ['a', 'b', 'c'] })
      return figures.thresholdExplorer(validation, one, { positive: 'COVID' })
    }])),
  },
  whereItLooks: over({ none: heat(nothing, 0), NaN: heat(one, NaN) }, maps => figures.whereItLooks(maps)),
  worstMistakes: {
    ...over(evaluations, one => figures.worstMistakes(one, partOf(setOf(one.predictions)))),
    beyond: () => figures.worstMistakes(evaluations.one, partOf(nothing)),
  },
  traceSchedule: { 'no steps': () => drawn([figures.traceSchedule({ name: 'constant' }, 1, { steps: 0 })]) },
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
