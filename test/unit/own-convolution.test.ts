/** The binding's own 3×3 convolutions, against TensorFlow's on the same numbers. */
import { afterAll, describe, expect, test } from 'vitest'
import { attribute, nativeEngine, run, traits } from '../../src/lib/engine/native'
import { handOver, type Tensor } from '../../src/lib/engine/tensor'
import { LabError } from '../../src/lib/errors'
import { stream } from '../../src/lib/random'

const { tensor, read, release, tensorCount } = nativeEngine
const same = [
  attribute.type('T', 'float'), attribute.string('data_format', 'NHWC'), attribute.int('strides', [1, 1, 1, 1]),
  attribute.int('dilations', [1, 1, 1, 1]), attribute.bool('use_cudnn_on_gpu', true), attribute.string('padding', 'SAME'),
]

function numbers(name: string, shape: readonly number[]): Tensor {
  const values = stream(name, 1)
  return tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => values.between(-1, 1)), shape)
}

/** The largest difference, in parts of the largest number. */
function difference(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape)
  const [mine, other] = [read(a), read(b)]
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return mine.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0) / largest
}

/** Two ways to add up the same thousands of products in float32. */
const tolerance = 5e-6

const shapes = [
  { why: 'even sides', images: [4, 8, 8], inputs: 64, outputs: 64 },
  { why: 'odd sides', images: [3, 7, 5], inputs: 16, outputs: 48 },
  { why: 'one long row', images: [2, 1, 17], inputs: 32, outputs: 16 },
  { why: 'one tile an image', images: [17, 2, 2], inputs: 160, outputs: 48 },
  { why: 'one pixel an image', images: [16, 1, 1], inputs: 32, outputs: 32 },
  { why: 'two pixels an image', images: [40, 2, 1], inputs: 16, outputs: 80 },
  { why: 'more tiles than are held at once', images: [3, 40, 40], inputs: 48, outputs: 32 },
  { why: 'many channels', images: [16, 4, 4], inputs: 512, outputs: 256 },
]

describe.runIf(traits().ownConvolutions)('3 × 3, stride 1', () => {
  const before = tensorCount()
  afterAll(() => expect(tensorCount()).toBe(before))

  test.each(shapes)('$images, $inputs to $outputs channels: $why', ({ images, inputs, outputs }) => {
    const x = numbers('x', [...images, inputs]), kernel = numbers('kernel', [3, 3, inputs, outputs])
    const dy = numbers('dy', [...images, outputs])
    const xShape = tensor(Int32Array.from(x.shape), [4]), kernelShape = tensor(Int32Array.from(kernel.shape), [4])
    const pairs = [
      [run('LabConvolve', [], x, kernel), run('Conv2D', same, x, kernel)],
      [run('LabConvolveInputGradient', [], dy, kernel), run('Conv2DBackpropInput', same, xShape, kernel, dy)],
      [run('LabConvolveKernelGradient', [], x, dy), run('Conv2DBackpropFilter', same, x, kernelShape, dy)],
    ]
    for (const [mine, other] of pairs) expect(difference(mine, other)).toBeLessThan(tolerance)
    release(x, kernel, dy, xShape, kernelShape, ...pairs.flat())
  })

  test.each([[8, 8, 4], [2, 2, 64]])('on maps of %i × %i, a bias and ReLU come with it', (height, width, count) => {
    const x = numbers('x', [count, height, width, 32]), kernel = numbers('kernel', [3, 3, 32, 48]), bias = numbers('bias', [48])
    const plain = run('Conv2D', same, x, kernel)
    const biased = run('BiasAdd', same.slice(0, 2), plain, bias), rectified = run('Relu', same.slice(0, 1), biased)
    const mine = run('LabConvolve', [], x, kernel, bias), last = run('LabConvolveRelu', [], x, kernel, bias)
    expect(difference(mine, biased)).toBeLessThan(tolerance)
    expect(difference(last, rectified)).toBeLessThan(tolerance)
    expect(Math.min(...read(last))).toBe(0)
    release(x, kernel, bias, plain, biased, rectified, mine, last)
  })

  test('not a number stays not a number, through ReLU too', () => {
    const x = tensor(new Float32Array(16 * 16).fill(NaN), [16, 1, 1, 16]), kernel = numbers('kernel', [3, 3, 16, 16])
    const bias = numbers('bias', [16])
    const y = run('LabConvolveRelu', [], x, kernel, bias)
    expect([...read(y)].every(Number.isNaN)).toBe(true)
    release(x, kernel, bias, y)
  })

  test('releases what is handed over', () => {
    const x = numbers('x', [16, 2, 2, 16]), kernel = numbers('kernel', [3, 3, 16, 16])
    const count = tensorCount()
    const y = run('LabConvolve', [], handOver(x), kernel)
    expect(tensorCount()).toBe(count)
    release(y, kernel)
  })

  test.each([
    ['another depth', [16, 2, 2, 32], [3, 3, 16, 16]],
    ['channels not in sixteens', [16, 2, 2, 8], [3, 3, 8, 16]],
    ['another window', [16, 2, 2, 16], [5, 5, 16, 16]],
    ['too few axes', [64, 16], [3, 3, 16, 16]],
  ])('refuses %s', (_, xShape, kernelShape) => {
    const x = numbers('x', xShape), kernel = numbers('kernel', kernelShape)
    expect(() => run('LabConvolve', [], x, kernel)).toThrow(LabError)
    release(x, kernel)
  })
})
