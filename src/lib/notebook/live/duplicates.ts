/** The search for copies of images under a progress bar. */
import {
  findDuplicates as findDuplicatesQuietly, type DuplicateOptions, type Duplicates,
} from '../../audit/duplicates'
import type { Dataset } from '../../data/dataset'
import { withProgress } from '../progress'

/**
 * Searches a set for copies of images under a progress bar: equal grey levels; equal details; and, as candidates to be
 * looked at, likeness by correlation, perceptual hash and a network's features. The time grows with the square of the
 * number of images: of more than 20,000 only equal grey levels are searched.
 * @param options thresholds: other ones, several for a measure if you like, such as { 'perceptual hash': [2, 6] }, none
 *   ([]) to leave it out; model: whose last stage gives the features (default: this project's, pretrained on fractals;
 *   null: none)
 * @returns one result for each measure and threshold, the surest measures first: pairs, groups, and what they mean
 * @throws LabError 'bad-argument' for thresholds outside their range, 'bad-image' naming a damaged file
 * @example show(tables.duplicates(await look.findDuplicates(ct, { model: null })))
 */
export function findDuplicates(
  dataset: Dataset, options: Omit<DuplicateOptions, 'onProgress' | 'signal'> = {},
): Promise<Duplicates[]> {
  return withProgress('Looking for copies', (report, signal) => findDuplicatesQuietly(dataset, {
    ...options, signal, onProgress: (stage, done, total) => report(done, total ?? 0, stage),
  }))
}
