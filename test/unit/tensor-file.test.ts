import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeTensors, encodeTensors, readTensorFile, writeTensorFile, type TensorFile } from '../../src/lib/weights/formats/tensor-file'

const content: TensorFile = {
  meta: { step: 3, note: 'größer' },
  tensors: new Map([
    ['conv1_conv/kernel', { shape: [2, 3], values: Float32Array.of(0, -1, 0.5, 1e-3, 65504, 3) }],
    ['odd', { shape: [3], values: Float32Array.of(Math.PI, -0, 2) }],
    ['scalar', { shape: [], values: Float32Array.of(7) }],
    ['empty', { shape: [0, 4], values: new Float32Array(0) }],
  ]),
}
const folder = mkdtempSync(join(tmpdir(), 'tensor-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file with the right SHA-256 around any header and any number of bytes of data. */
function forged(header: unknown, dataLength: number, headerLength?: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(headerLength ?? text.length)
  const body = Buffer.concat([length, text, Buffer.alloc(dataLength)])
  return Buffer.concat([Buffer.from('LABTENS1'), createHash('sha256').update(body).digest(), body])
}
const entry = (changes: object) => ({ meta: {}, tensors: [{ name: 'a', shape: [2], type: 'float32', ...changes }] })

describe('a tensor file', () => {
  it('returns every bit, name and shape, in order', async () => {
    const path = join(folder, 'a.tensors')
    await writeTensorFile(path, content)
    const read = await readTensorFile(path)
    expect(read).toEqual(content)
    expect([...read.tensors.keys()]).toEqual([...content.tensors.keys()])
  })

  it('stores chosen arrays as float16', () => {
    const bytes = encodeTensors(content, name => name === 'odd' ? 'float16' : 'float32')
    expect(bytes.length).toBe(encodeTensors(content).length - 3 * 2)
    expect([...decodeTensors(bytes, 'here').tensors.get('odd')!.values]).toEqual([3.140625, -0, 2])
  })

  it('stores chosen arrays as int8: a byte for each number, and a scale for each index of the last axis', () => {
    const bytes = encodeTensors(content, name => name === 'conv1_conv/kernel' ? 'int8' : 'float32')
    expect(bytes.length).toBe(encodeTensors(content).length - 6 * 4 - 'float32'.length + (6 + 3 * 4) + 'int8'.length)
    const { shape, values } = decodeTensors(bytes, 'here').tensors.get('conv1_conv/kernel')!
    expect(shape).toEqual([2, 3])
    // Columns 0 and 1e-3; −1 and 65,504; .5 and 3: their largest are exact, the rest whole multiples of largest / 127.
    expect([...values].map(Math.fround)).toEqual([0, 0, 21 * 3 / 127, 1e-3, 65504, 3].map(Math.fround))
    const all = encodeTensors(content, () => 'int8')
    expect([...decodeTensors(all, 'here').tensors.values()].map(({ values }) => values.length)).toEqual([6, 3, 1, 0])
    expect(decodeTensors(all, 'here').tensors.get('scalar')!.values[0]).toBeCloseTo(7, 6)
  })

  it('refuses to store what float16 cannot hold, or a shape that does not fit', () => {
    const one = (value: number, shape = [1]) => ({ meta: {}, tensors: new Map([['a', { shape, values: Float32Array.of(value) }]]) })
    expect(() => encodeTensors(one(65520), () => 'float16')).toThrow(/bad-argument.*65,504.*65520/)
    expect(() => encodeTensors(one(NaN), () => 'float16')).toThrow(/bad-argument/)
    expect(() => encodeTensors(one(Infinity), () => 'int8')).toThrow(/bad-argument.*finite.*Infinity/)
    expect(() => encodeTensors(one(1, [2]))).toThrow(/bad-argument/)
  })

  it('is refused when it is cut anywhere, and when any byte has changed', () => {
    const bytes = encodeTensors(content)
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeTensors(bytes.subarray(0, length), 'cut')).toThrow(/bad-tensor-file/)
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes)
      changed[at] ^= 1
      expect(() => decodeTensors(changed, 'changed')).toThrow(/bad-tensor-file/)
    }
  })

  it.each([
    ['a header longer than the file', forged(entry({}), 8, 4e9)],
    ['a header that is no JSON', forged('{', 0)],
    ['a header that is a list', forged([], 0)],
    ['a header without tensors', forged({ meta: {} }, 0)],
    ['too little data', forged(entry({}), 7)],
    ['data left over', forged(entry({}), 9)],
    ['a negative side', forged(entry({ shape: [-2] }), 8)],
    ['a fraction of a side', forged(entry({ shape: [1.5] }), 6)],
    ['sides whose product is beyond all bounds', forged(entry({ shape: [2 ** 52, 2 ** 52] }), 8)],
    ['sides that multiply to infinity', forged(entry({ shape: Array(40).fill(2 ** 52) }), 8)],
    ['infinity times nothing', forged(entry({ shape: [...Array(40).fill(2 ** 52), 0] }), 8)],
    ['an unknown type', forged(entry({ type: 'int4' }), 2)],
    ['int8 numbers without their scales', forged(entry({ type: 'int8' }), 2)],
    ['no name', forged(entry({ name: '' }), 8)],
    ['a name twice', forged({ meta: {}, tensors: [...entry({}).tensors, ...entry({}).tensors] }, 16)],
  ])('with the right hash but %s is refused', (_, bytes) => {
    expect(() => decodeTensors(bytes, 'forged')).toThrow(/bad-tensor-file/)
  })

  it('with the right hash and lengths is read', () => {
    expect(decodeTensors(forged(entry({}), 8), 'forged').tensors.get('a')!.values).toEqual(new Float32Array(2))
  })

  it('that does not exist is named in the error', async () => {
    await expect(readTensorFile(join(folder, 'none'))).rejects.toThrow(/data-missing/)
  })
})
