import { describe, expect, it } from 'vitest'
import { augmentInto } from '../../src/lib/images/augment'
import golden from './augment.json'

describe('augmentation against Keras', () => {
  const { size, channels } = golden
  const image = Uint8Array.from(golden.image)

  it.each(golden.cases)('$name', ({ transform, values }) => {
    const target = new Float32Array(image.length)
    augmentInto(target, image, size, channels, transform)
    // float32 and seven stored digits: 1e-5 relative to 255 grey levels.
    expect(largestDifference(target, values)).toBeLessThan(3e-3)
  })

  it.each(golden.cases)('$name, rounded to whole grey levels', ({ transform, values }) => {
    const target = new Uint8Array(image.length)
    augmentInto(target, image, size, channels, transform)
    expect(largestDifference(target, values)).toBeLessThanOrEqual(0.501)
  })
})

function largestDifference(a: ArrayLike<number>, b: readonly number[]): number {
  return b.reduce((most, value, i) => Math.max(most, Math.abs(a[i] - value)), 0)
}
