import { expect, test } from 'vitest'
import { mirrored } from '../../src/lib/images/augment'
import type { Dataset } from '../../src/lib/data/dataset'
import { tensorCount } from '../../src/lib/engine/engine'
import { evaluate } from '../../src/lib/inference/evaluate'
import { predict } from '../../src/lib/inference/predict'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'

const model = smallModel()
const { test: part } = smallSplit()

/** The small data set, each image seen in a mirror. */
function inMirror(): Dataset {
  const { read, ...dataset } = smallDataset()
  return {
    ...dataset,
    contentHash: dataset.contentHash.split('').reverse().join(''),
    read: async item => {
      const image = await read(item)
      const { width } = image
      return { ...image, data: image.data.map((_, i) => image.data[i + width - 1 - 2 * (i % width)]) }
    },
  }
}

test('mirroring swaps left and right, pixel by pixel', () => {
  const pixels = [[1, 2], [3, 4], [5, 6], [7, 8]]
  expect([...mirrored(Float32Array.from(pixels.flat()), 2, 2)]).toEqual([3, 4, 1, 2, 7, 8, 5, 6])
})

test('with flipped views, probabilities are the mean of those for each image and for its mirror image', async () => {
  const plain = await predict(model, part)
  const mirror = await predict(model, { ...part, dataset: inMirror() })
  const both = await predict(model, part, { views: 'flip' })
  expect(mirror.probabilities).not.toEqual(plain.probabilities)
  both.probabilities.forEach((value, i) =>
    expect(value).toBeCloseTo((plain.probabilities[i] + mirror.probabilities[i]) / 2, 7))
  expect({ ...both, probabilities: null }).toEqual({ ...plain, probabilities: null })
  expect((await evaluate(model, part, { views: 'flip' })).predictions).toEqual(both)
})

test('progress counts every view, and no tensor stays in the engine', async () => {
  const before = tensorCount()
  const seen: [number, number][] = []
  await predict(model, part, { views: 'flip', batch: 4, onProgress: (done, count) => seen.push([done, count]) })
  expect(seen).toEqual([[4, 16], [8, 16], [12, 16], [16, 16]])
  expect(tensorCount()).toBe(before)
})

test('unknown views are refused', async () => {
  const views = 'crop' as 'flip'
  await expect(predict(model, part, { views })).rejects.toMatchObject({ code: 'bad-argument' })
})
