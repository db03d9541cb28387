/** Where the lesions of a phantom's images lie, as the model sees them. */
import type { Part } from '../data/split/split'
import { phantomMask } from '../data/phantom/phantom'
import { fitImage } from '../images/fit'

/** The pixels of one image's lesions: 1 inside, 0 outside, [size, size]. */
export type LesionMask = Uint8Array

/**
 * The lesions of an image in the square that a model reads: a pixel is inside where more than half of it is.
 * @param index of the image within the part
 * @param size width and height of the square in pixels
 * @throws LabError 'bad-argument' for a data set that is no phantom
 */
export async function lesionMask({ dataset, indices }: Part, index: number, size: number): Promise<LesionMask> {
  const mask = await phantomMask(dataset, indices[index])
  return fitImage(mask, size, dataset.fit).data.map(value => (value > 127 ? 1 : 0))
}
