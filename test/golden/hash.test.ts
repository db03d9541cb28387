import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { images, positions, tensor } from './hash'
import golden from './hash.json'

const sha256 = (values: Float32Array) => createHash('sha256').update(values).digest('hex')

describe('the hashed test values', () => {
  it.each(Object.entries(golden.tensors))('%s has the bits that numpy computes', (name, expected) => {
    const values = tensor(name, expected.shape)
    expect([...values.slice(0, 4)]).toEqual(expected.first)
    expect(sha256(values)).toBe(expected.sha256)
  })

  it('images have the bits that numpy computes', () => {
    expect(sha256(images('images', golden.images.shape))).toBe(golden.images.sha256)
  })

  it('positions are the same in both languages', () => {
    expect(positions('conv1_relu', 65536, 8)).toEqual(golden.positions)
  })
})
