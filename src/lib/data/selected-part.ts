/** Some images of a data set, as a part that networks read. */
import { requireInRange } from '../system/errors'
import type { Dataset } from './dataset'
import type { Part } from './split/split'
import { summarizedPart } from './split/split-summary'
import { selectItems } from './subset'

/**
 * A part of some images only, to look at what a network makes of them. Nothing is trained on it.
 * @param indices indices of the data set's items
 * @throws LabError 'bad-argument' for an index that does not exist
 * @example look.selectImages(ct, [0, 1, 2]).indices.length   // 3
 */
export function selectImages(dataset: Dataset, indices: readonly number[]): Part {
  const selected = selectItems(dataset, indices)
  return summarizedPart({ dataset: selected, role: 'train', indices: [...selected.items.keys()] })
}

/**
 * Some elements of a list, evenly spaced through it.
 * @param count how many; all of them where the list is shorter
 * @throws LabError 'bad-argument' for a count that is no whole number, 0 or more
 * @example look.chooseEvenly(['a', 'b', 'c', 'd'], 2)   // ['b', 'd']
 */
export function chooseEvenly<T>(list: readonly T[], count: number): T[] {
  requireInRange('count', count, { low: 0, whole: true })
  const chosen = Math.min(count, list.length)
  return Array.from({ length: chosen }, (_, i) => list[Math.floor((i + 0.5) * list.length / chosen)])
}
