/** What an evaluation cannot say, because a class is missing among the images. */
import type { Predictions } from './predictions'

/**
 * Why the receiver operating characteristic of a class, and the area under it, are not defined.
 * @returns such as 'not defined: there are no images of COVID'; null where they are defined
 */
export function undefinedAuc({ labels, classes }: Pick<Predictions, 'labels' | 'classes'>, label: string): string | null {
  const count = countOf(labels, classes.indexOf(label))
  if (labels.length === 0) return 'not defined: there are no images'
  if (count === 0) return `not defined: there are no images of ${label}`
  return count === labels.length ? `not defined: all images are of ${label}` : null
}

/** The classes of which there are no images. */
export function absentClasses({ labels, classes }: Pick<Predictions, 'labels' | 'classes'>): string[] {
  return classes.filter((_, k) => countOf(labels, k) === 0)
}

function countOf(labels: Int32Array, k: number): number {
  return labels.reduce((count, label) => count + (label === k ? 1 : 0), 0)
}
