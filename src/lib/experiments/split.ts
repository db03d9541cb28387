/** How an experiment shares out its images. */
import { z } from 'zod'
import type { Dataset } from '../data/dataset'
import { foldByGroup, foldRandom } from '../data/split/folds'
import { splitAsGiven } from '../data/split/given'
import { splitAsListed } from '../data/split/listed'
import { splitByGroup, splitPublished, splitRandom, type Split } from '../data/split/split'
import { outOfRange } from '../system/errors'

const seed = z.int().min(0).default(42)
const share = z.number().gt(0).lt(1)

/**
 * 'random' deals out single images, 'group' whole groups. 'folds' takes one fold, counted from 1, of several by image
 * or by group. 'published' validates and tests on the same images. 'given' takes the parts that the set's makers chose.
 * 'listed' deals image by image as a paper's authors did; without `validation` it validates and tests on the same
 * images.
 */
export const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random'), validation: share, test: share, seed }),
  z.strictObject({ kind: z.literal('group'), validation: share, test: share, seed }),
  z.strictObject({
    kind: z.literal('folds'), by: z.enum(['group', 'random']), fold: z.int().min(1), folds: z.int().min(2).max(50).default(5),
    validation: share.default(0.1), seed,
  }),
  z.strictObject({ kind: z.literal('published'), test: share, seed }),
  z.strictObject({ kind: z.literal('given') }),
  z.strictObject({ kind: z.literal('listed'), list: z.string().min(1), validation: share.optional(), seed }),
])

export type SplitConfig = z.infer<typeof splitSchema>

/**
 * The data set shared out as a config says.
 * @throws LabError 'bad-argument' where the set has no groups or too few of them for a split by group; where `fold` is
 *   larger than `folds`; where the set has no such list. 'data-mismatch' where it lacks listed images
 */
export function splitOf(dataset: Dataset, config: SplitConfig): Split {
  switch (config.kind) {
    case 'random': case 'group': {
      const { validation, test, seed } = config
      return (config.kind === 'group' ? splitByGroup : splitRandom)(dataset, { validation, test, seed })
    }
    case 'published': return splitPublished(dataset, { test: config.test, seed: config.seed })
    case 'given': return splitAsGiven(dataset)
    case 'listed': {
      const { list, validation, seed } = config
      return splitAsListed(dataset, list, validation === undefined ? undefined : { validation, seed })
    }
    case 'folds': {
      const { by, fold, folds, validation, seed } = config
      if (fold > folds) throw outOfRange('split.fold', fold, { low: 1, high: folds, whole: true })
      return (by === 'group' ? foldByGroup : foldRandom)(dataset, { folds, validation, seed })[fold - 1]
    }
  }
}

/** About which share of all images training sees. */
export function trainingShare(config: SplitConfig): number {
  switch (config.kind) {
    case 'random': case 'group': return 1 - config.validation - config.test
    case 'folds': return (1 - 1 / config.folds) * (1 - config.validation)
    case 'published': return 1 - config.test
    case 'given': return 0.7
    case 'listed': return 0.8 * (1 - (config.validation ?? 0))
  }
}
