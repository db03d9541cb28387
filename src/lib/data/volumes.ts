/** Volumes in a data set: each slice is an image. */
import type { ImageFacts } from '../images/stored-image'
import { sliceNames } from '../images/volume-file'
import type { Item } from './dataset'

/** An image of a set: its item, the name of its file, and what the file holds. */
export interface ItemImage {
  item: Item
  file: string
  facts: ImageFacts
}

/**
 * Puts the slices of each volume in its place. Slices of one volume show one patient: where no group is known, the
 * volume is their group.
 * @param facts of each item's file
 */
export function expandVolumes(items: readonly Item[], facts: readonly ImageFacts[]): ItemImage[] {
  return items.flatMap((item, i): ItemImage[] => {
    const image = { file: item.name, facts: facts[i] }
    if (facts[i].pages <= 1) return [{ item, ...image }]
    const group = item.group ?? `volume ${item.name}`
    return sliceNames(item.name, facts[i].pages).map(name => ({ item: { ...item, name, group }, ...image }))
  })
}
