/** The project's own operations against TensorFlow's, on the same numbers. */
import { afterAll, describe, expect, test } from 'vitest'
import { attribute } from '../../src/lib/engine/native/attribute'
import { capabilities } from '../../src/lib/engine/native/binding'
import { execute, nativeEngine, run } from '../../src/lib/engine/native/native-engine'
import { donate, type Tensor } from '../../src/lib/engine/tensor'
import { LabError } from '../../src/lib/system/errors'
import { stream } from '../../src/lib/system/random'
import { sizeOf } from '../../src/lib/system/shape'

const { tensor, read, release, tensorCount } = nativeEngine
const float = attribute.type('T', 'float')
const same = [
  float, attribute.string('data_format', 'NHWC'), attribute.int('strides', [1, 1, 1, 1]),
  attribute.int('dilations', [1, 1, 1, 1]), attribute.bool('use_cudnn_on_gpu', true), attribute.string('padding', 'SAME'),
]

function numbers(name: string, shape: readonly number[]): Tensor {
  const values = stream(name, 1)
  return tensor(Float32Array.from({ length: sizeOf(shape) }, () => values.between(-1, 1)), shape)
}

/** The largest difference, divided by the largest number. */
function difference(actual: Tensor, expected: Tensor): number {
  expect(actual.shape).toEqual(expected.shape)
  const [values, expectedValues] = [read(actual), read(expected)]
  const largest = expectedValues.reduce((high, value) => Math.max(high, Math.abs(value)), 0)
  return values.reduce((high, value, i) => Math.max(high, Math.abs(value - expectedValues[i])), 0) / largest
}

/** In float32, two orders of adding up the same thousands of products differ by this much. */
const tolerance = 5e-6

const shapes = [
  { why: 'even sides', images: [4, 8, 8], inputs: 64, outputs: 64 },
  { why: 'odd sides', images: [3, 7, 5], inputs: 16, outputs: 48 },
  { why: 'one long row', images: [2, 1, 17], inputs: 32, outputs: 16 },
  { why: 'one tile an image', images: [17, 2, 2], inputs: 160, outputs: 48 },
  { why: 'one pixel an image', images: [16, 1, 1], inputs: 32, outputs: 32 },
  { why: 'two pixels an image', images: [40, 2, 1], inputs: 16, outputs: 80 },
  { why: 'more tiles than one part computes', images: [3, 40, 40], inputs: 48, outputs: 32 },
  { why: 'many channels', images: [16, 4, 4], inputs: 512, outputs: 256 },
  { why: 'so few tiles that the kernel is not transformed', images: [1, 7, 4], inputs: 80, outputs: 48 },
  { why: 'a single pixel', images: [1, 1, 1], inputs: 16, outputs: 16 },
]

/** Checks bias, shortcut and ReLU in one operation with the convolution against one operation after another. */
function expectSameEpilogue(convolved: Tensor, x: Tensor, kernel: Tensor): void {
  const bias = numbers('bias', convolved.shape.slice(-1)), shortcut = numbers('side', convolved.shape)
  const biased = run('BiasAdd', same.slice(0, 2), convolved, bias), sum = run('AddV2', [float], biased, shortcut)
  const rectified = run('Relu', [float], biased), rectifiedSum = run('Relu', [float], sum)
  const actual = [
    run('LabConvolve', [], x, kernel, bias), run('LabConvolveRelu', [], x, kernel, bias),
    run('LabConvolve', [], x, kernel, bias, shortcut), run('LabConvolveRelu', [], x, kernel, bias, shortcut),
  ]
  const expected = [biased, rectified, sum, rectifiedSum]
  actual.forEach((tensor, i) => expect(difference(tensor, expected[i])).toBeLessThan(tolerance))
  expect(Math.min(...read(actual[3]))).toBe(0)
  release(bias, shortcut, ...actual, ...expected)
}

