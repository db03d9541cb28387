/** Every function of `tables` on nothing, on one thing, and on numbers that are none. */
import { vi } from 'vitest'
import { comparePredictions, look, papers, statistics, tables } from '../../src/lib/index'
import {
  checkEmptyInputs, epoch, evaluations, mapScore, noEstimate, over, predictions, predictionsOf, probe,
  scoredArm, type Probes, run,
  type Runs, sets, shares, trained, type TrainedRuns,
} from '../fixtures/empty-inputs'
import { madeAudit } from '../fixtures/audit'
import { emptyModel } from '../fixtures/figures'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

const number = { question: 'labels' as const, what: 'x', measure: 'AUC' as const, value: NaN, low: NaN, high: NaN, images: 0 }
const audits = {
  none: madeAudit(undefined, { findings: [], verdict: '' }), one: madeAudit(), NaN: madeAudit(undefined, { numbers: [number] }),
}

checkEmptyInputs(tables, {
  auditNumbers: over(audits, audit => tables.auditNumbers(audit)),
  auditScores: over({ none: [], NaN: [scoredArm(NaN)], one: [scoredArm(0.5)] }, arms => tables.auditScores({ arms })),
  baselines: over({ none: [], NaN: [{ baseline: 'a', accuracy: NaN, low: NaN, high: NaN }] }, rows =>
    tables.baselines('b', 'B', rows)),
  calibration: over(predictions, one => tables.calibration(one, 'COVID')),
  classes: over(evaluations, one => tables.classes(one)),
  comparison: over(predictions, one => tables.comparison(comparePredictions(one, one), ['a', 'b'])),
  decisions: { none: () => tables.decisions('d', 'D', []) },
  declared: { none: () => tables.declared([]), one: () => tables.declared([
    { comparison: 'a', role: 'primary', pValue: NaN, adjusted: 0 }]) },
  depthProbes: over<Probes>({ none: {}, 'no layers': { plain: [] }, NaN: { plain: [probe] } }, probes =>
    tables.depthProbes(probes)),
  duplicates: {
    none: () => tables.duplicates([]),
    ...over(sets, async set => tables.duplicates(await look.findDuplicates(set))),
  },
  findGreatest: over({ none: [], one: [{ x: 1 }], NaN: [{ x: NaN }] }, rows => [tables.findGreatest(rows, 'x')]),
  findLeast: over({ none: [], one: [{ x: 1 }], NaN: [{ x: NaN }] }, rows => [tables.findLeast(rows, 'x')]),
  findings: over(audits, audit => tables.findings(audit)),
  imageIssues: over(sets, async set => tables.imageIssues(set, await look.findImageIssues(set))),
  labelIssues: over({ ...predictions, some: predictionsOf([1, 0, 1, 0, 0]) }, one =>
    tables.labelIssues(statistics.findLabelIssues(one))),
  layers: { one: () => tables.layers(emptyModel()) },
  listLastEpochs: over<TrainedRuns>({ none: {}, 'no epochs': { a: trained([]) },
    NaN: { a: trained([epoch]) } }, runs => tables.listLastEpochs(runs)),
  listLateLosses: over<Runs>({ none: {}, 'no steps': { a: run([], 1) } }, runs => tables.listLateLosses(runs)),
  losses: over({ none: [], NaN: [{ network: 'a', loss: NaN }] }, rows => tables.losses('l', 'L', rows)),
  mapScores: over({ none: [], NaN: [mapScore] }, rows => tables.mapScores(rows)),
  operatingPoints: { none: () => tables.operatingPoints([]), 'nobody called': () => {
    const point = statistics.chooseOperatingPoint(predictionsOf([0, 1, 1], { names: ['a', 'b', 'c'] }),
      { positive: 'COVID', rule: { name: 'cost', falseNegative: 0, falsePositive: 1 } })
    return tables.operatingPoints(Object.values(predictions).map(one => statistics.judgeOperatingPoint(point, one)))
  } },
  papers: { none: () => tables.papers([]) },
  patients: over(sets, async set => tables.patients(await look.findPatients(set))),
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
  scores: over(predictions, one => tables.scores(statistics.scorePredictions(one))),
  subgroups: { none: () => tables.subgroups([]), ...over(predictions, one =>
    tables.subgroups(statistics.estimateBySubgroup(one, one.names.map(() => null), 'sensitivity', { positive: 'COVID' }))) },
  sumColumn: over({ none: [], NaN: [{ x: NaN }] }, rows => tables.sumColumn(rows, 'x')),
  thresholds: over(predictions, one => tables.thresholds(one, { positive: 'COVID' })),
})
