/** Files of weights as other programs write them: small files of the same structure, and every way to damage them. */
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { resnet50 } from '../../src/lib/weights/resnet50'
import type { ResNet50Options } from '../../src/lib/weights/resnet50-options'
import type { Values } from '../../src/lib/weights/formats/tensor-file'
import { encodeHdf5, type Hdf5Group } from '../../src/lib/weights/formats/hdf5'
import { readKerasWeights } from '../../src/lib/weights/formats/keras-h5'
import { decodeSafetensors } from '../../src/lib/weights/formats/safetensors'
import { fromTorch } from '../../src/lib/weights/formats/torch-names'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const options: ResNet50Options = { classes: ['a', 'b'], weights: 'imagenet', width: 'quarter', size: 32 }
const wanted = parameters(describeResNet50({ classes: 2, width: 'quarter', size: 32 })).filter(({ layer }) => layer !== 'predictions')

/** Each array is filled with its index in the list. */
const numbered = (names = wanted): [string, Values][] => names.map(({ name, shape }, i) =>
  [name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b)).fill(i) }])

function group(
  attributes: Record<string, readonly string[]>, groups: [string, Hdf5Group][] = [], arrays: [string, Values][] = [],
): Hdf5Group {
  return { attributes: new Map(Object.entries(attributes)), groups: new Map(groups), arrays: new Map(arrays) }
}

/** A file as Keras lays it out, TensorFlow's ':0' behind each name; `names` gives the root's attributes. */
async function kerasFile(
  file: string, arrays: [string, Values][],
  names = (layers: string[]): Record<string, string[]> => ({ layer_names: layers }),
): Promise<string> {
  const layers = [...new Set(arrays.map(([name]) => name.split('/')[0]))]
  const groups = layers.map((layer): [string, Hdf5Group] => {
    const own = arrays.filter(([name]) => name.startsWith(`${layer}/`))
    const inner = group({}, [], own.map(([name, values]) => [`${name.split('/')[1]}:0`, values]))
    return [layer, group({ weight_names: own.map(([name]) => `${name}:0`) }, [[layer, inner]])]
  })
  writeFileSync(path(file), await encodeHdf5(group(names(layers), groups)))
  return path(file)
}

/** A safetensors file of a header and so many bytes. */
function safetensors(header: unknown, bytes: number | Uint8Array = 0): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes])
}

