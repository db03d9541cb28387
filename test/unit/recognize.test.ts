/** What a network sees in a picture, and which pictures it takes. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Image } from '../../src/lib/images/image'
import type { Model } from '../../src/lib/model/model'
import { recognize, recognizer } from '../../src/lib/inference/recognize'
import { hashedNetwork } from '../fixtures/hashed-network'
import { imagenetNetwork } from '../fixtures/imagenet-network'

const size = 32
const picture = (width: number, height: number, value: (x: number, y: number) => number): Image => ({
  width, height, channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
})

describe('recognize', () => {
  let model: Model
  beforeAll(() => { model = imagenetNetwork({ width: 'quarter', size }) })

  it('gives the most probable class first, and probabilities that sum to one', async () => {
    const all = await recognize(model, picture(40, 50, (x, y) => x * 5 ^ y * 4), 1000)
    expect(all.map(({ name }) => name).sort()).toEqual([...model.labels].sort())
    expect(all.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6)
    expect(all[0].probability).toBeGreaterThan(all[1].probability)
    expect(await recognize(model, picture(40, 50, (x, y) => x * 5 ^ y * 4), 1)).toEqual(all.slice(0, 1))
  })

  it('reads the square in the middle: seven eighths of the shorter side', async () => {
    const inside = (x: number, y: number) => x >= 22 && x < 78 && y >= 4 && y < 60
    const drawn = (border: number) => picture(100, 64, (x, y) => inside(x, y) ? x * 3 ^ y * 2 : border)
    expect(await recognize(model, drawn(0))).toEqual(await recognize(model, drawn(255)))
    const corner = picture(100, 64, (x, y) => x >= 22 && x < 25 && y >= 4 && y < 7 ? 0 : 255)
    expect(await recognize(model, corner)).not.toEqual(await recognize(model, picture(100, 64, () => 255)))
  })

  it('accepts a single pixel', async () => {
    expect(await recognize(model, picture(1, 1, () => 9), 3)).toHaveLength(3)
  })

  it('refuses a model of other classes, and names the function for it', async () => {
    await expect(recognize(hashedNetwork({ width: 'quarter', size }), 'cat.jpg'))
      .rejects.toThrow(/bad-argument.*ImageNet's 1,000 classes.*3 classes: COVID, non-COVID, Grüße 肺.*predictImage/)
  })

  it.each([
    ['scaled already', Float32Array.of(0.5, 1, 0, 0.25), '0.5'],
    ['CT numbers', Int16Array.of(40, -1000, 0, 300), '-1000'],
    ['of sixteen bits', Uint16Array.of(40, 100, 256, 300), '256'],
  ])('refuses numbers that are %s', async (_, data, received) => {
    const image = { width: 2, height: 2, channels: 1, data: data as unknown as Uint8Array } as const
    await expect(recognize(model, image)).rejects.toMatchObject({ code: 'bad-argument', received })
  })

  it('names the file that is no image', async () => {
    await expect(recognize(model, 'test')).rejects.toThrow(/data-missing.*a file test, received a folder/)
    await expect(recognize(model, 'package.json')).rejects.toThrow(/bad-image.*package\.json/)
  })
})

it('a recognizer needs weights with their last layer, and a size that ResNet50 can halve', async () => {
  await expect(recognizer({ weights: 'imagenet' })).rejects.toThrow(/weights with their last layer.*imagenet-top/)
  await expect(recognizer({ size: 31 })).rejects.toThrow(/size to be a whole number from 32 to 1024, received 31/)
})
