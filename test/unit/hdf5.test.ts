import type { Dataset, File } from 'h5wasm'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { decodeHdf5, encodeHdf5, type Hdf5Group } from '../../src/lib/weights/formats/hdf5'
import { readHdf5 } from '../../src/lib/weights/formats/hdf5-thread'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

const group = (part: Partial<Hdf5Group>): Hdf5Group =>
  ({ attributes: new Map(), groups: new Map(), arrays: new Map(), ...part })

const tree = group({
  attributes: new Map<string, string | string[]>([
    ['model_config', `{"name": "é ${'x'.repeat(100_000)}"}`], ['layer_names', ['conv1_conv', 'conv1_bn']], ['none', []],
  ]),
  groups: new Map([['conv1_conv', group({
    attributes: new Map([['weight_names', ['conv1_conv/kernel:0']]]),
    groups: new Map([['conv1_conv', group({
      arrays: new Map([
        ['kernel:0', { shape: [1, 2, 1, 3], values: Float32Array.of(0, 1e-38, -1e38, Math.fround(1 / 3), NaN, -0) }],
        ['empty', { shape: [0], values: new Float32Array(0) }],
        ['one', { shape: [], values: Float32Array.of(7) }],
      ]),
    })]]),
  })], ['conv1_bn', group({})]]),
})

/** A file with what this library never writes. */
async function made(fill: (file: File) => void): Promise<Uint8Array> {
  const { File, FS, ready } = await import('h5wasm')
  await ready
  const file = new File('/tmp/made.h5', 'w')
  fill(file)
  file.close()
  return FS!.readFile('/tmp/made.h5')
}

describe('HDF5', () => {
  it('is read as it was written: groups, texts of any length, every bit of the numbers', async () => {
    expect(await decodeHdf5(await encodeHdf5(tree), 'test')).toEqual(tree)
  })

  it('several can be written and read at a time', async () => {
    const trees = [1, 2, 3].map(n => group({ arrays: new Map([['n', { shape: [1], values: Float32Array.of(n) }]]) }))
    const read = await Promise.all(trees.map(async one => decodeHdf5(await encodeHdf5(one), 'test')))
    expect(read).toEqual(trees)
  })

  it('a damaged file is a typed error, wherever it is cut', async () => {
    const bytes = await encodeHdf5(tree)
    for (const length of [0, 7, 100, Math.floor(bytes.length / 2), bytes.length - 1])
      await expect(decodeHdf5(bytes.subarray(0, length), 'cut.h5')).rejects.toThrow(/bad-tensor-file.*cut\.h5/)
    await expect(decodeHdf5(Buffer.from('not HDF5 at all'.repeat(100)), 'text.h5')).rejects.toThrow(/bad-tensor-file/)
  })

  it('circular links cause an error, links to other files are left out', async () => {
    const circle = await made(file => file.create_hard_link('/', 'inside'))
    await expect(decodeHdf5(circle, 'circle.h5')).rejects.toThrow(/bad-tensor-file.*circle\.h5/)
    const elsewhere = await made(file => {
      file.create_external_link('/etc/passwd', '/', 'users')
      file.create_soft_link('/nowhere', 'broken')
      file.create_dataset({ name: 'n', data: new Float64Array([0.1]) })
      file.create_dataset({ name: 'counter', data: new BigInt64Array([5n]) })
    })
    const arrays = new Map([['n', { shape: [1], values: Float32Array.of(0.1) }]])
    expect(await decodeHdf5(elsewhere, 'test')).toEqual(group({ arrays }))
  })

  it('a small file whose group comes many times is not read as many times', async () => {
    const bytes = (kind: string, links: number, length: number) => made(file => {
      const text = 'x'.repeat(length)
      const own = file.create_group('own')
      if (kind === 'text') own.create_attribute('long', text, [], 'S')
      else own.create_attribute('long', [text], [1], `A${length + 1}`)
      for (let i = 0; i < links; i++) file.create_hard_link('/own', `link ${i}`)
    })
    for (const kind of ['text', 'list of texts']) {
      const many = await bytes(kind, 300, 60_000)
      expect(many.length).toBeLessThan(500_000)
      await expect(decodeHdf5(many, 'many.h5')).rejects.toThrow(/bad-tensor-file.*texts of at most.*many\.h5/)
      expect((await decodeHdf5(await bytes(kind, 200, 60_000), 'test')).groups.size).toBe(201)
    }
  })

  it('attributes count as entries', async () => {
    const many = await made(file => {
      const own = file.create_group('own')
      for (let i = 0; i < 200; i++) own.create_attribute(`a${i}`, '', [], 'S')
      for (let i = 0; i < 100; i++) file.create_hard_link('/own', `link ${i}`)
    })
    await expect(decodeHdf5(many, 'many.h5')).rejects.toThrow(/bad-tensor-file.*20000 groups, arrays and attributes/)
  })

  it('numbers that are left out take no memory, whatever shape they claim', async () => {
    const claim = await made(file => {
      // Nothing is stored of an array of chunks until it is written: unpacked, these would be three gigabytes.
      file.create_dataset({ name: 'n', data: new Int8Array(1), shape: [1], maxshape: [3e9], chunks: [1e6], dtype: '<b' })
      ;(file.get('n') as Dataset).resize([3e9])
    })
    expect(claim.length).toBeLessThan(2_000_000)
    expect(await decodeHdf5(claim, 'claim.h5')).toEqual(group({}))
  })

  it('a file that does not exist is named in the error', async () => {
    await expect(readHdf5('/nowhere/weights.h5')).rejects.toThrow(/data-missing.*nowhere/)
  })

  it('a file that is read for ever, and one that would take gigabytes, are refused; the next file is read', async () => {
    const hostile = (name: string) => inProject('test', 'fixtures', 'hostile', name)
    await expect(readHdf5(hostile('endless.h5'))).rejects.toThrow(/bad-tensor-file.*endless\.h5.*does not come to an end/)
    await expect(readHdf5(hostile('fill.h5'))).rejects.toThrow(/bad-tensor-file.*arrays of at most 16788416 bytes.*fill\.h5/)
    const path = folder('whole.h5')
    writeFileSync(path, await encodeHdf5(tree))
    expect(await readHdf5(path)).toEqual(tree)
  })
})
