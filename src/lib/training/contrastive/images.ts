/** The images of a split's training part without their labels: all that unsupervised learning may see. */
import { openResizedImages } from '../../data/resized-image-file'
import type { Split } from '../../data/split/split'
import { selectItems } from '../../data/subset'
import { readRow } from '../../system/sealed-rows'
import type { ReadImage } from './batch'

export interface UnlabelledImages {
  readonly count: number
  /** SHA-256 of the images, hexadecimal. */
  readonly hash: string
  /** The data set, and the split whose training part these images are. */
  readonly description: string
  readonly licence: string
  /**
   * Reads all of these images once, and no other image of the data set: grey, [size, size], resized by area.
   * @returns a function that writes one of them into an array
   */
  open(size: number): Promise<ReadImage>
}

/**
 * The training images of a split. Groups are left out as well, because the images of a group share their label.
 * @example strategies.removeLabels(parts).count
 */
export function removeLabels({ dataset, train, description }: Split): UnlabelledImages {
  const images = selectItems(dataset, train.indices)
  return {
    count: images.items.length,
    hash: images.contentHash,
    description: `${dataset.title}. ${description}`,
    licence: dataset.licence,
    open: async size => {
      const rows = await openResizedImages(images, { size })
      return (index, image) => readRow(rows.source, size * size, index, image)
    },
  }
}
