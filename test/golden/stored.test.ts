/** Numbers as files store them equal what tifffile and Pillow read. */
import { describe, expect, it } from 'vitest'
import { decodeStored, describeImage } from '../../src/lib/images/image-file'
import golden from './stored.json'

describe.each(golden.cases)('$name', ({ file, type, channels, values }) => {
  const bytes = Buffer.from(file, 'base64')

  it('holds the same numbers', async () => {
    const stored = await decodeStored(bytes)
    expect(stored).toMatchObject({ width: golden.width, height: golden.height, channels })
    expect([...stored.samples]).toEqual(golden.arrays[values])
  })

  it('is described before it is decoded', async () => {
    const { width, height } = golden
    expect(await describeImage(bytes)).toMatchObject({ width, height, sample: type, pages: 1 })
  })
})

it('LZW codes of every length are read', async () => {
  const { samples, width, height } = await decodeStored(Buffer.from(golden.long.file, 'base64'))
  expect([width, height]).toEqual([golden.long.width, golden.long.height])
  let sum = 0, weighted = 0
  samples.forEach((value: number, i: number) => {
    sum += value
    weighted += value * (i % 1000)
  })
  expect([sum, weighted]).toEqual([golden.long.sum, golden.long.weighted])
})
