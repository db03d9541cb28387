/** How images of any aspect become squares. */
import { describe, expect, it } from 'vitest'
import { withFit } from '../../src/lib/data/fit'
import { loadPixels } from '../../src/lib/data/resized-images'
import { fitImage } from '../../src/lib/images/fit'
import type { Image } from '../../src/lib/images/image'
import { resizeArea } from '../../src/lib/images/resize'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

/** Four columns, two rows, each column one grey. */
const wide: Image = { width: 4, height: 2, channels: 1, data: Uint8Array.of(10, 20, 30, 40, 10, 20, 30, 40) }

describe('an image becomes a square', () => {
  it("'squash' resizes both sides, as always", () => {
    expect(fitImage(wide, 2)).toEqual(resizeArea(wide, 2, 2))
    expect([...fitImage(wide, 2, 'squash').data]).toEqual([15, 35, 15, 35])
  })

  it("'pad' keeps the shape, between black stripes", () => {
    expect([...fitImage(wide, 4, 'pad').data]).toEqual([0, 0, 0, 0, ...wide.data, 0, 0, 0, 0])
    const tall: Image = { width: 1, height: 3, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) }
    expect([...fitImage(tall, 3, 'pad').data.subarray(0, 9)]).toEqual([0, 0, 0, 1, 2, 3, 0, 0, 0])
    const line: Image = { width: 100, height: 1, channels: 1, data: new Uint8Array(100).fill(9) }
    expect([...fitImage(line, 2, 'pad').data]).toEqual([9, 9, 0, 0])
  })

  it("'crop' keeps the shape of the square in the middle", () => {
    expect([...fitImage(wide, 2, 'crop').data]).toEqual([20, 30, 20, 30])
  })

  it('of the same aspect whatever the fit, and by no other name', () => {
    const square: Image = { width: 2, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4) }
    for (const fit of ['pad', 'crop'] as const) expect(fitImage(square, 1, fit)).toEqual(fitImage(square, 1))
    expect(() => fitImage(wide, 2, 'padd' as 'pad')).toThrow("Nearest: 'pad'")
  })
})

describe('a data set with a fit', () => {
  const set = datasetOf([{ name: 'a.png', label: 0, group: null }], { name: 'fits', read: async () => wide })

  it("'squash' is the same set; every other fit has its own content hash and pixels", async () => {
    process.env.LAB_DATA_FOLDER = path('data')
    expect(withFit(set, 'squash')).toBe(set)
    const padded = withFit(set, 'pad')
    expect(new Set([set, padded, withFit(set, 'crop')].map(({ contentHash }) => contentHash)).size).toBe(3)
    expect([...(await loadPixels(set, { size: 2 })).data]).toEqual([15, 35, 15, 35])
    expect([...(await loadPixels(padded, { size: 2 })).data]).toEqual([15, 35, 0, 0])
    delete process.env.LAB_DATA_FOLDER
  })

  it('has one fit, chosen once', () => {
    expect(withFit(withFit(set, 'pad'), 'pad').fit).toBe('pad')
    expect(() => withFit(withFit(set, 'pad'), 'crop')).toThrow('choose its fit once')
  })
})
