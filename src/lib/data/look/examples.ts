/** Example images of a class, chosen by position, not by content. */
import type { Dataset } from '../dataset'
import { requireInRange, requireOneOf } from '../../system/errors'

/**
 * Chooses images of one class, evenly spaced through the set, so that few come from one patient.
 * @param label the class's name
 * @param count how many; the whole class where it has fewer
 * @returns indices of the set's items
 * @throws LabError 'bad-argument' for a class that the set does not have, or a count that is no whole number
 * @example look.chooseExamples(ct, 'COVID', 9)
 */
export function chooseExamples({ labels, items }: Dataset, label: string, count: number): number[] {
  requireOneOf('label', label, labels)
  requireInRange('count', count, { low: 0, whole: true })
  const indices = [...items.keys()].filter(i => labels[items[i].label] === label)
  const length = Math.min(count, indices.length)
  return Array.from({ length }, (_, i) => indices[Math.floor((i + 0.5) * indices.length / length)])
}
