/** A few images of a set as a new set: for looking closely without reading the rest. */
import { LabError } from '../system/errors'
import { sha256 } from '../system/hash'
import type { Dataset } from './dataset'
import { summarizedDataset } from './dataset-summary'

/**
 * Makes a set of some items of another set, in the order of `indices`.
 * @param indices of the set's items, each at most once
 * @throws LabError 'bad-argument' for an index outside the set, or one that appears twice
 * @example await loadPixels(selectItems(ct, [3, 14, 15]), { size: 128 })
 */
export function selectItems(dataset: Dataset, indices: readonly number[]): Dataset {
  const { items, contentHash, file, fileHash, storedChannels, mask } = dataset
  const positions = new Map(indices.map((index, position) => [index, position]))
  const outside = indices.find(index => !items[index])
  if (outside !== undefined || positions.size < indices.length)
    throw new LabError('bad-argument', {
      expected: `different items from 0 to ${items.length - 1}`,
      received: outside === undefined ? 'one item twice' : String(outside),
      remedy: 'Use each index once',
    })
  return summarizedDataset({
    ...dataset,
    items: indices.map(index => items[index]),
    contentHash: sha256(JSON.stringify([contentHash, indices])),
    nearDuplicates: dataset.nearDuplicates.flatMap(([a, b]): [number, number][] =>
      (positions.has(a) && positions.has(b) ? [[positions.get(a)!, positions.get(b)!]] : [])),
    read: position => dataset.read(indices[position]),
    ...(file ? { file: (position: number) => file(indices[position]) } : {}),
    ...(fileHash ? { fileHash: (position: number) => fileHash(indices[position]) } : {}),
    ...(storedChannels ? { storedChannels: (position: number) => storedChannels(indices[position]) } : {}),
    ...(mask ? { mask: (position: number) => mask(indices[position]) } : {}),
  })
}