describe.runIf(capabilities().projectOperations)('3 × 3, stride 1', () => {
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
    for (const [actual, expected] of pairs) expect(difference(actual, expected)).toBeLessThan(tolerance)
    release(x, kernel, dy, xShape, kernelShape, ...pairs.flat())
  })

  const sizes = [[8, 8, 4], [2, 2, 64], [5, 3, 1]]
  test.each(sizes)('on maps of %i × %i, the same operation adds bias and shortcut and applies ReLU', (height, width, count) => {
    const x = numbers('x', [count, height, width, 32]), kernel = numbers('kernel', [3, 3, 32, 48])
    const convolved = run('Conv2D', same, x, kernel)
    expectSameEpilogue(convolved, x, kernel)
    release(x, kernel, convolved)
  })

  test('NaN stays NaN, even through ReLU', () => {
    const x = tensor(new Float32Array(16 * 16).fill(NaN), [16, 1, 1, 16]), kernel = numbers('kernel', [3, 3, 16, 16])
    const bias = numbers('bias', [16])
    const y = run('LabConvolveRelu', [], x, kernel, bias)
    expect([...read(y)].every(Number.isNaN)).toBe(true)
    release(x, kernel, bias, y)
  })

  test('releases donated inputs', () => {
    const x = numbers('x', [16, 2, 2, 16]), kernel = numbers('kernel', [3, 3, 16, 16])
    const count = tensorCount()
    const y = run('LabConvolve', [], donate(x), kernel)
    expect(tensorCount()).toBe(count)
    release(y, kernel)
  })

  test('releases what is handed over where it refuses, too', () => {
    const count = tensorCount()
    const x = numbers('x', [16, 2, 2, 32]), kernel = numbers('kernel', [3, 3, 16, 16])
    expect(() => run('LabConvolve', [], donate(x), donate(kernel))).toThrow(LabError)
    expect(tensorCount()).toBe(count)
  })

  test('without memory for the result there is an error, and nothing stays', () => {
    const many = new Float32Array(16e6)
    const x = tensor(many, [1000, 1000, 1, 16]), kernel = tensor(many, [16, 1e6])
    const count = tensorCount()
    expect(() => run('LabConvolve', [], x, kernel)).toThrow(/memory/)
    expect(tensorCount()).toBe(count)
    release(x, kernel)
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

describe.runIf(capabilities().projectOperations)('1 × 1', () => {
  const product = [float, attribute.bool('transpose_a', false), attribute.bool('transpose_b', false)]

  test.each([
    ['a single pixel', [1, 1, 1, 16], 16], ['more rows than a block holds', [3, 10, 30, 16], 80],
    ['more inputs than a strip holds', [2, 3, 3, 272], 48], ['many outputs', [1, 2, 2, 64], 2048],
  ])('%s', (_, shape, outputs) => {
    const x = numbers('x', shape), kernel = numbers('kernel', [shape[3], outputs])
    const rows = numbers('x', [shape[0] * shape[1] * shape[2], shape[3]])
    const matrix = run('MatMul', product, rows, kernel)
    const images = tensor(read(matrix), [...shape.slice(0, 3), outputs])
    const actual = run('LabConvolve', [], x, kernel)
    expect(difference(actual, images)).toBeLessThan(tolerance)
    expectSameEpilogue(images, x, kernel)
    release(x, kernel, rows, matrix, actual, images)
  })

  test.each([
    ['a bias for other channels', [[2, 2, 2, 16], [16, 32], [16]]],
    ['a shortcut of another size', [[2, 2, 2, 16], [16, 32], [32], [2, 2, 1, 32]]],
    ['a kernel for other channels', [[2, 2, 2, 16], [32, 32]]],
    ['no images', [[0, 2, 2, 16], [16, 32]]],
  ])('refuses %s', (_, shapes) => {
    const inputs = shapes.map((shape, i) => numbers(String(i), shape))
    expect(() => run('LabConvolve', [], ...inputs)).toThrow(LabError)
    release(...inputs)
  })
})

describe.runIf(capabilities().projectOperations)('1 × 1, gradient of the input', () => {
  test.each([[5, 4, 16, 48], [1, 300, 64, 16], [64, 36, 80, 32]])('%i images of %i pixels, %i to %i channels',
    (count, pixels, inputs, outputs) => {
      const dy = numbers('dy', [count, 1, pixels, outputs]), kernel = numbers('kernel', [inputs, outputs])
      const rows = numbers('dy', [count * pixels, outputs])
      const actual = run('LabConvolveInputGradient', [], dy, kernel)
      const transposed = [attribute.bool('transpose_a', false), attribute.bool('transpose_b', true)]
      const product = run('MatMul', [float, ...transposed], rows, kernel)
      expect(actual.shape).toEqual([count, 1, pixels, inputs])
      expect(difference({ ...actual, shape: product.shape }, product)).toBeLessThan(tolerance)
      release(dy, kernel, rows, actual, product)
    })
})

describe.runIf(capabilities().projectOperations)('batch normalization', () => {
  const before = tensorCount()
  afterAll(() => expect(tensorCount()).toBe(before))
  const epsilon = 1e-3
  const batch = [attribute.type('U', 'float'), attribute.string('data_format', 'NHWC'),
    attribute.float('epsilon', epsilon), attribute.bool('is_training', true)]

  /** Batch normalization, shortcut and ReLU by TensorFlow's operations, forward and backward. */
  function byTensorFlow(x: Tensor, gamma: Tensor, beta: Tensor, shortcut: Tensor, dy: Tensor) {
    const empty = tensor(new Float32Array(0), [0])
    const [z, ...more] = execute('FusedBatchNormV3', [float, ...batch, attribute.float('exponential_avg_factor', 1)],
      [x, gamma, beta, empty, empty], 6)
    const sum = run('AddV2', [float], z, shortcut), y = run('Relu', [float], sum)
    const dShortcut = run('ReluGrad', [float], dy, y)
    const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', [float, ...batch],
      [dShortcut, x, gamma, more[2], more[3], empty], 5)
    release(empty, z, sum, more[0], more[1], more[4], ...unused)
    return { y, mean: more[2], variance: more[3], dx, dGamma, dBeta, dShortcut }
  }

  test.each([
    ['few channels', [3, 5, 7, 16], 0], ['more pixels than a block holds', [4, 24, 24, 64], 0],
    ['many channels', [16, 1, 1, 2048], 0], ['a mean far from 0', [8, 9, 9, 32], 30],
  ])('with a shortcut and ReLU: %s', (_, shape, offset) => {
    const channels = [shape[3]]
    const noise = numbers('x', shape), mean = tensor(Float32Array.of(offset), [1])
    const x = run('AddV2', [float], noise, mean)
    const gamma = numbers('gamma', channels), beta = numbers('beta', channels)
    const shortcut = numbers('side', shape)
    const dy = numbers('dy', shape), small = tensor(Float32Array.of(epsilon), [1])
    const expected = byTensorFlow(x, gamma, beta, shortcut, dy)
    const [y, average, variance, inverse, savedBeta] =
      execute('LabNormalizeRelu', [], [x, gamma, beta, small, shortcut], 5)
    const [dx, dGamma, dBeta, dShortcut] =
      execute('LabNormalizeReluGradient', [], [dy, x, gamma, average, inverse, savedBeta, y], 4)
    const actual = { y, mean: average, variance, dx, dGamma, dBeta, dShortcut }
    for (const key of ['y', 'mean', 'variance', 'dx', 'dGamma', 'dBeta', 'dShortcut'] as const)
      expect(difference(actual[key], expected[key]), key).toBeLessThan(1e-5)
    release(noise, mean, x, gamma, beta, shortcut, dy, small, y, average, variance, inverse, savedBeta, dx, dGamma,
      dBeta, dShortcut, ...Object.values(expected))
  })

  test('equal numbers become β, however large they are', () => {
    const x = tensor(new Float32Array(8 * 16).fill(1234.5), [8, 1, 1, 16]), gamma = numbers('gamma', [16])
    const beta = numbers('beta', [16]), small = tensor(Float32Array.of(epsilon), [1])
    const outputs = execute('LabNormalize', [], [x, gamma, beta, small], 5)
    const shifts = read(beta)
    expect(read(outputs[0])).toEqual(Float32Array.from({ length: 8 * 16 }, (_, i) => shifts[i % 16]))
    release(x, gamma, beta, small, ...outputs)
  })

  test('without a shortcut, the gradient of ReLU follows from x', () => {
    const shape = [6, 8, 8, 48]
    const x = numbers('x', shape), gamma = numbers('gamma', [48]), beta = numbers('beta', [48])
    const shortcut = tensor(new Float32Array(6 * 8 * 8 * 48), shape), dy = numbers('dy', shape)
    const small = tensor(Float32Array.of(epsilon), [1])
    const expected = byTensorFlow(x, gamma, beta, shortcut, dy)
    const [y, average, variance, inverse, savedBeta] = execute('LabNormalizeRelu', [], [x, gamma, beta, small], 5)
    const [dx, dGamma, dBeta] = execute('LabNormalizeReluGradient', [], [dy, x, gamma, average, inverse, savedBeta], 3)
    const actual = { y, dx, dGamma, dBeta }
    for (const key of ['y', 'dx', 'dGamma', 'dBeta'] as const)
      expect(difference(actual[key], expected[key]), key).toBeLessThan(1e-5)
    release(x, gamma, beta, shortcut, dy, small, y, average, variance, inverse, savedBeta, dx, dGamma, dBeta,
      ...Object.values(expected))
  })
})
