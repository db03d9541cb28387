/** The binding's own operations, against TensorFlow's on the same numbers. */
import { afterAll, describe, expect, test } from 'vitest'
import { attribute, execute, nativeEngine, run, traits } from '../../src/lib/engine/native/native-engine'
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
  { why: 'too few tiles to transform the kernel for', images: [1, 7, 4], inputs: 80, outputs: 48 },
  { why: 'a single pixel', images: [1, 1, 1], inputs: 16, outputs: 16 },
]

/** Bias, side and ReLU in one operation with the convolution, against `plain` with each after the other. */
function expectWhatFollows(plain: Tensor, x: Tensor, kernel: Tensor): void {
  const bias = numbers('bias', plain.shape.slice(-1)), side = numbers('side', plain.shape)
  const biased = run('BiasAdd', same.slice(0, 2), plain, bias), sum = run('AddV2', [float], biased, side)
  const rectified = run('Relu', [float], biased), last = run('Relu', [float], sum)
  const mine = [
    run('LabConvolve', [], x, kernel, bias), run('LabConvolveRelu', [], x, kernel, bias),
    run('LabConvolve', [], x, kernel, bias, side), run('LabConvolveRelu', [], x, kernel, bias, side),
  ]
  const theirs = [biased, rectified, sum, last]
  mine.forEach((one, i) => expect(difference(one, theirs[i])).toBeLessThan(tolerance))
  expect(Math.min(...read(mine[3]))).toBe(0)
  release(bias, side, ...mine, ...theirs)
}

