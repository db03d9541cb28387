/** The operations to try by hand, against results worked out on paper. */
import { describe, expect, it } from 'vitest'
import { tensorCount } from '../../src/lib/engine/engine'
import { addMaps, convolve, maxPool, namedKernels, normalize, relu } from '../../src/lib/network/by-hand'

const map = (width: number, values: number[]) =>
  ({ width, height: values.length / width, data: Float32Array.from(values) })
/** Brightness jumps from 0 to 10 between the second and the third column. */
const step = map(4, [0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 10, 10])

describe('convolution', () => {
  it('sums the products of kernel and pixels, without turning the kernel', () => {
    // By hand: 1·1 + 2·2 + 3·3 + 4·4.
    expect([...convolve(map(2, [1, 2, 3, 4]), [1, 2, 3, 4]).data]).toEqual([30])
  })

  it('finds a vertical edge with the kernel for vertical edges only', () => {
    expect([...convolve(step, namedKernels['vertical edges']).data]).toEqual([40, 40, 40, 40])
    expect([...convolve(step, namedKernels['horizontal edges']).data]).toEqual([0, 0, 0, 0])
  })

  it.each([
    [{}, 2], [{ padding: 1 }, 4], [{ stride: 2, padding: 1 }, 2], [{ stride: 2 }, 1],
  ])('with %o makes %i pixels a side', (options, side) => {
    const { width, height, data } = convolve(step, namedKernels.blur, options)
    expect([width, height, data.length]).toEqual([side, side, side * side])
  })

  it.each([[[1, 2, 3]], [[]], [new Array(25).fill(1)]])('rejects a kernel of %j on 4 × 4 pixels', kernel => {
    expect(() => convolve(step, kernel)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })
})

it('ReLU sets negative numbers to zero', () => {
  expect([...relu(map(3, [-2, 0, 5])).data]).toEqual([0, 0, 5])
})

it('max pooling keeps the largest number of each square', () => {
  expect([...maxPool(map(4, [1, 2, 3, 4, 5, 6, 7, 8])).data]).toEqual([6, 8])
  expect([...maxPool(map(2, [-1, -2, -3, -4]), 3, { padding: 1 }).data]).toEqual([-1])
})

it('normalization gives the mean β and the standard deviation γ', () => {
  const { data } = normalize(map(2, [1, 2, 3, 10]), { gamma: 2, beta: 5 })
  const mean = data.reduce((sum, value) => sum + value / 4, 0)
  // ε = 1.001e-5 against a variance of 12.5, and float32, leave about six digits.
  expect(mean).toBeCloseTo(5, 5)
  expect(Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2 / 4, 0))).toBeCloseTo(2, 5)
})

it('maps of the same size are added pixel by pixel', () => {
  expect([...addMaps(map(2, [1, 2]), map(2, [10, 20])).data]).toEqual([11, 22])
  expect(() => addMaps(map(2, [1, 2]), map(1, [1, 2]))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }))
})

it('no operation changes its input or leaves a tensor in the engine', () => {
  const before = tensorCount()
  const blur = (input: typeof step) => convolve(input, namedKernels.blur)
  for (const operation of [relu, normalize, maxPool, blur]) operation(step)
  expect(tensorCount()).toBe(before)
  expect([...step.data.subarray(0, 4)]).toEqual([0, 0, 10, 10])
})
