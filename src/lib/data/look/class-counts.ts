/** How many images each class has. */
import type { Dataset } from '../dataset'

/** One class of a data set. */
export interface ClassCount {
  label: string
  /** Images of the class. */
  value: number
  /** Share of all images, 0 to 1. */
  share: number
}

/**
 * Counts the images of each class, in the order of the data set's labels.
 * @returns rows that `figures.barChart` draws as they are
 * @example look.countClasses(ct).map(({ label, value }) => `${value} images of ${label}`)
 */
export function countClasses({ labels, items }: Dataset): ClassCount[] {
  return labels.map((label, k) => {
    const value = items.filter(item => item.label === k).length
    return { label, value, share: value / items.length }
  })
}
