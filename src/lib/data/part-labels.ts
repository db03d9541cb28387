/** The classes of a part's images. */
import type { Part } from './split/split'

/** Class number of each image, in the part's order. */
export function labelsOf({ dataset, indices }: Part): Int32Array {
  return Int32Array.from(indices, index => dataset.items[index].label)
}
