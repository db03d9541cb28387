/** Probabilities beside the truth. */
import type { Predictions } from './predict'
import type { Part } from './split'

/** What some classifier says about a part's images. @param probabilities [count, classes], in the part's order */
export function predictionsOf({ dataset, indices }: Part, probabilities: Float32Array): Predictions {
  const items = indices.map(index => dataset.items[index])
  return {
    probabilities,
    labels: Int32Array.from(items, item => item.label), classes: dataset.labels,
    names: items.map(item => item.name), groups: items.map(item => item.group), grouping: dataset.grouping,
  }
}
