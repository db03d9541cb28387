/** Some images of a class, chosen without looking at them. */
import type { Dataset } from '../dataset'
import { LabError } from '../../system/errors'

/**
 * Indices of `count` images of one class, evenly spaced through the set, so that few come from one patient. Fewer
 * where the class has fewer.
 * @param label the class's name
 * @throws LabError 'bad-argument' for a class that is not there
 * @example chooseExamples(ct, 'COVID', 9)
 */
export function chooseExamples({ labels, items }: Dataset, label: string, count: number): number[] {
  if (!labels.includes(label))
    throw new LabError('bad-argument', {
      expected: labels.join(', '), received: label, remedy: 'Take one of these classes',
    })
  const own = [...items.keys()].filter(i => labels[items[i].label] === label)
  const wanted = Math.min(count, own.length)
  return Array.from({ length: wanted }, (_, i) => own[Math.floor((i + 0.5) * own.length / wanted)])
}
