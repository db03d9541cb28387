/** A data set whose images keep their shape where they become squares. */
import { fits, type Fit } from '../images/fit'
import { LabError, requireOneOf } from '../system/errors'
import { sha256 } from '../system/hash'
import type { Dataset } from './dataset'
import { summarizedDataset } from './dataset-summary'

/**
 * The same set with another way to make its images square. 'squash', the default of every set, changes nothing; any
 * other way gives the set another content hash, because its pixels differ wherever they are stored.
 * @throws LabError 'bad-argument' for a fit that does not exist, or a set that has another one than 'squash' already
 * @example const radiographs = withFit(await openDataset(), 'pad')
 */
export function withFit(dataset: Dataset, fit: Fit): Dataset {
  requireOneOf('fit', fit, fits)
  const present = dataset.fit ?? 'squash'
  if (fit === present) return dataset
  if (present !== 'squash')
    throw new LabError('bad-argument', {
      expected: `a data set whose images are squashed, or fit to be '${present}'`, received: `fit '${fit}'`,
      remedy: 'Open the set again, and choose its fit once',
    })
  return summarizedDataset({ ...dataset, fit, contentHash: sha256(JSON.stringify([dataset.contentHash, 'fit', fit])) })
}
