/**
 * The decisions of the nearest-neighbor baseline: each test image beside the training image nearest to it; and how
 * often a training image drawn blindly would be of the same group.
 */
import { mean, rollup } from 'd3-array'
import { requireGroups } from '../data/groups'
import { pixelFeatures } from './baselines'
import { loadPixels } from '../data/resized-images'
import { nearestExamples } from './nearest-neighbors'
import type { Split } from '../data/split/split'

/** A test image and its nearest training image, as indices into the set's items. */
export interface NearestPair {
  query: number
  nearest: number
  /** Whether both have the same class, so that the baseline predicts correctly. */
  sameClass: boolean
  /** Whether both belong to the same patient or number block. */
  sameGroup: boolean
}

/**
 * The nearest training image (Euclidean, 64×64 grey) of every test image.
 * @example (await findNearestPairs(parts)).filter(pair => pair.sameGroup).length
 */
export async function findNearestPairs({ dataset, train, test }: Split): Promise<NearestPair[]> {
  const pixels = await loadPixels(dataset, { size: 64 })
  const nearest = nearestExamples(pixelFeatures(pixels, train.indices), pixelFeatures(pixels, test.indices))
  return test.indices.map((query, i) => {
    const found = train.indices[nearest[i][0]]
    const [a, b] = [dataset.items[query], dataset.items[found]]
    return { query, nearest: found, sameClass: a.label === b.label, sameGroup: a.group !== null && a.group === b.group }
  })
}

/**
 * How often a training image drawn blindly belongs to the same group as a test image: the share of the training images
 * that are of a test image's group, averaged over the test images. From 0 to 1; NaN where one of both parts is empty.
 * An image whose group is not known has no image of the same group, as in `findNearestPairs`.
 * @throws LabError 'bad-argument' where no groups are known
 * @example measureSameGroupChance(splitRandom(ct, { validation: 0.2, test: 0.2, seed: 42 }))
 */
export function measureSameGroupChance({ dataset, train, test }: Split): number {
  requireGroups(dataset)
  const groupOf = (index: number) => dataset.items[index].group
  const sizes = rollup(train.indices, images => images.length, groupOf)
  return mean(test.indices, index => {
    const group = groupOf(index)
    return (group === null ? 0 : sizes.get(group) ?? 0) / train.indices.length
  }) ?? NaN
}
