import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { listOwnWeights, ownWeights, saveOwnWeights } from '../../src/lib/weights/own'

const folder = mkdtempSync(join(tmpdir(), 'own-weights-'))
afterAll(() => rmSync(folder, { recursive: true }))

const card = {
  name: 'tiny', description: 'Two arrays.', recipe: { steps: 1 }, result: { accuracy: 1 }, seconds: 1,
  machine: 'native, 1 thread', licence: 'Apache-2.0',
}
const tensors = new Map([
  ['conv1_conv/kernel', { shape: [2], values: Float32Array.of(Math.PI, 1) }],
  ['conv1_bn/moving_variance', { shape: [2], values: Float32Array.of(1e6, 1e-9) }],
])

describe('own weights', () => {
  it('come back with their card: kernels at half precision, the rest exact', async () => {
    const saved = await saveOwnWeights(card, tensors, folder)
    const { card: read, tensors: values } = await ownWeights('tiny', folder)
    expect(read).toEqual(saved)
    expect(read).toMatchObject({ ...card, parameters: 4 })
    expect([...values.get('conv1_conv/kernel')!.values]).toEqual([3.140625, 1])
    expect(values.get('conv1_bn/moving_variance')).toEqual(tensors.get('conv1_bn/moving_variance'))
    expect(listOwnWeights(folder)).toEqual(['tiny'])
  })

  it('that do not exist are answered with those that do', async () => {
    await expect(ownWeights('huge', folder)).rejects.toThrow(/unknown-weights.*tiny.*huge/)
    await expect(ownWeights('tiny', join(folder, 'nowhere'))).rejects.toThrow(/unknown-weights/)
    await expect(ownWeights('../tiny', folder)).rejects.toThrow(/unknown-weights/)
  })

  it('that are not those of the card are refused', async () => {
    const other = await saveOwnWeights({ ...card, name: 'other' }, tensors, folder)
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...other, sha256: '0' }))
    await expect(ownWeights('other', folder)).rejects.toThrow(/weights-mismatch/)
  })
})
