/** What is found in an image when it is decoded: the facts from which a set's window is decided. */
import { badImage } from './bad-image'
import { describeSamples, extentOf } from './sample'
import type { ImageFacts, StoredImage } from './stored-image'

/** What an image holds, and the least and greatest of its values. */
export interface ImageScan {
  facts: ImageFacts
  minimum: number
  maximum: number
}

/** The facts of a decoded image. @throws LabError 'bad-image' for values that are not finite */
export function scanOf({ facts, samples, slope = 1, intercept = 0 }: StoredImage): ImageScan {
  if (facts.values === 'grey levels') return { facts, minimum: 0, maximum: 255 }
  const { minimum, maximum } = extentOf(samples)
  if (Number.isNaN(minimum)) throw badImage(`${describeSamples(facts.sample)} values: some are not finite`)
  const ends = [slope * minimum + intercept, slope * maximum + intercept]
  return { facts, minimum: Math.min(...ends), maximum: Math.max(...ends) }
}