describe('a file of Keras\'s', () => {
  it('fills the stages by name and shape; the head gets random numbers', async () => {
    const extra: [string, Values][] = [['predictions/kernel', { shape: [512, 1000], values: new Float32Array(512_000) }]]
    const weightsFile = await kerasFile('whole.h5', [...numbered().reverse(), ...extra])
    const model = await resnet50({ ...options, weightsFile })
    for (const [i, { name }] of wanted.entries()) expect(new Set(model.weights.get(name)), name).toEqual(new Set([i]))
    expect(model.weights.get('predictions/kernel')).toHaveLength(1024)
    expect(model).toMatchObject({ preprocessing: 'caffe', start: 'whole.h5' })
  })

  it('may list its layers in several attributes', async () => {
    const file = await kerasFile('pieces.h5', numbered().slice(0, 12), layers =>
      ({ layer_names0: layers.slice(0, 2), layer_names1: layers.slice(2, 3), layer_names2: layers.slice(3) }))
    expect([...(await readKerasWeights(file)).keys()]).toEqual(wanted.slice(0, 12).map(({ name }) => name))
  })

  it('of a model within a model names its layers in the names of weights', async () => {
    const values = { shape: [1], values: Float32Array.of(7) }
    const inner = group({}, [], [['kernel', values]])
    const nested = group({ weight_names: ['conv1_conv/kernel'] }, [['conv1_conv', inner]])
    const root = group({ layer_names: ['flatten', 'resnet50'] }, [['resnet50', nested]])
    writeFileSync(path('nested.h5'), await encodeHdf5(group({}, [['model_weights', root]])))
    expect(await readKerasWeights(path('nested.h5'))).toEqual(new Map([['conv1_conv/kernel', values]]))
  })

  it('with two models of the same names is refused', async () => {
    const inner = (number: number) => group({}, [], [['kernel', { shape: [1], values: Float32Array.of(number) }]])
    const nested = (number: number) => group({ weight_names: ['conv1_conv/kernel'] }, [['conv1_conv', inner(number)]])
    const root = group({ layer_names: ['ct', 'xray'] }, [['ct', nested(1)], ['xray', nested(2)]])
    writeFileSync(path('two.h5'), await encodeHdf5(group({}, [['model_weights', root]])))
    await expect(readKerasWeights(path('two.h5'))).rejects
      .toThrow(/^weights-mismatch: expected one array conv1_conv\/kernel in .*, received one in each of the groups ct and xray/)
  })

  it('with mismatches is refused, and the error names every mismatch', async () => {
    const arrays = numbered()
    const [first, second] = wanted
    arrays[0][1] = { shape: [3, 7, 7, 16], values: arrays[0][1].values }
    arrays.splice(1, 1, ['conv6_block1_1_conv/kernel', { shape: [1], values: new Float32Array(1) }])
    const weightsFile = await kerasFile('mismatched.h5', arrays)
    await expect(resnet50({ ...options, weightsFile })).rejects.toMatchObject({
      code: 'weights-mismatch',
      received: `3 mismatches:\n  ${first.name} is [3, 7, 7, 16], not [7, 7, 3, 16]\n  ${second.name} is missing\n`
        + '  unexpected array conv6_block1_1_conv/kernel\n',
    })
    await expect(resnet50({ ...options, width: 'half', weightsFile })).rejects.toThrow(/319 mismatches:\n(.*\n){319}\. Check/)
  })

  it.each([
    ['a negative variance', 'conv2_block1_0_bn/moving_variance', -0.5, /bad-tensor-file: .*variances above 0.*moving_variance with -0\.5/],
    ['a weight that is no number', 'conv1_conv/kernel', NaN, /bad-tensor-file: .*finite numbers.*conv1_conv\/kernel/],
  ])('with %s is refused', async (_, broken, value, message) => {
    const arrays = numbered()
    arrays.find(([name]) => name === broken)![1].values[7] = value
    const weightsFile = await kerasFile('no numbers.h5', arrays)
    await expect(resnet50({ ...options, weightsFile })).rejects.toThrow(message)
  })

  it.each([
    ['names an array that is not there', group({ layer_names: ['a'] }, [['a', group({ weight_names: ['a/kernel'] })]]), /a\/a\/kernel/],
    ['names no layers', group({}), /Keras's layer names/],
  ])('that %s is refused', async (what, root, message) => {
    writeFileSync(path(`${what}.h5`), await encodeHdf5(root))
    await expect(readKerasWeights(path(`${what}.h5`))).rejects.toThrow(message)
  })
})

describe('safetensors files', () => {
  it('give floating-point arrays of every type as float32, wherever they start; counters are left out', () => {
    const bytes = Uint8Array.of(1, 0x00, 0x3c, 0x80, 0xbf, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f)
    const { tensors, metadata } = decodeSafetensors(safetensors({
      __metadata__: { format: 'pt' }, count: { dtype: 'U8', shape: [], data_offsets: [0, 1] },
      half: { dtype: 'F16', shape: [1], data_offsets: [1, 3] }, brain: { dtype: 'BF16', shape: [1], data_offsets: [3, 5] },
      single: { dtype: 'F32', shape: [1], data_offsets: [5, 9] }, double: { dtype: 'F64', shape: [1, 1], data_offsets: [9, 17] },
    }, bytes), 'here')
    expect(Object.fromEntries([...tensors].map(([name, { values }]) => [name, [...values]])))
      .toEqual({ half: [1], brain: [-1], single: [1], double: [1] })
    expect(metadata).toEqual({ format: 'pt' })
  })

  const entry = (more: object = {}) => ({ dtype: 'F32', shape: [1], data_offsets: [0, 4], ...more })
  it.each([
    ['an empty file', Buffer.alloc(3), /a file of 3 bytes/],
    ['a header longer than the file', safetensors({}).subarray(0, 9), /a header within the file/],
    ['no JSON', safetensors('{"a":'), /a header in JSON/],
    ['a list', safetensors('[]'), /a header that names arrays/],
    ['metadata of numbers', safetensors({ __metadata__: { size: 3 } }), /texts as metadata/],
    ['a type unheard of', safetensors({ a: entry({ dtype: 'toString' }) }, 4), /"toString"/],
    ['a shape that does not fit', safetensors({ a: entry({ shape: [2] }) }, 4), /8 bytes for a \(here\), received 4/],
    ['a shape too large to be exact', safetensors({ a: entry({ shape: [2 ** 40, 2 ** 40] }) }, 4), /bytes for a/],
    ['a negative shape', safetensors({ a: entry({ shape: [-1] }) }, 4), /a type, a shape and two offsets for a/],
    ['one offset', safetensors({ a: entry({ data_offsets: [0] }) }, 4), /a type, a shape and two offsets for a/],
    ['no entry', safetensors({ a: null }, 4), /a type, a shape and two offsets for a/],
    ['shared bytes', safetensors({ a: entry(), b: entry() }, 4), /b to begin at byte 4 \(here\), received byte 0/],
    ['a gap', safetensors({ a: entry({ data_offsets: [4, 8] }) }, 8), /a to begin at byte 0 \(here\), received byte 4/],
    ['bytes left over', safetensors({ a: entry() }, 5), /arrays of 4 bytes together \(here\), received 5/],
    ['bytes missing', safetensors({ a: entry() }, 3), /arrays of 4 bytes together \(here\), received 3/],
  ])('with %s are refused', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'here')).toThrow(message)
  })

  it('from PyTorch have their kernels transposed', () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i)
    const found = fromTorch(new Map([
      ['layer2.0.conv2.weight', { shape: [2, 3, 2, 2], values }], ['fc.weight', { shape: [4, 6], values }],
    ]), [])
    const { shape, values: turned } = found.get('conv3_block1_2_conv/kernel')!
    expect(shape).toEqual([2, 2, 3, 2])
    // [output 1, input 2, row 0, column 1] is 21st there and ((0 · 2 + 1) · 3 + 2) · 2 + 1 = 11th here.
    expect(turned[11]).toBe(21)
    expect([...found.get('predictions/kernel')!.values.subarray(0, 5)]).toEqual([0, 6, 12, 18, 1])
  })

  it('with Keras\'s names are refused: they may belong to the other variant', () => {
    expect(() => fromTorch(new Map([['conv1_bn/gamma', { shape: [1], values: new Float32Array(1) }]]), []))
      .toThrow(/weights-mismatch.*conv1_bn\/gamma/)
  })

  it('with two names for one array are refused', () => {
    const one = { shape: [1], values: new Float32Array(1) }
    expect(() => fromTorch(new Map([['bn1.bias', one], ['resnet.embedder.embedder.normalization.bias', one]]), []))
      .toThrow(/weights-mismatch.*one array for conv1_bn\/beta, received two: bn1.bias and resnet/)
  })
})

