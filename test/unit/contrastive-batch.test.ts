import { expect, test } from 'vitest'
import { pairedViews } from '../../src/lib/training/contrastive/batch'

const unchanged = { leastArea: 1, rotation: 0, horizontalFlip: false, contrast: 0, brightness: 0, blur: 0 }
const size = 32, network = { size, preprocessing: 'unit' } as const
/** All pixels of image i have the grey value 10 i. */
const readImage = (index: number, image: Uint8Array) => { image.fill(10 * index) }
const meanOf = (values: Float32Array, view: number) => {
  const pixels = values.subarray(view * size * size * 3, (view + 1) * size * size * 3)
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length
}

test('row i and row count + i are two views of image i, scaled as the network expects', () => {
  const values = pairedViews(Uint32Array.of(3, 7, 5), readImage, network, { views: unchanged, seed: 1, epoch: 0 })
  expect(values).toHaveLength(6 * size * size * 3)
  const means = [0, 1, 2, 3, 4, 5].map(view => 255 * meanOf(values, view))
  means.forEach((mean, view) => expect(mean).toBeCloseTo([30, 70, 50, 30, 70, 50][view], 3))
})

test('the two views of an image differ, and every epoch has new views', () => {
  const views = { ...unchanged, brightness: 0.2 }
  const [first, second] = [0, 1].map(epoch =>
    pairedViews(Uint32Array.of(9), readImage, network, { views, seed: 1, epoch }))
  const means = [meanOf(first, 0), meanOf(first, 1), meanOf(second, 0), meanOf(second, 1)]
  expect(new Set(means).size).toBe(4)
})
