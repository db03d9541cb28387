import { expect, test } from 'vitest'
import { augmentations } from '../../src/lib/images/augment'
import { augmentImage } from '../../src/lib/batches/augmented'
import { openBatches } from '../../src/lib/batches/batches'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { splitRandom } from '../../src/lib/data/split/split'

test('the images are exactly those that training reads', async () => {
  const { train } = splitRandom(await openPhantom({ patients: 4 }), { validation: 0.2, test: 0.2, seed: 1 })
  const shown = await augmentImage(train, 2, augmentations.reference, { epochs: 2, seed: 5 })
  const reader = await openBatches(train, { size: 64, preprocessing: 'unit' })
  shown.forEach((image, epoch) => {
    const { input: images } = reader.read([2], { config: augmentations.reference, seed: 5, epoch })
    // Pictures are rounded to whole grey levels: half a level of 255 apart at most.
    image.data.forEach((grey, pixel) => expect(Math.abs(grey / 255 - images[3 * pixel])).toBeLessThan(0.501 / 255))
  })
  expect(shown[0].data).not.toEqual(shown[1].data)
})

test('without any transform each image is the original', async () => {
  const { train } = splitRandom(await openPhantom({ patients: 4 }), { validation: 0.2, test: 0.2, seed: 1 })
  const [one, other] = await augmentImage(train, 0, {}, { epochs: 2 })
  expect(one.data).toEqual(other.data)
})
