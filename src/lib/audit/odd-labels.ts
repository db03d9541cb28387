/** Images with another label than the rest of their patient: no classifier is needed to see them. */
import { groups as groupBy, range, rollup } from 'd3-array'
import { mostProbable } from '../evaluation/metrics'
import type { Predictions } from '../evaluation/predictions'

/** One image with another label than most images of the same patient. */
export interface OddLabel {
  /** Index within the predictions. */
  index: number
  name: string
  group: string
  label: string
  /** The label of most images of the patient. */
  majority: string
  /** Whether the classifier contradicts the label, too. */
  contradicted: boolean
}

/** With fewer images, no label is that of most. */
const fewestImages = 3

/**
 * The odd ones among the images of each patient who has three images or more and one label on most of them; null where
 * no such patient is known. Number blocks stand in for patients and may hold several: they are not looked at.
 */
export function oddInGroups(predictions: Predictions): OddLabel[] | null {
  const { groups, grouping, labels, names, classes, probabilities } = predictions
  if (grouping !== 'patient') return null
  const patients = groupBy(range(labels.length).filter(i => groups[i] !== null), i => groups[i]!)
    .filter(([, images]) => images.length >= fewestImages)
  if (patients.length === 0) return null
  const called = mostProbable(probabilities, classes.length)
  return patients.flatMap(([group, images]) => {
    const counts = [...rollup(images, list => list.length, i => labels[i])]
    const most = counts.find(([, count]) => count > images.length / 2)
    if (!most) return []
    return images.filter(i => labels[i] !== most[0]).map(index => ({
      index, name: names[index], group, label: classes[labels[index]], majority: classes[most[0]],
      contradicted: called[index] !== labels[index],
    }))
  })
}
