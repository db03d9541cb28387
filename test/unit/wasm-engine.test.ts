/** Properties that only the engine on WebAssembly has. Runs with LAB_ENGINE=wasm. */
import { describe, expect, test, vi } from 'vitest'
import { dataFrame } from '../../src/lib/display/data-frame'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { describeEngine, donate, read, release, tensor, tensorCount, tensorFlowJs } from '../../src/lib/engine/engine'
import { operations } from '../../src/lib/engine/operations-in-use'
import { labInfoTable } from '../../src/lib/notebook/lab-info'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitRandom } from '../../src/lib/data/split/split'
import { Learner } from '../../src/lib/training/learner'
import { crossEntropyObjective } from '../../src/lib/training/objective'
import { train } from '../../src/lib/training/train'
import { smallModel } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'
import { uniform } from '../golden/hash'

process.env.LAB_DATA_FOLDER = temporaryFolder()()
process.env.LAB_DATA = 'phantom'

const count = (event: string) => process.listenerCount(event)

describe('the engine', () => {
  test('is ready on the first call, and does not change the process’s error handlers', () => {
    const before = [count('uncaughtException'), count('unhandledRejection')]
    expect(describeEngine()).toMatchObject({ engine: 'wasm', tensorflow: null, tensorflowJs: '4.22.0', threads: 1 })
    expect([count('uncaughtException'), count('unhandledRejection')]).toEqual(before)
  })

  test('copies the numbers of a new tensor, and reads them back', () => {
    const numbers = Float32Array.of(1, 2, 3, 4)
    const matrix = tensor(numbers, [2, 2])
    numbers.fill(0)
    expect(matrix.shape).toEqual([2, 2])
    expect([...read(matrix)]).toEqual([1, 2, 3, 4])
    release(matrix)
  })

  test('counts its tensors, and releases donated ones', () => {
    const before = tensorCount()
    const one = tensor(Float32Array.of(-1, 2), [2])
    const two = operations().relu(donate(one))
    expect(tensorCount()).toBe(before + 1)
    expect([...read(two)]).toEqual([0, 2])
    release(two)
    expect(tensorCount()).toBe(before)
  })

  test('reports shapes that do not fit in TensorFlow.js’s words', () => {
    const [a, b] = [tensor(new Float32Array(2), [1, 2]), tensor(new Float32Array(3), [1, 3])]
    const before = tensorCount()
    expect(() => operations().multiply(a, b)).toThrow(/^engine-failed: .*inner shapes.*\[1, 2\] \[1, 3\]/s)
    expect(tensorCount()).toBe(before)
    release(a, b)
  })

  test.each([[23_171, '2148 MB'], [40_000, '6400 MB']])('rejects a tensor that is larger than its memory: side %i', (side, size) => {
    const one = tensor(Float32Array.of(1), [1, 1])
    const before = tensorCount()
    expect(() => operations().averageOverSpaceGradient([1, side, side, 1], one)).toThrow(`one more of ${size}`)
    expect([...read(one)]).toEqual([1])
    expect(tensorCount()).toBe(before)
    release(one)
  })

  test('keeps working after other code has switched TensorFlow.js to another backend', async () => {
    const one = tensor(Float32Array.of(1, 2), [2])
    const tf = tensorFlowJs()
    await tf.setBackend('cpu')
    const two = operations().scale(one, 2)
    expect([...read(two)]).toEqual([2, 4])
    expect(tf.getBackend()).toBe('wasm')
    release(one, two)
  })
})

test('the package TensorFlow.js runs on it', () => {
  const tf = tensorFlowJs()
  expect(tf.getBackend()).toBe('wasm')
  expect([...tf.tensor1d([1, 2]).add(1).dataSync()]).toEqual([2, 3])
})

test('danfo.js works beside it', async () => {
  const frame = await dataFrame([{ kind: 'a', value: 1 }, { kind: 'b', value: 5 }, { kind: 'a', value: 3 }])
  expect(frame.groupby(['kind']).col(['value']).mean().values).toEqual([['a', 2], ['b', 5]])
  expect(describeEngine().engine).toBe('wasm')
})

test('a notebook’s first output says that the engine is slow', async () => {
  const { rows } = await labInfoTable()
  expect(rows).toContainEqual({ what: 'engine', value: 'WebAssembly, through TensorFlow.js 4.22.0' })
  expect(rows).toContainEqual({ what: 'slow', value: expect.stringContaining('LAB_ENGINE=wasm') as string })
})

test('a step that fails after some variables changed leaves no tensor, and all variables', () => {
  const before = tensorCount(), learner = new Learner(smallModel(), { optimizer: { name: 'adam', rate: 1e-3 } })
  const images = tensor(uniform('a failed step', 4 * 16 * 16 * 3), [4, 16, 16, 3])
  const step = () => learner.step(images, 1e-3, crossEntropyObjective([0, 1, 1, 0], 2))
  step()
  const between = tensorCount()
  let calls = 0
  const { stepAdam } = operations()
  const failing = vi.spyOn(operations(), 'stepAdam').mockImplementation((...of) => {
    if (calls++ === 4) throw new Error('no memory')
    stepAdam(...of)
  })
  expect(step).toThrow('no memory')
  failing.mockRestore()
  step()
  expect(tensorCount()).toBe(between)
  learner.close()
  release(images)
  expect(tensorCount()).toBe(before)
})

test('a network of quarter width learns', async () => {
  const phantom = await openPhantom({ patients: 12, slicesPerPatient: 4, size: 64 })
  const split = splitRandom(phantom, { validation: 0.2, test: 0.2, seed: 1 })
  const model = await resnet50({ weights: 'none', width: 'quarter', size: 32, classes: phantom.labels })
  const before = tensorCount()
  const { history } = await train(model, split, { epochs: 6, batch: 10, optimizer: { name: 'adam', rate: 2e-3 } })
  expect(history[5].loss).toBeLessThan(0.8 * history[0].loss)
  expect(tensorCount()).toBe(before)
})
