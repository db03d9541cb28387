/** On a graphics card: it computes as exactly as a processor, gives the same bits twice, and says when it is full. */
import { describe, expect, test } from 'vitest'
import { describeEngine, tensorCount } from '../../src/lib/engine/engine'
import { attribute } from '../../src/lib/engine/native/attribute'
import { capabilities } from '../../src/lib/engine/native/binding'
import { nativeEngine, run } from '../../src/lib/engine/native/native-engine'
import { noCardToFind } from '../../src/lib/system/card.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { stream } from '../../src/lib/system/random'

const { tensor, read, release } = nativeEngine
const float = attribute.type('T', 'float')
const convolution = [
  float, attribute.string('data_format', 'NHWC'), attribute.int('strides', [1, 1, 1, 1]),
  attribute.int('dilations', [1, 1, 1, 1]), attribute.bool('use_cudnn_on_gpu', true), attribute.string('padding', 'SAME'),
]
const noCard = noCardToFind()

describe.skipIf(noCard)(noCard ? `on a graphics card: skipped, ${noCard}` : 'on a graphics card', () => {
  test('the engine names the card and how it rounds', () => {
    expect(describeEngine()).toMatchObject({ engine: 'gpu', card: { precision: 'float32', deterministic: true } })
    if (capabilities().patched)
      expect(describeEngine().card).toMatchObject({
        model: expect.any(String) as string, cudnn: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      })
  })

  // 1 + 2^−12 squared, 64 times: with inputs rounded to TF32's ten bits, the sum would be 64.
  test('products and convolutions do not round their inputs', () => {
    const side = 64, value = 1 + 2 ** -12, expected = side * value ** 2
    const count = tensorCount()
    const a = tensor(new Float32Array(side * side).fill(value), [side, side])
    const image = tensor(new Float32Array(side * 64).fill(value), [1, 8, 8, side])
    const kernel = tensor(new Float32Array(side * side).fill(value), [1, 1, side, side])
    const product = run('MatMul', [attribute.bool('transpose_a', false), attribute.bool('transpose_b', false), float], a, a)
    const convolved = run('Conv2D', convolution, image, kernel)
    for (const result of [product, convolved])
      expect(Math.max(...read(result).map(number => Math.abs(number / expected - 1)))).toBeLessThan(1e-6)
    release(a, image, kernel, product, convolved)
    expect(tensorCount()).toBe(count)
  })

  test('the gradient of a convolution has the same bits each time', () => {
    const numbers = (name: string, shape: number[]) => {
      const values = stream(name, 1), size = shape.reduce((product, one) => product * one)
      return tensor(Float32Array.from({ length: size }, () => values.between(-1, 1)), shape)
    }
    const images = numbers('images', [32, 28, 28, 32]), sizes = tensor(Int32Array.of(3, 3, 32, 32), [4])
    const gradient = numbers('gradient', [32, 28, 28, 32])
    const once = () => {
      const result = run('Conv2DBackpropFilter', [...convolution, attribute.int('explicit_paddings', [])], images, sizes, gradient)
      const bits = [...read(result)]
      release(result)
      return bits
    }
    const first = once()
    for (let i = 0; i < 5; i++) expect(once()).toEqual(first)
    release(images, sizes, gradient)
  })

  test('a tensor larger than any card is the error of memory that does not suffice', () => {
    const count = tensorCount()
    const sides = tensor(Int32Array.of(65_536, 65_536, 65_536), [3]), zero = tensor(new Float32Array(1), [])
    expect(() => run('Fill', [float, attribute.type('index_type', 'int32')], sides, zero)).toThrow(/^too-large/)
    release(sides, zero)
    expect(tensorCount()).toBe(count)
  })

  test('what the driver compiles is stored in the project', () => {
    expect(process.env.CUDA_CACHE_PATH).toBe(inProject('.cache', 'cuda'))
  })
})
