/** Copies of images in a set and across its split, in words. */
import type { Dataset } from '../data/dataset'
import { counted } from '../system/summary'
import type { SeenImages } from './across-parts'
import { provesCopies, type DuplicateRule } from './duplicate-measures'
import { requireSameSet, type Duplicates } from './duplicates'
import type { Finding } from './finding'

/**
 * One finding on images with equal grey levels, one on images that are nearly the same, and, where `seen` is there, one
 * on copies across a split. Measures that only find candidates decide no verdict; sentences state what they found.
 * @param duplicates as `findDuplicates` found them in the set
 * @param seen as `findSeen` found them in a split of the set
 * @throws LabError 'bad-argument' for duplicates of another set
 * @example const copies = await look.findDuplicates(ct, { model: null })
 * look.describeDuplicates(ct, copies, look.findSeen(parts, copies)).map(({ verdict }) => verdict)
 */
export function describeDuplicates(
  dataset: Dataset, duplicates: readonly Duplicates[], seen: readonly SeenImages[] = [],
): Finding[] {
  duplicates.forEach(result => requireSameSet(dataset, result))
  const candidates = candidateWords(dataset, duplicates)
  const findings = duplicates.flatMap(result => {
    if (result.measure === 'grey levels') return [equalImages(dataset, result)]
    return result.measure === 'details' ? [nearlyEqual(dataset, result, candidates)] : []
  })
  return [...findings, ...(seen.length ? [acrossParts(seen)] : [])]
}

function equalImages(dataset: Dataset, result: Duplicates): Finding {
  const { pairs } = result, images = counted(result.images, 'image')
  if (pairs.length === 0) return finding('clear', `No two of ${images} have the same grey levels at every pixel.`)
  const repeat = pairs.length === 1 ? 'repeats' : 'repeat'
  return finding('fault', `${shown(pairs.length)} of ${images} ${repeat} another one at every pixel`
    + `${between(dataset, result)}, such as ${examplePair(dataset, result)}.`)
}

function nearlyEqual(dataset: Dataset, result: Duplicates, candidates: string): Finding {
  const { pairs, unsearched } = result, images = counted(result.images, 'image')
  if (unsearched) return finding('unknown', `Images that are nearly the same: ${lowerFirst(unsearched)}${candidates}`)
  if (pairs.length === 0) return finding('clear', `No two of ${images} agree in their details.${candidates}`)
  // Neighboring slices of one patient may be nearly the same: that is a fault only where a split can part them.
  const { ofTwoClasses, ofTwoGroups, ofUnknownGroups } = result
  const apart = ofTwoClasses > 0 || ofTwoGroups === null || ofTwoGroups > 0 || ofUnknownGroups! > 0
  const agree = pairs.length === 1 ? 'agrees' : 'agree'
  return finding(result.chained ? 'unknown' : apart ? 'fault' : 'clear',
    `${counted(pairs.length, 'pair')} of ${images} ${agree} in their details${between(dataset, result)}, such as `
    + `${examplePair(dataset, result)}.${chainWords(result)}${candidates}`)
}

function acrossParts(seen: readonly SeenImages[]): Finding {
  const [{ part, images }] = seen
  const searched = seen.filter(({ unsearched }) => unsearched === null)
  const sure = searched.filter(provesCopies), unsure = searched.filter(result => !provesCopies(result))
  const list = (results: readonly SeenImages[]) =>
    results.map(result => `${shown(result.count)} by ${ruleWords(result)}`).join(', ')
  const proven = sure.filter(({ chained }) => !chained), chain = sure.some(({ chained, count }) => chained && count > 0)
  const copied = proven.find(({ count }) => count > 0)?.seen[0]
  const example = copied ? ` (such as ${copied.name} of ${copied.trainingName})` : ''
  const complete = sure.some(({ measure }) => measure === 'details') && !chain
  return finding(copied ? 'fault' : complete ? 'clear' : 'unknown',
    `Of ${counted(images, `${part} image`)}, these have a copy in training: ${list(sure) || 'not searched'}${example}.`
    + (chain ? ' Details chain images together, so that they prove no copy.' : '')
    + (unsure.length ? ` ${candidateNotice}: ${list(unsure)}.` : ''))
}

/** Coarse measures pair images of different patients, too. */
const candidateNotice = 'Candidates, which may show other patients'

/** What the measures found that do not prove copies; nothing where none was searched. */
function candidateWords(dataset: Dataset, duplicates: readonly Duplicates[]): string {
  const words = duplicates.filter(result => !provesCopies(result) && !result.unsearched).map(result =>
    `${counted(result.pairs.length, 'pair')} by ${ruleWords(result)}${between(dataset, result)}`
    + (result.chained ? ', in chains' : ''))
  return words.length ? ` ${candidateNotice}: ${words.join('; ')}.` : ''
}

function finding(verdict: Finding['verdict'], sentence: string): Finding {
  return { question: 'duplicates', verdict, sentence }
}

/** 'correlation (0.95)', 'equal grey levels' */
function ruleWords({ measure, threshold }: DuplicateRule): string {
  return measure === 'grey levels' ? 'equal grey levels' : `${measure} (${threshold})`
}

/** ' (2 of two classes, 3 of two patients)'; nothing where no pair is. */
function between({ grouping }: Dataset, { ofTwoClasses, ofTwoGroups, ofUnknownGroups }: Duplicates): string {
  const classes = ofTwoClasses ? [`${shown(ofTwoClasses)} of two classes`] : []
  const groups = ofTwoGroups ? [`${shown(ofTwoGroups)} of two ${grouping}s`] : []
  const unknown = ofUnknownGroups ? [`${shown(ofUnknownGroups)} of images whose ${grouping} is not known`] : []
  const words = [...classes, ...groups, ...unknown]
  return words.length ? ` (${words.join(', ')})` : ''
}

function chainWords({ chained, groups, images }: Duplicates): string {
  if (!chained) return ''
  const share = `${shown(groups[0].length)} of ${shown(images)} images`
  return ` They chain: one group holds ${share}, most pairs of which are not alike themselves.`
}

/** The most telling pair: of two classes, else of two groups, else the first one. */
function examplePair({ items }: Dataset, { pairs }: Duplicates): string {
  const { first, second } = pairs.find(pair => items[pair.first].label !== items[pair.second].label)
    ?? pairs.find(pair => items[pair.first].group !== items[pair.second].group) ?? pairs[0]
  return `${items[first].name} and ${items[second].name}`
}

function shown(count: number): string {
  return count.toLocaleString('en-US')
}

function lowerFirst(words: string): string {
  return words[0].toLowerCase() + words.slice(1)
}
