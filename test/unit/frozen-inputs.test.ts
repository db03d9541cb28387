/** Training behind frozen layers: whether their features are kept or computed afresh, the same bits come out. */
import { readdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import type { Dataset } from '../../src/lib/data/dataset'
import { engineInUse, read, release, tensor, tensorCount, type Tensor } from '../../src/lib/engine/engine'
import { nativeEngine } from '../../src/lib/engine/native/native-engine'
import { wasmEngine } from '../../src/lib/engine/composed/wasm-engine'
import { sha256 } from '../../src/lib/system/hash'
import { freeze, frozenThrough } from '../../src/lib/model/freeze'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { inOrder } from '../../src/lib/batches/inputs'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import { initialWeights } from '../../src/lib/model/start-weights'
import { train } from '../../src/lib/training/train'
import type { TrainConfig, TrainControl } from '../../src/lib/training/config'
import '../fixtures/one-thread'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const folder = () => join(process.env.LAB_DATA_FOLDER!, 'features')
const dataset = smallDataset(200)
const split = smallSplit(dataset)
const config: TrainConfig = { epochs: 4, batch: 16, optimizer: { name: 'adamw', rate: 5e-3 }, keepBest: true, seed: 3 }
const frozen = freeze(smallModel({ dropout: 0.2 }), { through: 'stem' })

beforeEach(() => rmSync(folder(), { recursive: true, force: true }))
afterEach(() => void vi.unstubAllEnvs())

const files = () => readdirSync(folder()).filter(name => name.endsWith('.bin'))

/** Everything that a run gives but its times. */
async function outcome(model: Model, change: Partial<TrainConfig> = {}, control: TrainControl = {}, parts = split) {
  const { history, model: { weights }, stopped } = await train(model, parts, { ...config, ...change }, control)
  return { stopped, weights, history: history.map(({ seconds, ...figures }) => ({ ...figures, timed: seconds > 0 })) }
}

/** How many images a run computes features of. */
async function prepared(model: Model, change: Partial<TrainConfig> = {}, parts = split): Promise<number> {
  let images = 0
  const onPreparing = (done: number, count: number) => { if (done === count) images += count }
  await outcome(model, { epochs: 1, ...change }, { onPreparing }, parts)
  return images
}

describe('cached features', () => {
  it.each(['stem', 'conv2'] as const)('through %s change no bit of the trained weights', async stage => {
    const model = freeze(smallModel({ dropout: 0.2 }), { through: stage })
    const fresh = await outcome(model, { keepFeatures: false })
    expect(await outcome(model)).toEqual(fresh)
    expect(files()).toHaveLength(2)
    expect(await outcome(model)).toEqual(fresh)
  })

  it('are not computed again by a later run, which reads no image', async () => {
    const first = await outcome(frozen)
    rmSync(join(process.env.LAB_DATA_FOLDER!, dataset.name), { recursive: true })
    const unreadable: Dataset = { ...dataset, read: () => Promise.reject(new Error('an image was read')) }
    const onPreparing = vi.fn()
    expect(await outcome(frozen, {}, { onPreparing }, smallSplit(unreadable))).toEqual(first)
    expect(onPreparing).not.toHaveBeenCalled()
  })

  const changed = (name: string): Model =>
    ({ ...frozen, weights: new Map(frozen.weights).set(name, frozen.weights.get(name)!.map(value => value + 1)) })
  it.each<[string, number, Model, Partial<TrainConfig>, typeof split]>([
    ['nothing', 0, frozen, {}, split],
    ['a number behind the frozen layers', 0, changed('hidden/bias'), {}, split],
    ['seed, batch size and optimizer', 0, frozen, { seed: 4, batch: 8, optimizer: { name: 'sgd', rate: 1e-3 } }, split],
    ['a number in a frozen layer', 160, changed('first_bn/moving_mean'), {}, split],
    ['the preprocessing', 160, { ...frozen, preprocessing: 'centered' }, {}, split],
    ['how much is frozen', 160, freeze(frozen, { through: 'conv2' }), {}, split],
    ['the images', 160, frozen, {}, smallSplit({ ...dataset, contentHash: 'f'.repeat(64) })],
    ['the training part', 119, frozen, {}, { ...split, train: { ...split.train, indices: split.train.indices.slice(1) } }],
    ['the augmentation', 120, frozen, { augment: { rotation: 9 }, augmentVersions: 1 }, split],
  ])('are computed again where they would differ: %s changed, %i images', async (_, images, model, change, parts) => {
    expect(await prepared(frozen)).toBe(160)
    expect(await prepared(model, change, parts)).toBe(images)
  })

  it('are computed again where the file is damaged', async () => {
    const fresh = await outcome(frozen, { keepFeatures: false })
    await outcome(frozen)
    for (const name of files()) truncateSync(join(folder(), name), 1000)
    expect(await outcome(frozen)).toEqual(fresh)
  })

  it.each(['0', '1'])('are not cached where the limit, %s MiB, leaves no room for all of them', async limit => {
    vi.stubEnv('LAB_FEATURE_CACHE', limit)
    const room = limit === '1'
    expect(await prepared(frozen)).toBe(room ? 160 : 0)
    // 9 × 9 × 4 numbers an image: 160 KiB for both parts once, 1.4 MB with the training part in ten versions.
    expect(await prepared(frozen, { augment: { rotation: 9 }, augmentVersions: 10 })).toBe(0)
  })

  it('leave no half-written file when the run is cancelled, and the run can be resumed', async () => {
    const straight = await outcome(frozen)
    rmSync(folder(), { recursive: true })
    const checkpoint = { folder: path('cancelled') }, cancel = new AbortController(), tensors = tensorCount()
    const onPreparing = () => cancel.abort()
    const cancelled = await outcome(frozen, {}, { checkpoint, signal: cancel.signal, onPreparing })
    expect(cancelled).toMatchObject({ stopped: 'cancelled', history: [] })
    expect(readdirSync(folder())).toEqual([])
    expect(tensorCount()).toBe(tensors)
    expect(await outcome(frozen, {}, { checkpoint })).toEqual(straight)
  })

  it('do not keep a run that was cancelled between epochs from ending with the same bits', async () => {
    const straight = await outcome(frozen)
    const checkpoint = { folder: path('between') }, cancel = new AbortController()
    const onProgress = ({ history }: { history: readonly unknown[] }) => { if (history.length === 2) cancel.abort() }
    expect((await outcome(frozen, {}, { checkpoint, signal: cancel.signal, onProgress })).history).toHaveLength(2)
    rmSync(folder(), { recursive: true })
    expect(await outcome(frozen, {}, { checkpoint })).toEqual(straight)
  })
})

it('of another engine are computed again', async () => {
  expect(await prepared(frozen)).toBe(160)
  const engine = engineInUse() === 'wasm' ? wasmEngine : nativeEngine
  const described = engine.describe()
  const spy = vi.spyOn(engine, 'describe').mockReturnValue({ ...described, operations: 'others' })
  expect(await prepared(frozen)).toBe(160)
  spy.mockRestore()
  expect(await prepared(frozen)).toBe(0)
})

describe('augmented images', () => {
  const augment = { rotation: 20, shift: 0.1, horizontalFlip: true }
  /** Nothing moves, so that an epoch's loss tells which images it showed. */
  const still: Partial<TrainConfig> = { augment, optimizer: { name: 'sgd', rate: 0 } }
  const head = freeze(smallModel(), { layers: layersBut(smallModel(), 'predictions') })

  it('differ in every epoch, and are not cached; the features of the validation part are', async () => {
    const { history } = await outcome(head, still)
    expect(new Set(history.map(({ loss }) => loss.toFixed(6))).size).toBe(4)
    expect(files()).toHaveLength(1)
    expect(await prepared(head, still)).toBe(0)
  })

  it('in two versions alternate, and are cached in two files, without changing a bit', async () => {
    const kept = await outcome(head, { ...still, augmentVersions: 2 })
    expect(files()).toHaveLength(3)
    const [first, second, third, fourth] = kept.history.map(({ loss }) => loss)
    expect(third).toBeCloseTo(first, 6)
    expect(fourth).toBeCloseTo(second, 6)
    expect(second).not.toBeCloseTo(first, 4)
    expect(await outcome(head, { ...still, augmentVersions: 2, keepFeatures: false })).toEqual(kept)
  })

  it('in as many versions as epochs are those of training without the setting', async () => {
    const model = freeze(smallModel(), { through: 'conv2' })
    expect(await outcome(model, { augment, augmentVersions: 4 })).toEqual(await outcome(model, { augment }))
  })

  it.each<[string, Partial<TrainConfig>]>([
    ['no', { augment, augmentVersions: 0 }], ['half', { augment, augmentVersions: 0.5 }],
    ['two, without an augmentation,', { augmentVersions: 2 }],
  ])('in %s versions are refused', async (_, change) => {
    await expect(outcome(frozen, change)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

/** Names of all layers that hold numbers, but one. */
function layersBut({ architecture }: Model, one: string): string[] {
  return [...new Set(parameters(architecture).map(({ layer }) => layer))].filter(layer => layer !== one)
}

/** Two million numbers would take `toEqual` seconds to compare. */
function hash(numbers: Float32Array): string {
  return sha256(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
}

describe('indices in order', () => {
  it('are dealt to batches of nearly equal size, so that the last batch is not tiny', () => {
    expect(inOrder(5, 2).map(batch => [...batch])).toEqual([[0], [1, 2], [3, 4]])
    const sizes = inOrder(1985, 64).map(({ length }) => length)
    expect([sizes.length, Math.min(...sizes), Math.max(...sizes)]).toEqual([32, 62, 63])
    expect(inOrder(0, 64)).toEqual([])
  })
})

describe('a ResNet50 cut after its frozen stages', () => {
  const architecture = describeResNet50({ classes: 2, width: 'quarter', size: 32 })
  const base: Model = {
    ...smallModel(), architecture, weights: initialWeights(architecture, 1), size: 32,
  }
  const values = Float32Array.from({ length: 6 * 32 * 32 * 3 }, (_, i) => Math.sin(i * i) ** 2)
  const images = (from: number, to: number) => tensor(values.slice(from * 3072, to * 3072), [to - from, 32, 32, 3])

  describe.each(['stem', 'conv2', 'conv3', 'conv4', 'conv5'] as const)('through %s', stage => {
    const model = freeze(base, { through: stage })
    const boundary = frozenThrough(model)!
    const shape = architecture.layers.find(({ name }) => name === boundary)!.shape

    /** What the frozen layers give for images from one to another. */
    const features = (from: number, to: number) => {
      const front = new Network(model, 'infer', { through: boundary })
      const input = images(from, to), output = front.infer(input)
      const numbers = read(output)
      release(input, output)
      front.close()
      return numbers
    }
    /** A training step's scores, and hashes of its gradients. */
    const step = (network: Network, input: Tensor) => {
      const scores = network.trainForward(input, { seed: 0, step: 0 })
      const start = tensor(Float32Array.from({ length: 12 }, (_, i) => i - 5.5), [6, 2])
      const gradients = [...network.backward(start)].map(([name, one]) => [name, hash(read(one))])
      network.close()
      return { scores: read(scores), gradients }
    }

    it('takes the same steps as the whole network, to the bit', () => {
      const whole = step(new Network(model, 'train'), images(0, 6))
      const input = tensor(features(0, 6), [6, ...shape])
      expect(step(new Network(model, 'train', { after: boundary }), input)).toEqual(whole)
    })

    it('has features that do not depend on the other images of the batch', () => {
      const all = features(0, 6)
      const single = [0, 1, 2, 3, 4, 5].flatMap(i => [...features(i, i + 1)])
      const largest = Math.max(...all)
      // The processor's library may add up small batches in another order: some last places of float32.
      single.forEach((value, i) => { if (Math.abs(value - all[i]) > 2e-6 * largest) expect(value).toBe(all[i]) })
    })
  })
})
