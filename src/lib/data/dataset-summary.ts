/** A data set in a few words. */
import { counted, withSummary } from '../system/summary'
import type { Dataset } from './dataset'
import { countKnownGroups, countWithoutGroup } from './groups'

/** The set itself, which now prints as a summary. */
export function summarizedDataset<Set extends Dataset>(dataset: Set): Set {
  return withSummary(dataset, describe, 'show(x)')
}

function describe(dataset: Dataset): string {
  const { title, items, grouping, notice } = dataset
  const groups = countKnownGroups(dataset), unknown = countWithoutGroup(dataset)
  const of = grouping === 'none' ? 'no groups are known'
    : counted(groups, grouping) + (unknown ? `, ${counted(unknown, 'image')} of unknown ${grouping}` : '')
  return `Data set: ${title}\n${counted(items.length, 'image')} (${classCounts(dataset)}), ${of}\n${notice}`
}

/** 'COVID 3, normal 5', of some of a set's images. */
export function classCounts({ items, labels }: Dataset, indices: readonly number[] = [...items.keys()]): string {
  const counts = labels.map((label, k) => `${label} ${indices.filter(i => items[i]?.label === k).length.toLocaleString('en-US')}`)
  return counts.length > most ? `${counts.slice(0, most).join(', ')} and ${counts.length - most} more classes` : counts.join(', ')
}

/** Classes that a summary names. */
const most = 12
