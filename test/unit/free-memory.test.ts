/** How much memory is free, as Linux and its control groups tell, and work that does not fit. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadBinding } from '../../src/lib/engine/native/binding'
import { requirePredictionMemory } from '../../src/lib/inference/prediction-memory'
import { countPredictionBytes, countTrainingBytes } from '../../src/lib/model/needed-memory'
import { describeResNet50, type NetworkOptions } from '../../src/lib/model/resnet50-layers'
import { findLearningRate, freeze, predict, train, type Model } from '../../src/lib/index'
import { freeMemory } from '../../src/lib/system/free-memory'
import { trainContrastively } from '../../src/lib/training/contrastive/contrastive'
import { removeLabels } from '../../src/lib/training/contrastive/images'
import { requireTrainingMemory } from '../../src/lib/training/training-memory'
import { smallDataset, smallSplit } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

describe('freeMemory', () => {
  const meminfo = 'MemTotal:       24000 kB\nMemFree:         1000 kB\nMemAvailable:    9000 kB\nSwapFree:        500 kB\n'

  /** A file system with these files. */
  const rootWith = (name: string, files: Record<string, string>) => {
    const root = folder(name)
    for (const [path, text] of Object.entries({ 'proc/meminfo': meminfo, ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return root
  }

  test('counts what programs do not hold, and swap', () => expect(freeMemory(rootWith('plain', {}))).toBe(9500 * 1024))

  test('stays within the tightest limit of the groups above the process, without the files that the kernel caches', () => {
    expect(freeMemory(rootWith('second version', {
      'proc/self/cgroup': '0::/job/step\n',
      'sys/fs/cgroup/job/memory.max': '5000000\n', 'sys/fs/cgroup/job/memory.current': '4000000\n',
      'sys/fs/cgroup/job/memory.stat': 'anon 1000000\ninactive_file 1500000\nactive_file 200000\n',
      'sys/fs/cgroup/job/step/memory.max': 'max\n', 'sys/fs/cgroup/job/step/memory.current': '4000000\n',
    }))).toBe(2_700_000)
  })

  test('knows the first version of control groups, and a container that shows the root only', () => {
    expect(freeMemory(rootWith('first version', {
      'proc/self/cgroup': '9:name=systemd:/\n4:memory:/docker/1f\n0::/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '3000000\n', 'sys/fs/cgroup/memory/memory.usage_in_bytes': '2500000\n',
      'sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 100000\ntotal_active_file 50000\n',
    }))).toBe(650_000)
  })

  test('is 0 where a group is over its limit', () => {
    expect(freeMemory(rootWith('over', {
      'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': '1000\n', 'sys/fs/cgroup/memory.current': '2000\n',
    }))).toBe(0)
  })

  test('is unknown where the system does not tell', () => expect(freeMemory(folder('nothing'))).toBeNull())
})

/** A model without numbers: memory is counted from its layers. */
function modelOf(options: Omit<NetworkOptions, 'classes'>): Model {
  return {
    name: 'counted', architecture: describeResNet50({ classes: 2, ...options }), weights: new Map(), frozen: new Set(),
    labels: ['a', 'b'], size: options.size ?? 64, preprocessing: 'unit', start: 'random',
  }
}

/** What steps took, in MiB of resident memory: a process each, three steps, the peak less what it had before. */
test.each([
  ['quarter', 64, 64, 2, 206], ['quarter', 128, 64, 2, 573], ['half', 64, 64, 1, 332], ['full', 64, 16, 2, 477],
  ['full', 64, 64, 2, 816], ['full', 224, 8, 2, 1142],
] as const)('the estimate for %s width, %i pixels, %i images lies within a quarter of what was measured',
  (width, size, images, slots, measured) => {
    const estimate = countTrainingBytes(modelOf({ width, size }), { images, slots }) / 2 ** 20
    expect(estimate / measured).toBeGreaterThan(0.75)
    expect(estimate / measured).toBeLessThan(1.25)
  })

/**
 * The highest resident memory of three steps, in MiB: test/simulation/step-memory.ts on two threads, with TensorFlow
 * 2.20. What trains: everything, the head, or nothing in a forward pass.
 */
describe.each([
  ['eager', { all: [167, 532, 858, 873, 1098], head: [42, 187, 199, 241, 235], forward: [43, 192, 204, 228, 272] }],
  ['graph', { all: [242, 564, 903, 912, 1195], head: [73, 198, 238, 217, 287], forward: [71, 247, 238, 237, 263] }],
  ['xla', { all: [542, 883, 1439, NaN, 2023], head: [NaN, NaN, 419], forward: [NaN, NaN, 425] }],
] as const)('with LAB_STEP=%s, work that is not refused fits', (steps, measured) => {
  const sizes = [['quarter', 64, 64], ['full', 64, 16], ['full', 64, 64], ['full', 128, 16], ['full', 224, 8]] as const
  const adam = { name: 'adam', rate: 1 } as const

  const capabilities = loadBinding().capabilities, before = capabilities.steps
  beforeEach(() => { capabilities.steps = steps })
  afterEach(() => { capabilities.steps = before })

  test.each(sizes.flatMap(([width, size, images], i) => (Object.keys(measured) as (keyof typeof measured)[])
    .flatMap(kind => (measured[kind][i] > 0 ? [[width, size, images, kind, measured[kind][i]] as const] : []))))(
    '%s width, %i pixels, %i images, %s', (width, size, images, kind, peak) => {
      const whole = modelOf({ width, size }), free = peak * 2 ** 20 - 1
      const model = kind === 'head' ? freeze(whole, { through: 'conv5' }) : whole
      expect(() => (kind === 'forward' ? requirePredictionMemory(model, images, free)
        : requireTrainingMemory(model, adam, { batch: images, count: images }, free)))
        .toThrow(expect.objectContaining({ code: 'too-large' }))
    })
})

test('frozen layers need no memory for a backward pass, predictions none for any', () => {
  const model = modelOf({ size: 128 }), step = { images: 64, slots: 2 }
  const frozen = countTrainingBytes(freeze(model, { through: 'conv4' }), step)
  expect(frozen).toBeLessThan(countTrainingBytes(model, step) / 3)
  expect(countPredictionBytes(model, 64)).toBeLessThan(countTrainingBytes(model, step) / 3)
})

describe('work that does not fit is refused before it begins', () => {
  const model = modelOf({ size: 512 }), adam = { name: 'adam', rate: 1 } as const

  test('training', () => {
    expect(() => requireTrainingMemory(model, adam, { batch: 64, count: 900 }, 8e9)).toThrow(
      'too-large: expected steps of 64 images of 512 × 512 pixels to fit into the 8.0 GB of memory that are free, '
      + 'received a need for about 36.2 GB. Choose a smaller batch, smaller images or a narrower network, freeze more '
      + 'layers, or close other programs.')
    expect(() => requireTrainingMemory(model, adam, { batch: 64, count: 8 }, 8e9)).not.toThrow()
    expect(() => requireTrainingMemory(model, adam, { batch: 64, count: 900 }, null)).not.toThrow()
  })

  test('frozen layers that are computed first', () => {
    const frozen = freeze(model, { through: 'conv5' })
    expect(() => requireTrainingMemory(frozen, adam, { batch: 2, count: 900 }, 3e9)).toThrow('batches of 64 images')
    expect(() => requireTrainingMemory(frozen, adam, { batch: 2, count: 9 }, 3e9)).not.toThrow()
  })

  test('whoever asks for it', async () => {
    const model = { ...modelOf({ size: 1024 }), labels: ['bright', 'dark'] }, split = smallSplit(smallDataset(20_000))
    const batch = 8192, config = { epochs: 1, batch, optimizer: adam }
    for (const work of [
      () => train(model, split, config), () => findLearningRate(model, split.train, { batch }),
      () => trainContrastively({ ...model, size: 512 }, removeLabels(split), { epochs: 1, batch }),
      () => predict(model, split.train, { batch }),
    ]) await expect(work()).rejects.toMatchObject({ code: 'too-large' })
    // The frozen layers compute whole batches where their outputs are not stored, else 64 images at a time.
    const frozen = freeze({ ...modelOf({ size: 256 }), labels: ['bright', 'dark'] }, { through: 'conv5' })
    await expect(train(frozen, split, { ...config, keepFeatures: false })).rejects
      .toThrow('too-large: expected batches of 8192 images of 256')
  })

  test('predictions', () => {
    expect(() => requirePredictionMemory(model, 64, 3e9)).toThrow('too-large: expected batches of 64 images of 512 × 512 pixels')
    expect(() => requirePredictionMemory(model, 16, 3e9)).not.toThrow()
  })
})
