/** The images of a split's training part without their labels: all that unsupervised learning is given. */
import { openResizedImages } from '../../data/resized-image-file'
import { selectItems } from '../../data/subset'
import { readRow } from '../../system/sealed-rows'
import type { Split } from '../../data/split/split'

export interface UnlabelledImages {
  readonly count: number
  /** Names which images they are. SHA-256, hexadecimal. */
  readonly hash: string
  /** Their data set and the split whose training part they are, in words. */
  readonly description: string
  readonly licence: string
  /**
   * Reads them all once, grey, resized by area; no other image of the set. The function that it gives back writes the
   * image at a place, [size, size], into `image`.
   */
  open(size: number): Promise<(place: number, image: Uint8Array) => void>
}

/** The training images of a split. Groups are left out, too: the images of a group share their label. */
export function removeLabels({ dataset, train, description }: Split): UnlabelledImages {
  const own = selectItems(dataset, train.indices)
  return {
    count: own.items.length,
    hash: own.contentHash,
    description: `${dataset.title}. ${description}`,
    licence: dataset.licence,
    open: async size => {
      const rows = await openResizedImages(own, { size })
      return (place, image) => readRow(rows.descriptor, size * size, place, image)
    },
  }
}
