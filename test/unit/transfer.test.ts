import { describe, expect, test } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { transfer, transferSplit } from '../../src/lib/experiments/transfer'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { saveProjectWeights } from '../../src/lib/weights/project-weights'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const dataset = openPhantom({ patients: 20, slicesPerPatient: 2, size: 64 })
/** Cancelled before its first step, a run gives back what it starts from. */
const signal = AbortSignal.abort()

describe('transfer', () => {
  test('starts from the weights of a file, or from scratch, with the same head', async () => {
    const split = transferSplit(await dataset, 'blocks')
    const { architecture, weights } = await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'quarter', seed: 9 })
    const stages = parameters(architecture).filter(({ name }) => /^conv/.test(name))
    await saveProjectWeights({
      name: 'made', description: 'Made up.', recipe: { preprocessing: 'centered' }, result: {}, seconds: 0,
      machine: 'none', licence: 'none',
    }, new Map(stages.map(({ name, shape }) => [name, { shape, values: weights.get(name)! }])), path())

    const scratch = (await transfer(null, 'quarter', split, 1, { signal })).model
    const { model } = await transfer(path('made.tensors'), 'quarter', split, 1, { signal })
    expect([scratch.start, model.start]).toEqual(['random', 'made'])
    expect(model.weights.get('predictions/kernel')).toEqual(scratch.weights.get('predictions/kernel'))
    const kernel = 'conv1_conv/kernel'
    model.weights.get(kernel)!.forEach((value, i) => expect(value).toBeCloseTo(weights.get(kernel)![i], 3))
  })

  test.each(['random', 'blocks'] as const)('%s: a fifth is left for tests, a fifth of the rest validates', async kind => {
    const { train, validation, test: unseen } = transferSplit(await dataset, kind)
    const counts = [train, validation, unseen].map(({ indices }) => indices.length)
    // Of 40 images: 8, then a fifth of 32 as far as whole patients allow.
    expect(counts[2]).toBe(8)
    expect(Math.abs(counts[1] - 6.4)).toBeLessThan(2)
    expect(new Set([train, validation, unseen].flatMap(({ indices }) => [...indices])).size).toBe(40)
  })
})
