/** Histograms of oriented gradients: scikit-image's numbers, and what they must not depend on. */
import { expect, test } from 'vitest'
import { hog } from '../../src/lib/images/hog'
import golden from '../golden/hog.json'

test.each(golden.cases)('scikit-image computes the same: $name', ({ pixels, features, width, height, ...options }) => {
  const { orientations, cell, block } = options
  const found = hog(pixels, { width, height }, { orientations, cell, block })
  expect(found.length).toBe(features.length)
  // scikit-image sums a cell’s gradients in float32: seven digits.
  features.forEach((value, i) => expect(Math.abs(found[i] - value), `feature ${i}`).toBeLessThan(1e-6))
})

test('brightness and contrast do not matter, the direction of edges does', () => {
  const picture = Array.from({ length: 256 }, (_, i) => (i % 16 < 8 ? 40 : 90))
  const brighter = picture.map(value => 2 * value + 10)
  const turned = picture.map((_, i) => picture[(i % 16) * 16 + (i >> 4)])
  const size = { width: 16, height: 16 }
  hog(brighter, size).forEach((value, i) => expect(value).toBeCloseTo(hog(picture, size)[i], 6))
  expect(Math.max(...hog(turned, size).map((value, i) => Math.abs(value - hog(picture, size)[i])))).toBeGreaterThan(0.1)
})

test('an even image has no edges: all numbers are 0', () => {
  expect(hog(new Uint8Array(256).fill(9), { width: 16, height: 16 }).every(value => value === 0)).toBe(true)
})

test('an image smaller than one block is refused', () => {
  expect(() => hog(new Uint8Array(64), { width: 8, height: 8 })).toThrow('larger image')
})
