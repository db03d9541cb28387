import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { listOwnWeights, loadOwnWeights, saveOwnWeights } from '../../src/lib/weights/own'

const folder = mkdtempSync(join(tmpdir(), 'own-weights-'))
afterAll(() => rmSync(folder, { recursive: true }))

const card = {
  name: 'tiny-half', description: 'Two arrays.', recipe: { steps: 1 }, result: { accuracy: 1 }, seconds: 1,
  machine: 'native, 1 thread', licence: 'Apache-2.0',
}
const tensors = new Map([
  ['conv1_conv/kernel', { shape: [2], values: Float32Array.of(Math.PI, 1) }],
  ['conv1_bn/moving_variance', { shape: [2], values: Float32Array.of(1e6, 1e-9) }],
])

describe('own weights', () => {
  it('come back with their card: kernels at half precision, the rest exact', async () => {
    const saved = await saveOwnWeights(card, tensors, folder)
    const { card: read, weights } = await loadOwnWeights('tiny', 'half', folder)
    expect(read).toEqual(saved)
    expect(read).toMatchObject({ ...card, parameters: 4 })
    expect([...weights.get('conv1_conv/kernel')!]).toEqual([3.140625, 1])
    expect(weights.get('conv1_bn/moving_variance')).toEqual(tensors.get('conv1_bn/moving_variance')!.values)
    expect(listOwnWeights(folder)).toEqual(['tiny-half'])
  })

  it('that do not exist are answered with those that do', async () => {
    await expect(loadOwnWeights('huge', 'half', folder)).rejects.toThrow(/unknown-weights.*tiny-half.*huge-half/)
    await expect(loadOwnWeights('tiny', 'half', join(folder, 'nowhere'))).rejects.toThrow(/unknown-weights/)
    await expect(loadOwnWeights('../tiny', 'half', folder)).rejects.toThrow(/unknown-weights/)
  })

  it('that are not those of the card are refused', async () => {
    const other = await saveOwnWeights({ ...card, name: 'other-half' }, tensors, folder)
    writeFileSync(join(folder, 'other-half.json'), JSON.stringify({ ...other, sha256: '0' }))
    await expect(loadOwnWeights('other', 'half', folder)).rejects.toThrow(/weights-mismatch/)
  })
})
