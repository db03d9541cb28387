/**
 * The operations composed for WebAssembly against TensorFlow's own operations, one by one. The inputs are random
 * numbers of about 1; sums of up to a thousand products in float32 differ by a few times 1e-6 of the largest number.
 */
import { describe, expect, test } from 'vitest'
import { nativeEngine } from '../../src/lib/engine/native/native-engine'
import { donate, type Engine, type Tensor } from '../../src/lib/engine/tensor'
import { wasmEngine } from '../../src/lib/engine/composed/wasm-engine'
import { composedOperations } from '../../src/lib/engine/composed/composed-operations'
import type { Operations, Window } from '../../src/lib/engine/operations'
import { nativeOperations } from '../../src/lib/engine/native/native-operations'
import { stream } from '../../src/lib/system/random'
import { sizeOf } from '../../src/lib/system/shape'

type Work = (operations: Operations, inputs: Tensor[]) => Tensor[]

const native = canLoad(nativeEngine)

function canLoad(engine: Engine): boolean {
  try {
    return Boolean(engine.describe())
  } catch {
    return false
  }
}

function randomArray(name: string, shape: readonly number[]): Float32Array {
  const numbers = stream(`kernels ${name}`)
  return Float32Array.from({ length: sizeOf(shape) }, () => numbers.normal())
}

/** The results of `work` on one engine. It must release every tensor that it makes and does not return. */
function results(
  engine: Engine, operations: Operations, arrays: readonly Float32Array[], shapes: number[][], work: Work,
) {
  const before = engine.tensorCount()
  const inputs = arrays.map((values, i) => engine.tensor(values, shapes[i]))
  const outputs = work(operations, inputs)
  const values = outputs.map(output => ({ shape: [...output.shape], numbers: [...engine.read(output)] }))
  engine.release(...inputs, ...outputs)
  expect(engine.tensorCount(), 'tensors not released').toBe(before)
  return values
}

function expectSame(shapes: number[][], work: Work, change: (values: Float32Array) => Float32Array = same): void {
  const arrays = shapes.map((shape, i) => change(randomArray(`input ${i}`, shape)))
  const expected = results(nativeEngine, nativeOperations, arrays, shapes, work)
  const found = results(wasmEngine, composedOperations, arrays, shapes, work)
  expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  found.forEach(({ numbers }, i) => {
    const largest = Math.max(...expected[i].numbers.map(Math.abs))
    const difference = Math.max(...numbers.map((value, k) => Math.abs(value - expected[i].numbers[k])))
    expect(difference / largest, `output ${i}`).toBeLessThan(1e-5)
  })
}

const same = (values: Float32Array) => values

/** All kinds of convolution in ResNet50, and further combinations of stride and padding. */
const windows: { window: Window; side: number; kernel: number[] }[] = [
  { window: { kernel: 3, stride: 1, padding: 1 }, side: 6, kernel: [3, 3, 4, 5] },
  { window: { kernel: 3, stride: 1, padding: 0 }, side: 6, kernel: [3, 3, 4, 5] },
  { window: { kernel: 7, stride: 2, padding: 3 }, side: 12, kernel: [7, 7, 4, 5] },
  { window: { kernel: 3, stride: 2, padding: 1 }, side: 7, kernel: [3, 3, 4, 5] },
  { window: { kernel: 1, stride: 1, padding: 0 }, side: 5, kernel: [4, 9] },
  { window: { kernel: 1, stride: 1, padding: 0 }, side: 5, kernel: [9, 4] },
]

const title = 'a convolution: $window, image side $side, kernel $kernel'
describe.skipIf(!native).each(windows)(title, ({ window, side, kernel }) => {
  const [inputs, outputs] = kernel.slice(-2)
  const x = [3, side, side, inputs]
  const size = Math.floor((side + 2 * window.padding - window.kernel) / window.stride) + 1
  const y = [3, size, size, outputs]

  test('forward', () => expectSame([x, kernel], (k, [image, weights]) => [k.convolve(image, weights, window)]))
  test.each([{ relu: false }, { relu: true }])('with bias, $relu', ({ relu }) =>
    expectSame([x, kernel, [outputs]], (k, [image, weights, bias]) =>
      [k.convolveWithBias(image, weights, bias, window, { relu })]))
  test.each([{ relu: false }, { relu: true }])('with bias and a shortcut, $relu', ({ relu }) =>
    expectSame([x, kernel, [outputs], y], (k, [image, weights, bias, added]) => {
      const shortcut = donate(k.reshape(added, added.shape))
      return [k.convolveWithBias(image, weights, bias, window, { shortcut, relu })]
    }))
  test('gradient of the kernel', () =>
    expectSame([x, y], (k, [image, dy]) => [k.convolveKernelGradient(image, kernel, dy, window)]))
  test('gradient of the input', () =>
    expectSame([kernel, y], (k, [weights, dy]) => [k.convolveInputGradient(x, weights, dy, window)]))
})

