import { describe, expect, it } from 'vitest'
import { type AugmentConfig, augmentations, augmentInto, drawTransform } from '../../src/lib/images/augment'
import { LabError } from '../../src/lib/system/errors'
import { stream } from '../../src/lib/system/random'

const image = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 2654435761) >>> 24)
const augment = (config: AugmentConfig, ...coordinates: number[]) => {
  const target = new Uint8Array(image.length)
  augmentInto(target, image, 64, 1, drawTransform(config, stream('augment', ...coordinates)))
  return target
}

describe('augmentation', () => {
  it('without options does not change the image', () => {
    expect(augment({}, 1, 2, 3)).toEqual(image)
  })

  it('is the same for the same coordinates, and differs for others', () => {
    expect(augment(augmentations.gentle, 1, 2, 3)).toEqual(augment(augmentations.gentle, 1, 2, 3))
    expect(augment(augmentations.gentle, 1, 2, 3)).not.toEqual(augment(augmentations.gentle, 1, 3, 3))
  })

  it('stays inside its ranges, uses them, and flips half of the images', () => {
    const draws = Array.from({ length: 2000 }, (_, i) => drawTransform(augmentations.reference, stream('augment', i)))
    const spread = (values: number[]) => [Math.min(...values), Math.max(...values)]
    const inside = (values: number[], low: number, high: number) => {
      const [least, most] = spread(values)
      expect(least).toBeGreaterThanOrEqual(low)
      expect(most).toBeLessThanOrEqual(high)
      expect(most - least).toBeGreaterThan(0.98 * (high - low))
    }
    inside(draws.map(d => d.rotation), -360, 360)
    inside(draws.map(d => d.rowShift), -0.2, 0.2)
    inside(draws.map(d => d.columnShift), -0.2, 0.2)
    inside(draws.map(d => d.rowZoom), 0.8, 1.2)
    inside(draws.map(d => d.columnZoom), 0.8, 1.2)
    // 2000 fair coins: five standard deviations are 112.
    for (const flip of ['horizontalFlip', 'verticalFlip'] as const)
      expect(Math.abs(draws.filter(d => d[flip]).length - 1000)).toBeLessThan(112)
  })

  it('never leaves the range of the grey levels', () => {
    const white = new Uint8Array(64 * 64).fill(255), target = new Float32Array(64 * 64)
    augmentInto(target, white, 64, 1, drawTransform(augmentations.reference, stream('augment', 5)))
    expect(Math.max(...target)).toBe(255)
    expect(Math.min(...target)).toBe(255)
  })

  it.each([{ rotation: 361 }, { rotation: -1 }, { shift: 1.01 }, { zoom: 1 }, { zoom: NaN }])('refuses %o', config => {
    expect(() => drawTransform(config, stream('augment'))).toThrow(LabError)
  })

  it('refuses an image of another size than the one named', () => {
    const transform = drawTransform({}, stream('augment'))
    expect(() => augmentInto(new Float32Array(10), image, 64, 1, transform)).toThrow(/shape-mismatch/)
  })
})
