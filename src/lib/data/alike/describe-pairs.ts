/** Pairs of images that are nearly the same, in words. */
import type { Item } from '../dataset'

/** '3 pairs, 1 of them of two classes, 2 of two parts, 0 of two patients' */
export function describePairs(pairs: readonly (readonly [number, number])[], items: readonly Item[]): string {
  const between = (differ: (a: Item, b: Item) => boolean) => pairs.filter(([a, b]) => differ(items[a], items[b])).length
  const classes = between((a, b) => a.label !== b.label)
  const parts = between((a, b) => a.part !== b.part)
  const groups = between((a, b) => a.group !== null && b.group !== null && a.group !== b.group)
  return `${pairs.length} pair${pairs.length === 1 ? '' : 's'}, ${classes} of two classes, ${parts} of two parts, ${groups} of two patients`
}