describe.skipIf(!native).each([
  { relu: false, shortcut: false }, { relu: true, shortcut: false }, { relu: true, shortcut: true },
])('batch normalization, relu $relu, shortcut $shortcut', options => {
  const x = [4, 3, 3, 5], epsilon = 1e-3

  test('forward and backward', () => expectSame([x, [5], [5], x, x], (k, [image, gamma, beta, added, dy]) => {
    const { relu } = options
    const shortcut = options.shortcut ? donate(k.scale(added, 1)) : undefined
    const { y, mean, variance, saved } = k.normalizeBatch(image, gamma, beta, { epsilon, relu, shortcut })
    const statistics = [k.scale(mean, 1), k.scale(variance, 1)]
    const { dx, dGamma, dBeta, dShortcut } = k.normalizeBatchGradient(donate(k.scale(dy, 1)), image, y, gamma, saved,
      { epsilon, ...options })
    const flat = k.reshape(donate(saved[0]), [sizeOf(saved[0].shape)])
    engineOf(k).release(flat, ...saved.slice(1))
    return [y, ...statistics, dx, dGamma, dBeta, ...(dShortcut ? [dShortcut] : [])]
  }))
})

function engineOf(operations: Operations): Engine {
  return operations === nativeOperations ? nativeEngine : wasmEngine
}

describe.skipIf(!native)('pooling', () => {
  const window = { kernel: 3, stride: 2, padding: 1 }
  const pool: Work = (k, [image, dy]) => {
    const { y, saved } = k.maxPool(image, window)
    const dx = k.maxPoolGradient(dy, image, y, saved, window)
    engineOf(k).release(...saved)
    return [y, dx]
  }
  const positive = (values: Float32Array) => values.map(value => Math.max(value, 0))

  test.each([8, 7])('max pooling, forward and backward; side %i', side =>
    expectSame([[2, side, side, 3], [2, 4, 4, 3]], pool, positive))
  test('where several numbers of a window are equally large, the first receives the gradient', () =>
    expectSame([[2, 8, 8, 3], [2, 4, 4, 3]], pool, values => values.map(value => Math.max(Math.round(value), 0))))
  test.each([6, 5])('subsampling, forward and backward; side %i', side =>
    expectSame([[2, side, side, 3], [2, 3, 3, 3]], (k, [image, dy]) =>
      [k.subsample(image), k.subsampleGradient(image.shape, dy)]))
  test('the mean over height and width, forward and backward', () =>
    expectSame([[2, 3, 4, 5], [2, 5]], (k, [image, dy]) =>
      [k.averageOverSpace(image), k.averageOverSpaceGradient(image.shape, dy)]))
})

describe.skipIf(!native)('arithmetic', () => {
  test.each([{}, { a: true }, { b: true }, { a: true, b: true }])('matrix product %o', transposed =>
    expectSame([transposed.a ? [7, 3] : [3, 7], transposed.b ? [5, 7] : [7, 5]], (k, [a, b]) =>
      [k.multiply(a, b, transposed)]))
  test('aᵀb where b is narrower than a', () =>
    expectSame([[50, 6], [50, 2]], (k, [a, b]) => [k.multiply(a, b, { a: true })]))
  test('sums over all axes but the channels', () =>
    expectSame([[3, 4, 4, 5], [6, 5]], (k, [images, rows]) => [k.sumOverChannels(images), k.sumOverChannels(rows)]))
  test('elementwise', () =>
    expectSame([[3, 4, 4, 5], [3, 4, 4, 5], [5]], (k, [a, b, c]) => [
      k.add(a, b), k.times(a, b), k.times(a, c), k.addBias(a, c), k.scale(a, -2), k.relu(a), k.reluGradient(a, b),
      k.reshape(a, [12, 20]),
    ]))
  test('rows of length 1, forward and backward; a row of zeros stays one', () =>
    expectSame([[4, 5], [4, 5]], (k, [rows, dy]) => {
      const normalized = k.normalizeRows(rows)
      return [normalized.y, normalized.lengths, k.normalizeRowsGradient(dy, normalized)]
    }, values => values.fill(0, 10, 15)))
  test('vectors end to end', () => expectSame([[3], [4], [1]], (k, vectors) => [k.concatenate(vectors)]))
})
