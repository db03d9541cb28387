import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { listProjectWeights, loadProjectWeights, projectWeightsName, saveProjectWeights } from '../../src/lib/weights/project-weights'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()()

const card = {
  name: 'resnet50-tiny-half', description: 'Two arrays.', recipe: { steps: 1, preprocessing: 'centered' },
  result: { accuracy: 1 }, seconds: 1, machine: 'native, 1 thread', licence: 'Apache-2.0',
} as const
const tensors = new Map([
  ['conv1_conv/kernel', { shape: [2], values: Float32Array.of(Math.PI, 1) }],
  ['conv1_bn/moving_variance', { shape: [2], values: Float32Array.of(1e6, 1e-9) }],
])

describe('the project’s weights', () => {
  it('come back with their card: kernels at half precision, the rest exact', async () => {
    const saved = await saveProjectWeights(card, tensors, folder)
    const { card: read, weights } = await loadProjectWeights('tiny', 'half', folder)
    expect(read).toEqual(saved)
    expect(read).toMatchObject({ ...card, parameters: 4 })
    expect([...weights.get('conv1_conv/kernel')!.values]).toEqual([3.140625, 1])
    expect(weights.get('conv1_bn/moving_variance')).toEqual(tensors.get('conv1_bn/moving_variance'))
    expect(listProjectWeights(folder)).toEqual(['resnet50-tiny-half'])
  })

  it('are named after their training data, and after their width unless it is full', () => {
    expect(projectWeightsName('fractal', 'full')).toBe('resnet50-fractal')
    expect(projectWeightsName('fractal', 'quarter')).toBe('resnet50-fractal-quarter')
  })

  it('take one byte for each number of a kernel on request, and the card says so', async () => {
    const saved = await saveProjectWeights({ ...card, name: 'resnet50-small' }, tensors, folder, 'int8')
    const { card: read, weights } = await loadProjectWeights('small', 'full', folder)
    expect([saved.kernels, read.kernels]).toEqual(['int8', 'int8'])
    // Each number is the only one of its output channel, so it is its own scale.
    expect(weights.get('conv1_conv/kernel')!.values[0]).toBeCloseTo(Math.PI, 6)
    expect(weights.get('conv1_bn/moving_variance')).toEqual(tensors.get('conv1_bn/moving_variance'))
  })

  it('that do not exist are refused with the names of those that do', async () => {
    await expect(loadProjectWeights('huge', 'half', folder))
      .rejects.toThrow(/unknown-weights.*resnet50-tiny-half.*huge-half/)
    await expect(loadProjectWeights('tiny', 'half', join(folder, 'nowhere'))).rejects.toThrow(/unknown-weights/)
    await expect(loadProjectWeights('../tiny', 'half', folder)).rejects.toThrow(/unknown-weights/)
  })

  it('that do not have the hash on their card are refused', async () => {
    const other = await saveProjectWeights({ ...card, name: 'resnet50-other-half' }, tensors, folder)
    writeFileSync(join(folder, 'resnet50-other-half.json'), JSON.stringify({ ...other, sha256: '0' }))
    await expect(loadProjectWeights('other', 'half', folder)).rejects.toThrow(/weights-mismatch/)
  })

  it.each([
    ['half a card', '{"name": "resnet50-odd-ha'], ['a list', '[]'], ['nothing but null', 'null'],
    ['an unknown preprocessing', JSON.stringify({ sha256: '0', recipe: { preprocessing: 'toString' } })],
  ])('with %s as their card are refused', async (_, json) => {
    await saveProjectWeights({ ...card, name: 'resnet50-odd-half' }, tensors, folder)
    writeFileSync(join(folder, 'resnet50-odd-half.json'), json)
    await expect(loadProjectWeights('odd', 'half', folder)).rejects.toThrow(/weights-mismatch.*resnet50-odd-half\.json/)
  })

  it('never lie in the folder without a card, even if saving is interrupted', async () => {
    const broken = join(folder, 'broken off')
    // A folder in the card's place stands in for whatever ends the process between the two.
    mkdirSync(join(broken, 'resnet50-broken.json', 'inner'), { recursive: true })
    await expect(saveProjectWeights({ ...card, name: 'resnet50-broken' }, tensors, broken))
      .rejects.toMatchObject({ code: 'write-failed' })
    expect(listProjectWeights(broken)).toEqual([])
  })

  it('of another shape are refused, even with the right count of numbers', async () => {
    const made = await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'quarter', size: 32 })
    const turned = new Map(parameters(made.architecture).map(({ name, shape }) =>
      [name, { shape: [...shape].reverse(), values: made.weights.get(name)! }]))
    await saveProjectWeights({ ...card, name: 'resnet50-turned' }, turned, folder)
    const weightsFile = join(folder, 'resnet50-turned.tensors')
    await expect(resnet50({ classes: ['a', 'b'], weights: 'own', weightsFile, width: 'quarter', size: 32 })).rejects
      .toThrow(/weights-mismatch.*conv1_conv\/kernel with shape \[7, 7, 3, 16\], received shape \[16, 3, 7, 7\]/)
  })

  it('with a negative variance are refused', async () => {
    const made = await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'quarter', size: 32 })
    made.weights.get('conv5_block3_3_bn/moving_variance')!.set([-1e-3], 2)
    const negative = new Map(parameters(made.architecture).map(({ name, shape }) =>
      [name, { shape, values: made.weights.get(name)! }]))
    await saveProjectWeights({ ...card, name: 'resnet50-negative' }, negative, folder)
    const weightsFile = join(folder, 'resnet50-negative.tensors')
    await expect(resnet50({ classes: ['a', 'b'], weights: 'own', weightsFile, width: 'quarter', size: 32 })).rejects
      .toThrow(/bad-tensor-file.*conv5_block3_3_bn\/moving_variance with -0\.001/)
  })

  it('cut short are refused', async () => {
    await saveProjectWeights({ ...card, name: 'resnet50-cut-half' }, tensors, folder)
    writeFileSync(join(folder, 'resnet50-cut-half.tensors'), 'LABTENS1')
    await expect(loadProjectWeights('cut', 'half', folder)).rejects.toThrow(/weights-mismatch/)
  })
})
