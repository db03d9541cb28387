/** Made-up labels, one for each group: what a classifier still knows of them, it knows from recognizing the group. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pixelFeatures } from '../baselines/baselines'
import { nearestExamples } from '../baselines/nearest-neighbors'
import type { Dataset } from '../data/dataset'
import type { Features } from '../data/feature-rows'
import { relabelByGroup } from '../data/relabel'
import { loadPixels } from '../data/resized-images'
import { selectItems } from '../data/subset'
import { predictionsOf, type Predictions } from '../evaluation/predictions'
import { pixelSize, selectRows } from './arm-features'
import { lackOfSiblings, splitsOf, type ArmSplits } from './arm-splits'
import { nearestPixels } from './classifiers'
import type { FoldControl } from './out-of-fold'
import { scoreDraws, type ScoredArm } from './scored-arm'

/** How many searches there are at most. */
export const shuffledFits = 10

/**
 * Scores one nearest neighbor on several draws of made-up labels: on random folds, and for comparison on folds by
 * group. Images whose group is not known are left out.
 * @returns the reason, in words, where labels cannot be made up by group
 */
export async function scoreShuffledLabels(
  dataset: Dataset, seed: number, draws: number, control: FoldControl = {},
): Promise<ScoredArm[] | string> {
  const grouped = dataset.items.flatMap(({ group }, i) => (group === null ? [] : [i]))
  const base = grouped.length === dataset.items.length ? dataset : selectItems(dataset, grouped)
  const lack = lackOfSiblings(base)
  if (lack !== null) return lack
  const pixels = await loadPixels(base, { size: pixelSize }), features = pixelFeatures(pixels, [...base.items.keys()])
  const seeds = Array.from({ length: draws }, (_, draw) => seed + draw)
  const arms: ScoredArm[] = []
  for (const split of ['random', 'by group'] as const) {
    const splits = splitsOf(base, split, seed)
    if (typeof splits === 'string') return splits
    arms.push(await scoreOn(base, features, splits, seeds, control))
  }
  return arms
}

async function scoreOn(
  dataset: Dataset, pixels: Features, { split, folds }: ArmSplits, seeds: readonly number[],
  { signal, onFit }: FoldControl,
): Promise<ScoredArm> {
  // Which image is the nearest does not depend on labels: it is searched once for all draws.
  const nearest = new Int32Array(dataset.items.length)
  for (const { train, test } of folds) {
    const found = nearestExamples(selectRows(pixels, train.indices), selectRows(pixels, test.indices))
    test.indices.forEach((index, i) => { nearest[index] = train.indices[found[i][0]] })
    onFit?.()
    await nextTurn()
    signal?.throwIfAborted()
  }
  const draws = seeds.map(seed => predictionsFrom(relabelByGroup(dataset, seed), nearest))
  const arm = { question: 'shuffled labels', input: 'whole image', labels: 'shuffled by group' } as const
  return scoreDraws({ ...arm, classifier: nearestPixels.name, split }, draws, folds.length)
}

/** Every image with the made-up label of the image nearest to it. */
function predictionsFrom(dataset: Dataset, nearest: Int32Array): Predictions {
  const indices = [...dataset.items.keys()], classes = dataset.labels.length
  const probabilities = new Float32Array(indices.length * classes)
  indices.forEach(index => { probabilities[index * classes + dataset.items[nearest[index]].label] = 1 })
  return predictionsOf({ dataset, role: 'test', indices }, probabilities)
}
