/** A few images of a set, as a set of their own: for looking closely without reading all the others. */
import { LabError } from '../system/errors'
import { sha256 } from '../system/hash'
import type { Dataset } from './dataset'

/**
 * The named items of a set, in the order given.
 * @param indices into the set's items, each at most once
 * @throws LabError 'bad-argument' for an index outside the set, or one named twice
 * @example await loadPixels(subsetOf(ct, [3, 14, 15]), { size: 128 })
 */
export function selectItems(dataset: Dataset, indices: readonly number[]): Dataset {
  const { items, contentHash, file, storedChannels } = dataset
  const places = new Map(indices.map((index, place) => [index, place]))
  const outside = indices.find(index => !items[index])
  if (outside !== undefined || places.size < indices.length)
    throw new LabError('bad-argument', {
      expected: `different items from 0 to ${items.length - 1}`,
      received: outside === undefined ? 'one item twice' : String(outside),
      remedy: 'Name each item once',
    })
  return {
    ...dataset,
    items: indices.map(index => items[index]),
    contentHash: sha256(JSON.stringify([contentHash, indices])),
    nearDuplicates: dataset.nearDuplicates.flatMap(([a, b]): [number, number][] =>
      (places.has(a) && places.has(b) ? [[places.get(a)!, places.get(b)!]] : [])),
    read: place => dataset.read(indices[place]),
    ...(file ? { file: (place: number) => file(indices[place]) } : {}),
    ...(storedChannels ? { storedChannels: (place: number) => storedChannels(indices[place]) } : {}),
  }
}
