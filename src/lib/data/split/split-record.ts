/** A split's saved form. */
import type { Protocol, Split } from './split'

/** A split as plain data, by name: saved with a run, and enough to check that two runs used the same. */
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

/** The saved form of a split. */
export function splitRecord(split: Split): SplitRecord {
  const { dataset, protocol, description, seed, warning } = split
  const names = (indices: readonly number[]) => indices.map(i => dataset.items[i].name).sort()
  return {
    dataset: dataset.name, contentHash: dataset.contentHash, protocol, description, seed,
    train: names(split.train.indices), validation: names(split.validation.indices), test: names(split.test.indices),
    purged: names(split.purged), warning,
  }
}