describe('options outside their ranges are refused by name:', () => {
  it.each<[Partial<Record<keyof ResNet50Options, unknown>>, RegExp]>([
    [{ classes: ['a'] }, /two or more different class names, received a/],
    [{ classes: ['a', 'a'] }, /two or more different class names, received a, a/],
    [{ weights: 'fractals' }, /unknown-weights.*none, fractal, own, imagenet.*Nearest: fractal/],
    [{ weights: 'toString' }, /unknown-weights/],
    [{ width: 'toString' }, /width to be 'full', 'half' or 'quarter', received 'toString'/],
    [{ size: 31 }, /size to be a whole number from 32 to 1024, received 31/],
    [{ size: 1025 }, /received 1025/],
    [{ size: 64.5 }, /received 64\.5/],
    [{ head: 'keras' }, /head to be 'linear' or 'reference', received 'keras'/],
    [{ dropout: 1 }, /dropout to be a number from 0, below 1, received 1/],
    [{ momentum: 1.01 }, /momentum to be a number from 0 to 1, received 1\.01/],
    [{ momentum: NaN }, /received NaN/],
  ])('%o', async (odd, message) => {
    await expect(resnet50({ classes: ['a', 'b'], weights: 'none', ...odd } as ResNet50Options)).rejects.toThrow(message)
  })
})

describe('a file of another kind', () => {
  it.each([
    ['a pickle', Buffer.from([0x80, 2, 0x8a, 10]), /a pickle, which can run any program.*npm run weights/],
    ['PyTorch\'s zip of a pickle', Buffer.from('PK\x03\x04\x00\x00\x00\x00resnet50/data.pkl'), /a pickle, which can run any program/],
    ['another zip', Buffer.from('PK\x03\x04\x00\x00metadata.json'), /a zip archive.*model\.save/],
    ['a text', Buffer.from('<!doctype html>'), /another format/],
    ['nothing', Buffer.alloc(0), /another format/],
    ['HDF5 in name only', Buffer.from('\x89HDF\r\n\x1a\n and then nothing of it', 'latin1'), /bad-tensor-file/],
    ['safetensors under Keras\'s name', safetensors({}), /bad-argument.*in the format of imagenet, keras/],
  ])('such as %s is refused', async (name, bytes, message) => {
    writeFileSync(path(name), bytes)
    await expect(resnet50({ ...options, weightsFile: path(name) })).rejects.toThrow(message)
  })

  it('and a path without a file, and a file without the name of its weights, are refused, too', async () => {
    for (const weightsFile of [path('nowhere'), path()])
      await expect(resnet50({ ...options, weightsFile })).rejects.toMatchObject({ code: 'data-missing' })
    await expect(resnet50({ ...options, weights: 'none', weightsFile: path('nowhere') })).rejects.toThrow(/Say what kind of file/)
    await expect(resnet50({ ...options, width: 'half' })).rejects.toThrow(/width: 'full' with the weights of imagenet/)
  })
})
