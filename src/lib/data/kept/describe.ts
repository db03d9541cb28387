/** What a kept set holds, in lines for a terminal. */
import { median, rollups } from 'd3-array'
import type { ImageFacts } from '../../images/stored-image'
import { counted } from '../../system/summary'
import { describePairs } from '../alike/describe-pairs'
import type { Dataset, Item, Role } from '../dataset'
import { countWithoutGroup } from '../groups'
import type { KeptSet } from './keep-found'

/** Rows of classes that are written out. */
const mostClasses = 20
const roles: readonly Role[] = ['train', 'validation', 'test']

/**
 * Lines that tell what was found: counts by class and part, groups, what was left out, sizes, bits, near-duplicates.
 * @param facts what the files hold; empty where the set was kept before
 */
export function describeKept({ dataset, file, facts }: KeptSet): string[] {
  const { items, labels, positive, modality } = dataset
  return [
    `layout ${file.layout}: ${items.length} images of ${labels.length} classes`,
    ...labels.slice(0, mostClasses).map((label, k) => `  ${label}: ${countParts(items.filter(item => item.label === k))}`),
    ...(labels.length > mostClasses ? [`  and ${labels.length - mostClasses} more classes`] : []),
    ...lackingParts(dataset),
    positive === undefined ? 'positive class: not named (--positive CLASS)' : `positive class: ${positive}`,
    describeGroups(dataset),
    modality === 'unknown' ? 'modality: not known (--modality CT or X-ray)' : `modality: ${modality}`,
    ...(facts.length ? [`sizes: ${describeSizes(facts)}`, `values: ${describeValues(facts)}`] : []),
    `near-duplicates: ${describeNearDuplicates(dataset)}`,
    ...file.notes,
    ...file.skipped.slice(0, mostClasses).map(({ name, reason }) => `  left out: ${name} (${reason})`),
    ...(file.skipped.length > mostClasses ? [`  and ${file.skipped.length - mostClasses} more, all named in set.json`] : []),
  ]
}

/** '120 images (80 train, 20 validation, 20 test)' */
function countParts(items: readonly Item[]): string {
  const parts = roles.map(role => ({ role, count: items.filter(item => item.part === role).length }))
  const without = items.filter(item => !item.part).length
  if (without === items.length) return `${items.length} images`
  const words = [...parts.filter(({ count }) => count).map(({ role, count }) => `${count} ${role}`)]
  return `${items.length} images (${[...words, ...(without ? [`${without} without a part`] : [])].join(', ')})`
}

/** Parts that hold no image of some class: nothing can be said about the class there. */
function lackingParts({ items, labels }: Dataset): string[] {
  return roles.filter(role => items.some(item => item.part === role)).flatMap(role => {
    const lacking = labels.filter((_, k) => !items.some(item => item.part === role && item.label === k))
    return lacking.length ? [`  ${role} has no image of ${lacking.slice(0, mostClasses).join(', ')}`] : []
  })
}

function describeGroups(dataset: Dataset): string {
  const { items, grouping } = dataset
  if (grouping === 'none') return 'patients: not known (groups.csv or --group PATTERN names them)'
  const sizes = rollups(items.filter(item => item.group !== null), list => list.length, item => item.group)
    .map(([, size]) => size)
  const unknown = countWithoutGroup(dataset)
  const [fewest, most] = [Math.min(...sizes), Math.max(...sizes)]
  const each = fewest === most ? counted(most, 'image') : `${fewest} to ${most} images`
  return `patients: ${sizes.length}, with ${each} each; ` +
    (unknown ? `${unknown} of ${items.length} images have no known patient` : 'every image has one')
}

function describeSizes(facts: readonly ImageFacts[]): string {
  const range = (numbers: number[]) => {
    const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]
    return low === high ? `${low}` : `${low} to ${high} (median ${median(numbers)})`
  }
  return `width ${range(facts.map(fact => fact.width))}, height ${range(facts.map(fact => fact.height))} pixels`
}

/** '100 of 8 bits (png), 20 of 16 bits (png)' */
function describeValues(facts: readonly ImageFacts[]): string {
  const bitsOf = { u8: '8 bits', s8: '8 bits, signed', u16: '16 bits', s16: '16 bits, signed', u32: '32 bits',
    s32: '32 bits, signed', f32: '32 bits, floating point', f64: '64 bits, floating point' }
  return rollups(facts, list => list.length, fact => `${bitsOf[fact.sample]} (${fact.format}, ${fact.color})`)
    .sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} of ${kind}`).join(', ')
}

function describeNearDuplicates({ nearDuplicates, nearDuplicatesSearched, items }: Dataset): string {
  const found = nearDuplicates.length ? describePairs(nearDuplicates, items) : 'none found'
  return nearDuplicatesSearched === false ? `not searched, too many images; files of equal bytes: ${found}` : found
}
