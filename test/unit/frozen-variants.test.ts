/** Published networks differ in strides, ε and preprocessing: what is frozen stays, and features are not mixed up. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Variant } from '../../src/lib/model/architecture'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import type { Preprocessing } from '../../src/lib/model/preprocessing'
import { train } from '../../src/lib/training/train'
import '../fixtures/one-thread'
import { hashedNetwork } from '../fixtures/hashed-network'
import { smallDataset, smallSplit } from '../fixtures/small-model'

const labels = ['bright', 'dark', 'neither']
const split = smallSplit({ ...smallDataset(30), labels })
/** Hashed numbers, the same in both variants. */
const network = (variant: Variant, preprocessing: Preprocessing) => freeze(
  { ...hashedNetwork({ size: 32, width: 'quarter', variant }), preprocessing, labels },
  { through: 'conv4' },
)

beforeEach(() => rmSync(join(process.env.LAB_DATA_FOLDER!, 'features'), { recursive: true, force: true }))

/** A model after two epochs, and how many images its frozen layers were run on beforehand. */
async function trained(start: Model, keepFeatures = true): Promise<{ model: Model; prepared: number }> {
  let prepared = 0
  const onPreparing = (done: number, count: number) => { if (done === count) prepared += count }
  const config = { epochs: 2, batch: 8, optimizer: { name: 'adamw', rate: 1e-2 }, keepFeatures, seed: 0 } as const
  const { model } = await train(start, split, config, { onPreparing })
  return { model, prepared }
}

describe.each([['v1', 'caffe'], ['v1.5', 'torch']] as const)('%s with preprocessing %s', (variant, preprocessing) => {
  it.each([true, false])('keeps every number of its frozen stages while the rest learns; features kept: %s', async keep => {
    const before = network(variant, preprocessing)
    const { model } = await trained(before, keep)
    const moved = [...before.weights].filter(([name, values]) => {
      const now = model.weights.get(name)!
      return values.some((value, i) => value !== now[i])
    }).map(([name]) => name)
    // Batch normalization takes off again what a bias before it adds: nothing moves those.
    const learning = /^conv5_.*(conv\/kernel|_bn\/\w+)$|^predictions/
    expect(moved).toEqual([...before.weights.keys()].filter(name => learning.test(name)))
  })
})

it('features are those of the variant and the preprocessing: others are computed again', async () => {
  const images = split.train.indices.length + split.validation.indices.length
  for (const [variant, preprocessing] of [['v1', 'caffe'], ['v1.5', 'caffe'], ['v1.5', 'torch']] as const) {
    expect((await trained(network(variant, preprocessing))).prepared).toBe(images)
    expect((await trained(network(variant, preprocessing))).prepared).toBe(0)
  }
})
