/** A paper's protocol, carried out under the student's eyes. */
import type { Dataset } from '../../data/dataset'
import { reproduceOn, type ProtocolResult, type ReproduceOptions } from '../../experiments/plans/papers/on-data'
import { quickSettings } from '../../experiments/plans/papers/quick'
import { byProfile } from '../../system/profile'
import { withProgress } from '../progress'

const tiny: ReproduceOptions = { ...quickSettings, ...inEpochs(1), width: 'quarter', weights: 'none' }

/**
 * Carries out a paper's protocol on a data set under a progress bar: its kind of split and a split by group, a network
 * with all layers trained and one with its head only, frozen features, and classifiers without a network. The profile
 * decides how far: LAB_PROFILE=quick trains one run on each split for a few epochs, full three runs or five folds for
 * 30. Finished runs are kept in results/runs and are never computed again. The interrupt button ends the run under way.
 * @param id the paper's, such as 'soares-2020'
 * @param options splits: some of 'exact', 'published', 'leak-aware'; seeds, folds, epochs, weights, width in place of
 *   the profile's
 * @returns reproductions: published accuracies beside measured ones; runs: the evaluation of each run
 * @throws LabError 'bad-argument' for a paper or an option that is not known, and where no split is possible
 * @example
 * const { reproductions, runs } = await papers.reproduce(ct, 'soares-2020', { splits: ['published'], epochs: 1 })
 * show(tables.reproductions(reproductions))
 */
export function reproduce(dataset: Dataset, id: string, options: ReproduceOptions = {}): Promise<ProtocolResult> {
  const settings = byProfile<ReproduceOptions>({ tiny, quick: quickSettings, full: {} })
  const { epochs, training } = options
  const chosen = { ...settings, ...options, ...(epochs === undefined || training ? {} : inEpochs(epochs)) }
  return withProgress(`The protocol of ${id}`, (report, signal) =>
    reproduceOn(dataset, id, chosen, { signal, onProgress: report }))
}

/** So many epochs of the paper's own settings, and of this project's. */
function inEpochs(epochs: number): Required<Pick<ReproduceOptions, 'epochs' | 'training'>> {
  const { training } = quickSettings
  return { epochs, training: { ...training, train: { ...training.train, epochs } } }
}
