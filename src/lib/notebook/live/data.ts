/** Looking at a data set and at baselines, each under a progress bar. */
import type { Dataset } from '../../data/dataset'
import { readFileFacts as readFileFactsQuietly, type FileFacts } from '../../data/look/file-facts'
import { loadPixels as loadPixelsQuietly, type PixelOptions, type Pixels } from '../../data/resized-images'
import type { Split } from '../../data/split/split'
import { evaluateBaselines as evaluateBaselinesQuietly, type BaselineRow } from '../../baselines/baselines'
import { repeatBaselines as repeatBaselinesQuietly, type RepeatedRow } from '../../baselines/repeated-baselines'
import { requireKnownKeys } from '../../system/options'
import { withProgress } from '../progress'

/**
 * All images of a data set at one size, under a progress bar. They are shrunk once and then kept on disk.
 * @param options size: width and height in pixels, such as 64; channels: 1 grey (default) or 3 color
 * @returns data: grey levels 0 to 255, [count, size, size, channels]
 * @throws LabError 'bad-argument' for a size outside its range, 'bad-image' for a damaged file
 * @example (await look.loadPixels(ct, { size: 32 })).data.length
 */
export async function loadPixels(dataset: Dataset, options: Pick<PixelOptions, 'size' | 'channels'>): Promise<Pixels> {
  requireKnownKeys('loadPixels', options ?? null, { size: true, channels: true })
  return withProgress('Reading images', report => loadPixelsQuietly(dataset, { ...options, onProgress: report }))
}

/**
 * What the files of a data set are like, whatever they show: width, height, stored channels, and the mean, spread,
 * minimum and maximum of the grey levels at full size. A progress bar shows while files are read; the facts are kept
 * on disk.
 * @returns one row a file, in the order of the data set's items
 * @throws LabError 'bad-image' for a damaged file
 * @example (await look.readFileFacts(ct))[0].width
 */
export function readFileFacts(dataset: Dataset): Promise<FileFacts[]> {
  return withProgress('Reading files', report => readFileFactsQuietly(dataset, report))
}

/**
 * Trains classifiers without a network (majority class, histograms, nearest neighbor) on a split's training part and
 * tests them on its test part, at 64 × 64 grey, under a progress bar.
 * @returns one row a baseline: accuracy with its 95 % interval, by group where groups are known
 * @example (await evaluateBaselines(parts)).map(row => `${row.baseline}: ${row.accuracy}`)
 */
export function evaluateBaselines(split: Split): Promise<BaselineRow[]> {
  return withProgress('Baselines', () => evaluateBaselinesQuietly(split))
}

/**
 * Tests baselines on several splits of several kinds, such as folds, under a progress bar.
 * @param names such as 'majority class' or 'pixels, one nearest neighbour'
 * @param kinds lists of splits, by the kind's name
 * @returns one row for each baseline and kind: mean, worst and best accuracy on the test parts
 * @throws LabError 'bad-argument' for an unknown baseline
 * @example await repeatBaselines(['majority class'], { random: foldRandom(ct, { folds: 2, seed: 1,
 *   validation: 0.2 }) })
 */
export function repeatBaselines(
  names: readonly string[], kinds: Readonly<Record<string, readonly Split[]>>,
): Promise<RepeatedRow[]> {
  return withProgress('Baselines on many splits', report => repeatBaselinesQuietly(names, kinds, report))
}
