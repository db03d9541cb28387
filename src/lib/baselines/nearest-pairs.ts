/** The decisions of the nearest-neighbor baseline: each test image beside the training image nearest to it. */
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
