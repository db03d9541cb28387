/** A split in the form in which it is saved. */
import type { Protocol, Split } from './split'

/** A split as plain data: the names of each part's items. Two runs used the same split if their records are equal. */
export interface SplitRecord {
  dataset: string
  contentHash: string
  protocol: Protocol
  description: string
  seed: number
  train: string[]
  validation: string[]
  test: string[]
  purged: string[]
  warning: string | null
}

/** Makes the record of a split. */
export function splitRecord(split: Split): SplitRecord {
  const { dataset, protocol, description, seed, warning } = split
  const names = (indices: readonly number[]) => indices.map(i => dataset.items[i].name).sort()
  return {
    dataset: dataset.name, contentHash: dataset.contentHash, protocol, description, seed,
    train: names(split.train.indices), validation: names(split.validation.indices), test: names(split.test.indices),
    purged: names(split.purged), warning,
  }
}
