/** Augmented images to look at: exactly the images that training reads. */
import { augmentInto, drawTransform, type AugmentConfig } from '../images/augment'
import { loadPixels } from '../data/resized-images'
import type { Image } from '../images/image'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { stream } from '../system/random'
import type { Part } from '../data/split/split'

/** Which epochs of which training run. */
export interface AugmentImageOptions {
  /** How many epochs, from the first. Default 6. */
  epochs?: number
  /** The seed of the training configuration. Default 0. */
  seed?: number
  /** Width and height in pixels. Default 64. */
  size?: number
}

/**
 * One image as training reads it in its first epochs, one augmented image for each epoch.
 * @param index of the image within the part
 * @throws LabError 'bad-argument' for an augmentation outside its ranges, or an index outside the part
 * @example await augmentImage(parts.train, 0, augmentations.gentle, { epochs: 6, seed: 1 })
 */
export async function augmentImage(
  part: Part, index: number, config: AugmentConfig, options: AugmentImageOptions = {},
): Promise<Image[]> {
  requireKnownKeys('the augmented images', options, { epochs: true, seed: true, size: true })
  const { epochs = 6, seed = 0, size = 64 } = options
  requireInRange('index', index, { low: 0, high: part.indices.length - 1, whole: true }, 'Choose an image of the part')
  requireInRange('epochs', epochs, { low: 1, high: 1000, whole: true })
  const { data } = await loadPixels(part.dataset, { size })
  const item = part.indices[index], area = size * size
  const original = data.subarray(item * area, (item + 1) * area)
  return Array.from({ length: epochs }, (_, epoch) => {
    const image: Image = { width: size, height: size, channels: 1, data: new Uint8Array(area) }
    augmentInto(image.data as Uint8Array, original, size, 1, drawTransform(config, stream('augment', seed, epoch, item)))
    return image
  })
}

/**
 * One image of a part as several augmentations show it in the first epochs.
 * @param index of the image within the part
 * @param kinds augmentations by name, such as `{ gentle: augmentations.gentle }`
 * @param options epochs (default 6), seed (default 0) and size in pixels (default 64)
 * @returns images with captions; `figures.imageGrid` draws them as they are
 * @throws LabError 'bad-argument' for an augmentation outside its ranges, or an index outside the part
 * @example await look.compareAugmentations(parts.train, 0, { gentle: augmentations.gentle }, { epochs: 2 })
 */
export async function compareAugmentations(
  part: Part, index: number, kinds: Readonly<Record<string, AugmentConfig>>, options: AugmentImageOptions = {},
): Promise<{ image: Image; caption: string }[]> {
  const rows = await Promise.all(Object.entries(kinds).map(async ([name, config]) =>
    (await augmentImage(part, index, config, options)).map((image, epoch) => ({ image, caption: `${name}, ${epoch + 1}` }))))
  return rows.flat()
}
