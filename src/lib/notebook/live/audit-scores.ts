/** The slow parts of an audit, each under a progress bar. */
import {
  scoreOnAnother as scoreOnAnotherQuietly, type AnotherSetOptions, type AnotherSetScores,
} from '../../audit/another-set'
import { scoreArms as scoreArmsQuietly, type ArmOptions, type ArmScores } from '../../audit/arms'
import type { Dataset } from '../../data/dataset'
import { withProgress } from '../progress'

/**
 * Scores classifiers of a data set as an audit does, each on images that it has not seen, under a progress bar: trivial
 * ones and a linear head on a frozen network; on whole images of 64 × 64 pixels, on the files' facts, on images without
 * lungs or with nothing but a border; with labels made up for each group; on random folds, on folds by group and on
 * the split of the set's makers. Five folds, fewer where images or groups are few.
 * @param options questions: default all of 'shuffled labels', 'random against grouped', 'border', 'lungs', 'file facts'
 *   and 'trivial classifiers'; seed: default 42; draws: how many times labels are made up, 1 to 100 (default 5);
 *   network: its frozen stages give features (default the project's half-width ResNet50; null: none); retrain:
 *   { network, config, folds } trains a network anew with each input, on as many folds as said (default: no training)
 * @returns arms: one row for each input, classifier and split; comparisons of them; predictions of every image
 * @throws LabError 'bad-argument' for an option outside its range, 'bad-image' naming a damaged file
 * @example const found = await scoreArms(data, { questions: ['file facts'], network: null })
 * show(tables.auditScores(found))
 */
export function scoreArms(
  dataset: Dataset, options: Omit<ArmOptions, 'onProgress' | 'signal'> = {},
): Promise<ArmScores> {
  return withProgress('Audit', (report, signal) => scoreArmsQuietly(dataset, {
    ...options, signal, onProgress: (_question, done, total) => report(done, total!),
  }))
}

/**
 * Trains the classifiers of whole images on one set and tests them on another one, under a progress bar. Images that
 * both sets have are left out of the test.
 * @param test of the same classes, by name
 * @param options seed (default 42) and network, as in `scoreArms`
 * @throws LabError 'data-mismatch' where the classes differ or all images are the same, 'bad-argument' where a class
 *   has too few images
 * @example const others = { patients: 4, slicesPerPatient: 2, size: 64, seed: 7 }
 * const elsewhere = await openDataset('phantom', { phantom: others })
 * show(tables.auditScores(await scoreOnAnother(data, elsewhere, { network: null })))
 */
export function scoreOnAnother(
  train: Dataset, test: Dataset, options: Omit<AnotherSetOptions, 'onProgress' | 'signal'> = {},
): Promise<AnotherSetScores> {
  return withProgress('Another set', (report, signal) => scoreOnAnotherQuietly(train, test, {
    ...options, signal, onProgress: (_stage, done, total) => report(done, total!),
  }))
}
