/** A split image by image, as a paper's authors listed it. The lists lie beside the manifests of the sets. */
import { z } from 'zod'
import { LabError, oneOf } from '../../system/errors'
import { readFileCappedSync } from '../../system/files'
import { namesIn } from '../../system/is-there'
import { parseJson } from '../../system/json'
import { requireKnownKeys } from '../../system/options'
import { dataFolder } from '../data-folder'
import type { Dataset } from '../dataset'
import { dealingUnit, dealOut, withWarnings } from './given'
import { checkShares, makeSplit, percent, steeredByTest, unitName, type Split } from './split'
import { listOf } from '../../system/json-parts'

/** Bytes of the largest list that is read. */
const listLimit = 16 * 1024 ** 2

/** Numbers and ranges of numbers, such as '1 7-9 12'. */
const numbers = z.string().regex(/^\d+(-\d+)?( \d+(-\d+)?)*$/)

const listSchema = z.strictObject({
  /** The set, by the name under which `openDataset` knows it. */
  set: z.string(),
  list: z.string(),
  /** Who split so. */
  title: z.string(),
  /** Where the membership comes from. */
  source: z.string(),
  classes: listOf(z.strictObject({
    label: z.string(),
    /** An image's name, with # for its number. */
    name: z.string().includes('#'),
    /** Images are numbered from 1 to this. */
    numbers: z.int().min(1),
    /** Training images of the list that the public set does not contain. */
    absent: listOf(z.int()),
    /** All other images are in training. */
    test: numbers,
  }), z.array(z.unknown()).min(1)),
})

export type SplitList = z.infer<typeof listSchema>

/** Where validation comes from. */
export interface ListedOptions {
  /** The share of the listed training images that become validation, by group where groups are known. */
  validation: number
  /** Whole, 0 or more. */
  seed: number
}

/**
 * Splits a set as a paper's authors did, image by image. Such lists have training and test only: without options,
 * validation and test are the same images, as in papers that steer by their test images; with options, validation is
 * dealt out of the listed training images.
 * @param list such as 'soares-2020', of the set 'sars-cov-2-ct'
 * @throws LabError 'bad-argument' where the set has no such list; 'data-mismatch' where the set lacks listed images or
 *   has further ones, with their number
 * @example show(splitAsListed(await openDataset('sars-cov-2-ct'), 'soares-2020'))
 */
export function splitAsListed(dataset: Dataset, list: string, options?: ListedOptions): Split {
  requireKnownKeys('splitAsListed', options, { validation: true, seed: true })
  const { title, classes } = readSplitList(dataset.name, list)
  const inTest = membership(dataset, classes)
  const train: number[] = [], test: number[] = []
  dataset.items.forEach(({ name }, i) => (inTest.get(name) ? test : train).push(i))
  const description = `Image by image as listed by ${title}: ${train.length} train, ${test.length} test`
  return options ? withValidation(dataset, train, test, description, options)
    : steeredByTest(dataset, 0, train, test, `${description}; validation and test the same images`)
}

/** The names of the lists of a set. */
export function splitListsOf(set: string): string[] {
  const start = `${set}-`
  return namesIn(dataFolder('manifests')).filter(name => name.startsWith(start) && name.endsWith('.json'))
    .map(name => name.slice(start.length, -'.json'.length)).sort()
}

/** @throws LabError 'bad-argument', 'damaged-file' */
export function readSplitList(set: string, list: string): SplitList {
  const lists = splitListsOf(set)
  if (lists.length === 0)
    throw new LabError('bad-argument', {
      expected: 'a set with a list of its split, such as sars-cov-2-ct', received: set, remedy: 'Use another split',
    })
  if (!lists.includes(list)) throw oneOf('list', list, lists)
  const path = dataFolder('manifests', `${set}-${list}.json`)
  return parseJson(path, readFileCappedSync(path, listLimit).toString('utf8'), listSchema)
}

/**
 * Whether each listed image is in the test part, by name. @throws LabError 'data-mismatch' unless the set has just
 * these
 */
function membership({ name: set, items }: Dataset, classes: SplitList['classes']): Map<string, boolean> {
  const inTest = new Map<string, boolean>()
  for (const { name, numbers: last, absent, test } of classes) {
    const tested = new Set(expand(test)), missing = new Set(absent)
    for (let number = 1; number <= last; number++)
      if (!missing.has(number)) inTest.set(name.replace('#', String(number)), tested.has(number))
  }
  const names = new Set(items.map(item => item.name))
  const lacking = [...inTest.keys()].filter(name => !names.has(name))
  const further = [...names].filter(name => !inTest.has(name))
  if (lacking.length > 0 || further.length > 0)
    throw new LabError('data-mismatch', {
      expected: `the ${inTest.size} listed images of ${set}`,
      received: [
        ...(lacking.length ? [`${lacking.length} listed images missing, first ${lacking[0]}`] : []),
        ...(further.length ? [`${further.length} images that are not listed, first ${further[0]}`] : []),
      ].join('; '),
      remedy: `Open the whole set, or run: npm run data -- ${set}`,
    })
  return inTest
}

/** '1 7-9' as [1, 7, 8, 9]. */
function expand(text: string): number[] {
  return text.split(' ').flatMap(part => {
    const [first, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

function withValidation(
  dataset: Dataset, listed: readonly number[], test: readonly number[], description: string,
  { validation: share, seed }: ListedOptions,
): Split {
  checkShares({ validation: share })
  const unit = dealingUnit(dataset)
  const parts = dealOut(dataset, { train: listed, validation: [], test }, 'validation', { share, seed, purpose: 'listed validation' })
  return withWarnings(makeSplit(dataset, 'given', seed, parts, `${description}; ${percent(share)} of the training images are for `
    + `validation, by ${unitName(dataset, unit)}; seed ${seed}`), parts)
}