describe.runIf(traits().projectOperations)('3 × 3, stride 1', () => {
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

  test.each([[8, 8, 4], [2, 2, 64], [5, 3, 1]])('on maps of %i × %i, what follows comes with it', (height, width, count) => {
    const x = numbers('x', [count, height, width, 32]), kernel = numbers('kernel', [3, 3, 32, 48])
    const plain = run('Conv2D', same, x, kernel)
    expectWhatFollows(plain, x, kernel)
    release(x, kernel, plain)
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

describe.runIf(traits().projectOperations)('1 × 1', () => {
  const product = [float, attribute.bool('transpose_a', false), attribute.bool('transpose_b', false)]

  test.each([
    ['a single pixel', [1, 1, 1, 16], 16], ['more rows than a block holds', [3, 10, 30, 16], 80],
    ['more inputs than a strip holds', [2, 3, 3, 272], 48], ['many outputs', [1, 2, 2, 64], 2048],
  ])('%s', (_, shape, outputs) => {
    const x = numbers('x', shape), kernel = numbers('kernel', [shape[3], outputs])
    const rows = numbers('x', [shape[0] * shape[1] * shape[2], shape[3]])
    const matrix = run('MatMul', product, rows, kernel), plain = { ...matrix, shape: [...shape.slice(0, 3), outputs] }
    const mine = run('LabConvolve', [], x, kernel)
    expect(difference(mine, plain)).toBeLessThan(tolerance)
    const images = tensor(read(matrix), plain.shape)
    expectWhatFollows(images, x, kernel)
    release(x, kernel, rows, matrix, mine, images)
  })

  test.each([
    ['a bias for other channels', [[2, 2, 2, 16], [16, 32], [16]]],
    ['a side of another size', [[2, 2, 2, 16], [16, 32], [32], [2, 2, 1, 32]]],
    ['a kernel for other channels', [[2, 2, 2, 16], [32, 32]]],
    ['no images', [[0, 2, 2, 16], [16, 32]]],
  ])('refuses %s', (_, shapes) => {
    const inputs = shapes.map((shape, i) => numbers(String(i), shape))
    expect(() => run('LabConvolve', [], ...inputs)).toThrow(LabError)
    release(...inputs)
  })
})

describe.runIf(traits().projectOperations)('1 × 1, back to the input', () => {
  test.each([[5, 4, 16, 48], [1, 300, 64, 16], [64, 36, 80, 32]])('%i images of %i pixels, %i to %i channels',
    (count, pixels, inputs, outputs) => {
      const dy = numbers('dy', [count, 1, pixels, outputs]), kernel = numbers('kernel', [inputs, outputs])
      const rows = numbers('dy', [count * pixels, outputs])
      const mine = run('LabConvolveInputGradient', [], dy, kernel)
      const product = run('MatMul', [float, attribute.bool('transpose_a', false), attribute.bool('transpose_b', true)], rows, kernel)
      expect(mine.shape).toEqual([count, 1, pixels, inputs])
      expect(difference({ ...mine, shape: product.shape }, product)).toBeLessThan(tolerance)
      release(dy, kernel, rows, mine, product)
    })
})

describe.runIf(traits().projectOperations)('batch normalization', () => {
  const before = tensorCount()
  afterAll(() => expect(tensorCount()).toBe(before))
  const epsilon = 1e-3
  const batch = [attribute.type('U', 'float'), attribute.string('data_format', 'NHWC'),
    attribute.float('epsilon', epsilon), attribute.bool('is_training', true)]

  /** The same by TensorFlow's operations: forwards, and back from dy. */
  function byTensorFlow(x: Tensor, gamma: Tensor, beta: Tensor, side: Tensor, dy: Tensor) {
    const none = tensor(new Float32Array(0), [0])
    const [z, ...more] = execute('FusedBatchNormV3', [float, ...batch, attribute.float('exponential_avg_factor', 1)],
      [x, gamma, beta, none, none], 6)
    const sum = run('AddV2', [float], z, side), y = run('Relu', [float], sum)
    const dSide = run('ReluGrad', [float], dy, y)
    const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', [float, ...batch],
      [dSide, x, gamma, more[2], more[3], none], 5)
    release(none, z, sum, more[0], more[1], more[4], ...unused)
    return { y, mean: more[2], variance: more[3], dx, dGamma, dBeta, dSide }
  }

  test.each([
    ['few channels', [3, 5, 7, 16], 0], ['more pixels than a block holds', [4, 24, 24, 64], 0],
    ['many channels', [16, 1, 1, 2048], 0], ['a mean far from 0', [8, 9, 9, 32], 30],
  ])('with a side and ReLU: %s', (_, shape, offset) => {
    const channels = [shape[3]]
    const noise = numbers('x', shape), mean = tensor(Float32Array.of(offset), [1])
    const x = run('AddV2', [float], noise, mean)
    const gamma = numbers('gamma', channels), beta = numbers('beta', channels), side = numbers('side', shape)
    const dy = numbers('dy', shape), small = tensor(Float32Array.of(epsilon), [1])
    const theirs = byTensorFlow(x, gamma, beta, side, dy)
    const [y, average, variance, inverse, held] = execute('LabNormalizeRelu', [], [x, gamma, beta, small, side], 5)
    const [dx, dGamma, dBeta, dSide] =
      execute('LabNormalizeReluGradient', [], [dy, x, gamma, average, inverse, held, y], 4)
    for (const [mine, other] of [[y, theirs.y], [average, theirs.mean], [variance, theirs.variance], [dx, theirs.dx],
      [dGamma, theirs.dGamma], [dBeta, theirs.dBeta], [dSide, theirs.dSide]])
      expect(difference(mine, other)).toBeLessThan(1e-5)
    release(noise, mean, x, gamma, beta, side, dy, small, y, average, variance, inverse, held, dx, dGamma, dBeta,
      dSide, ...Object.values(theirs))
  })

  test('numbers that are all alike become β, however large they are', () => {
    const x = tensor(new Float32Array(8 * 16).fill(1234.5), [8, 1, 1, 16]), gamma = numbers('gamma', [16])
    const beta = numbers('beta', [16]), small = tensor(Float32Array.of(epsilon), [1])
    const outputs = execute('LabNormalize', [], [x, gamma, beta, small], 5)
    const shifts = read(beta)
    expect(read(outputs[0])).toEqual(Float32Array.from({ length: 8 * 16 }, (_, i) => shifts[i % 16]))
    release(x, gamma, beta, small, ...outputs)
  })

  test('without a side, x tells where ReLU was open', () => {
    const shape = [6, 8, 8, 48]
    const x = numbers('x', shape), gamma = numbers('gamma', [48]), beta = numbers('beta', [48])
    const side = tensor(new Float32Array(6 * 8 * 8 * 48), shape), dy = numbers('dy', shape)
    const small = tensor(Float32Array.of(epsilon), [1])
    const theirs = byTensorFlow(x, gamma, beta, side, dy)
    const [y, average, variance, inverse, held] = execute('LabNormalizeRelu', [], [x, gamma, beta, small], 5)
    const [dx, dGamma, dBeta] = execute('LabNormalizeReluGradient', [], [dy, x, gamma, average, inverse, held], 3)
    for (const [mine, other] of [[y, theirs.y], [dx, theirs.dx], [dGamma, theirs.dGamma], [dBeta, theirs.dBeta]])
      expect(difference(mine, other)).toBeLessThan(1e-5)
    release(x, gamma, beta, side, dy, small, y, average, variance, inverse, held, dx, dGamma, dBeta,
      ...Object.values(theirs))
  })
})
