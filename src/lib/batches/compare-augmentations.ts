/** One training image as several augmentations show it. */
import type { Part } from '../data/split/split'
import type { AugmentConfig } from '../images/augment'
import type { Image } from '../images/image'
import { augmentImage, type AugmentImageOptions } from './augmented'

/**
 * One image of a part as several augmentations show it in the first epochs.
 * @param index of the image within the part
 * @param kinds augmentations by name, such as `{ gentle: augmentations.gentle }`
 * @param options epochs (default 6), seed (default 0) and size in pixels (default 64)
 * @returns images with captions; `figures.imageGrid` draws them as they are
 * @throws LabError 'bad-argument' for an augmentation outside its ranges
 * @example await compareAugmentations(parts.train, 0, { gentle: augmentations.gentle }, { epochs: 2 })
 */
export async function compareAugmentations(
  part: Part, index: number, kinds: Readonly<Record<string, AugmentConfig>>, options: AugmentImageOptions = {},
): Promise<{ image: Image; caption: string }[]> {
  const rows = await Promise.all(Object.entries(kinds).map(async ([name, config]) =>
    (await augmentImage(part, index, config, options)).map((image, epoch) => ({ image, caption: `${name}, ${epoch + 1}` }))))
  return rows.flat()
}
