/** A paper's protocol on whatever data set is at hand. */
import type { Dataset } from '../../../data/dataset'
import type { Evaluation } from '../../../evaluation/evaluation'
import type { Width } from '../../../model/architecture'
import { openDataset } from '../../../data/registry'
import { open } from '../../../papers/collection'
import type { Paper, Study } from '../../../papers/paper'
import { LabError, requireInRange, requireOneOf } from '../../../system/errors'
import { sha256 } from '../../../system/hash'
import { requireKnownKeys } from '../../../system/options'
import { canonicalJson } from '../../identity'
import type { PlanResult } from '../../plan'
import { ExperimentSession, runExperiment, type ExperimentControl } from '../../run-experiment'
import { armName } from '../four-strategies/strategy-run'
import { armNames, armsOf, type ArmName } from './arms'
import { paperResults, papersPlan, type PapersOptions } from './plan'
import { reproductionsOf, type Reproduction } from './reproduction'
import { printsAccuracy, protocolSplits, splitFacts, splitsOf, type ProtocolSplit } from './splits'

/** How far a paper's protocol is carried out. */
export interface ReproduceOptions extends Pick<PapersOptions, 'seeds' | 'folds' | 'training' | 'epochs' | 'weights'> {
  /** Default: all that the data set and the paper allow. */
  splits?: readonly ProtocolSplit[]
  /** The networks' width. Default 'half'. */
  width?: Width
}

/** One run of a protocol, with all that was measured of it. */
export interface ProtocolRun {
  split: ProtocolSplit
  /** Whether all layers were trained, or the head only, or what stands beside the network. */
  arm: ArmName
  evaluation: Evaluation
}

/** A paper's protocol, carried out. */
export interface ProtocolResult {
  /** The paper's published accuracies beside the measured ones. */
  reproductions: Reproduction[]
  runs: ProtocolRun[]
}

/**
 * Carries out a paper's protocol on a data set: its kind of split and a split by group, a network with all layers
 * trained and one with its head only, frozen features, and classifiers without a network. On another data set than the
 * paper's the table says so, and gives no verdict. Runs are written to results/runs, and are never computed twice.
 * @param id the paper's, such as 'soares-2020'
 * @returns what was carried out until the signal
 * @throws LabError 'bad-argument' for a paper or an option that is not known, for a paper that prints no accuracy, and
 *   where no split is possible
 */
export async function reproduceOn(
  dataset: Dataset, id: string, options: ReproduceOptions = {},
  control: Pick<ExperimentControl, 'signal'> & { onProgress?(done: number, count: number, note: string): void } = {},
): Promise<ProtocolResult> {
  requireKnownKeys('reproduce', options, {
    seeds: true, folds: true, training: true, epochs: true, weights: true, splits: true, width: true,
  })
  for (const split of options.splits ?? []) requireOneOf('splits', split, protocolSplits)
  if (options.seeds !== undefined) requireInRange('seeds', options.seeds, { low: 1, high: 100, whole: true })
  if (options.folds !== undefined) requireInRange('folds', options.folds, { low: 1, high: 5, whole: true })
  const original = await open(id), { data, unchanged } = await identified(dataset)
  const own = unchanged ? studyOn(original, data) : null
  const study = own ?? borrowed(withAccuracy(original), data.name)
  const paper = { ...original, studies: [study] }, facts = splitFacts(data)
  const plan = papersPlan(facts, { ...options, papers: [paper] })
  if (plan.runs.length === 0) throw noSplit(dataset, options.splits)
  const session = new ExperimentSession([data])
  const finished: PlanResult[] = []
  for (const [i, run] of plan.runs.entries()) {
    const tell = (share: number, note: string) => control.onProgress?.(i + share, plan.runs.length, `${run.kind}: ${note}`)
    const result = await runExperiment(run.config, {
      session, signal: control.signal, onProgress: ({ share, note }) => tell(share, note),
    })
    if (!result) break
    finished.push({ run, finished: result })
    tell(1, 'done')
  }
  const results = paperResults(plan.runs, finished), splits = splitsOf(study, facts)
  const arms = armsOf(options.weights ?? 'fractal', options.width ?? 'half')
  return {
    reproductions: reproductionsOf([paper], {
      results, facts: new Map([[facts.name, facts]]), borrowed: own === null,
    }),
    runs: results.map(({ row }, i) => ({
      split: splits.find(({ kind, list }) => kind === row.split && list === row.list)!.split,
      arm: armNames.find(arm => armName(arms[arm]) === armName(row))!, evaluation: finished[i].finished.evaluation,
    })),
  }
}

/**
 * The data set as runs know it. One whose images, labels or groups are not those that its name opens (chosen images,
 * made-up labels) gets a content hash of its own: its runs are never taken for those of the whole set.
 */
async function identified(dataset: Dataset): Promise<{ data: Dataset; unchanged: boolean }> {
  const opened = await openDataset(dataset.name).catch(() => null)
  const itemsOf = ({ items }: Dataset) => canonicalJson(items)
  if (opened?.contentHash === dataset.contentHash && itemsOf(opened) === itemsOf(dataset))
    return { data: dataset, unchanged: true }
  return { data: { ...dataset, contentHash: sha256(dataset.contentHash + itemsOf(dataset)) }, unchanged: false }
}

/** The paper's study on this data set; null where it has none that prints an accuracy. */
function studyOn({ studies }: Paper, { name }: Dataset): Study | null {
  return studies.find(study => study.data.open === name && printsAccuracy(study)) ?? null
}

/** @throws LabError 'bad-argument' where a paper prints no accuracy to stand beside */
function withAccuracy({ id, studies }: Paper): Study {
  const study = studies.find(printsAccuracy)
  if (study) return study
  throw new LabError('bad-argument', {
    expected: 'a paper that prints an accuracy', received: id, remedy: 'Choose another paper: papers.list() shows them',
  })
}

/** A study's protocol without what belongs to its own images: lists and assigned parts. */
function borrowed({ split: { list: _, given: __, ...split }, data, ...study }: Study, name: string): Study {
  return { ...study, split, data: { ...data, open: name } }
}

function noSplit({ title }: Dataset, splits: readonly ProtocolSplit[] = protocolSplits): LabError {
  return new LabError('bad-argument', {
    expected: `a split that ${title} allows`, received: splits.join(', '),
    remedy: 'A split by group needs groups, and an exact one the paper’s own images: leave splits out',
  })
}
