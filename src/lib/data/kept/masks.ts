/** Masks of a kept set's images. */
import type { Image } from '../../images/image'
import { readImageFile } from '../../images/image-file'
import { LabError } from '../../system/errors'
import { insideFolder } from '../../system/safe-path'
import { imagesFolder, type SetFile } from './set-file'

/** An item's mask, brought to the size of its image: 255 inside, 0 outside. @throws LabError 'data-missing' */
export async function readMask(
  set: string, { items }: SetFile, index: number, read: (index: number) => Promise<Image>,
): Promise<Image> {
  const { width, height } = await read(index)
  const { name, mask } = items[index]
  if (!mask)
    throw new LabError('data-missing', { expected: `a mask of ${name}`, received: 'none', remedy: 'Choose another image' })
  const stored = await readImageFile(insideFolder(imagesFolder(set), mask))
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = Math.floor((i % width + 0.5) / width * stored.width)
    const y = Math.floor((Math.floor(i / width) + 0.5) / height * stored.height)
    return stored.data[y * stored.width + x] > 127 ? 255 : 0
  })
  return { width, height, channels: 1, data }
}
