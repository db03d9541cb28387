import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import type * as TensorFlowJs from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { parameters, type LayerSpec } from '../../src/lib/model/architecture'
import { sizeOf } from '../../src/lib/system/shape'
import { tensorFlowJs } from '../../src/lib/engine/engine'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import type { Model } from '../../src/lib/model/model'
import type { Values } from '../../src/lib/weights/formats/tensor-file'
import { exportModel, type ExportOptions } from '../../src/lib/weights/export/export'
import { readHdf5 } from '../../src/lib/weights/formats/hdf5-thread'
import { readKerasWeights } from '../../src/lib/weights/formats/keras-h5'
import { readSafetensors } from '../../src/lib/weights/formats/safetensors'
import {
  hashedImages, hashedNetwork, largestDifference, outputsOf, probabilitiesOf,
} from '../fixtures/hashed-network'
import { smallModel } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()

const tf = tensorFlowJs() as typeof TensorFlowJs

// Sums of at most 2,304 products, each rounded to 6e-8, in another order; measured 2e-7.
const float32Tolerance = 1e-5
// Kernels with three significant digits.
const float16Tolerance = 1e-2

/** TensorFlow.js reads a folder as a browser does: model.json, then the files it names. */
async function loadedByTensorFlowJs(path: string): Promise<TensorFlowJs.LayersModel> {
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(readFileSync(`${path}/model.json`, 'utf8'))
  const [{ paths, weights }] = weightsManifest as { paths: string[]; weights: TensorFlowJs.io.WeightsManifestEntry[] }[]
  const weightData = new Uint8Array(Buffer.concat(paths.map(name => readFileSync(`${path}/${name}`)))).buffer
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData, userDefinedMetadata }))
}

async function saidByTensorFlowJs(model: TensorFlowJs.LayersModel, size: number): Promise<Float32Array> {
  const input = tf.tensor4d(hashedImages(size), [2, size, size, 3])
  const output = model.predict(input) as TensorFlowJs.Tensor
  const values = await output.data() as Float32Array
  tf.dispose([input, output])
  model.dispose()
  return values
}

/** Compared as bytes: the test runner takes seconds for a million numbers. */
function expectArrays(read: ReadonlyMap<string, Values>, model: Model): void {
  expect([...read.keys()].sort()).toEqual([...model.weights.keys()].sort())
  for (const { name, shape } of parameters(model.architecture)) {
    const { shape: readShape, values } = read.get(name)!
    expect(readShape).toEqual(shape)
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    expect(bytes.equals(Buffer.from(model.weights.get(name)!.buffer)), name).toBe(true)
  }
}

const models: Record<string, () => Model> = {
  'a small model with every kind of layer': () => smallModel({ dropout: 0.3 }),
  'quarter width, dropout': () => hashedNetwork({ size: 32, width: 'quarter', dropout: 0.4 }),
  'quarter width, the reference notebook\'s stem and head': () => hashedNetwork({ size: 32, width: 'quarter', head: 'reference' }),
  'quarter width, version 1.5': () => hashedNetwork({ size: 32, width: 'quarter', variant: 'v1.5' }),
}

describe('for TensorFlow.js', () => {
  it.each(Object.entries(models))('%s predicts the same, and at half precision nearly the same', async (name, make) => {
    const model = make()
    const expected = probabilitiesOf(model)
    for (const [precision, tolerance] of [['float32', float32Tolerance], ['float16', float16Tolerance]] as const) {
      const path = folder(`${name} ${precision}`)
      await exportModel(model, path, { format: 'tfjs', precision })
      const said = await saidByTensorFlowJs(await loadedByTensorFlowJs(path), model.size)
      expect(largestDifference(said, expected)).toBeLessThan(tolerance)
    }
  })

  it('without the head gives the last stage', async () => {
    const model = hashedNetwork({ size: 32, width: 'quarter' })
    await exportModel(model, folder('headless'), { format: 'tfjs', head: false })
    const layers = model.architecture.layers.filter(layer => layer.stage !== 'head')
    const expected = outputsOf({ ...model, architecture: { name: '', layers } })
    const loaded = await loadedByTensorFlowJs(folder('headless'))
    expect(loaded.outputShape).toEqual([null, 1, 1, 512])
    const said = await saidByTensorFlowJs(loaded, 32)
    expect(largestDifference(said, expected) / Math.max(...expected)).toBeLessThan(float32Tolerance)
  })

  it('labels, size and preprocessing are exported, too', async () => {
    await exportModel(hashedNetwork({ size: 32, width: 'quarter' }), folder('told'), { format: 'tfjs' })
    const { userDefinedMetadata } = JSON.parse(readFileSync(folder('told', 'model.json'), 'utf8'))
    expect(userDefinedMetadata).toMatchObject({ labels: ['COVID', 'non-COVID', 'Grüße 肺'], size: 32 })
    const third = 1 / 255
    expect(userDefinedMetadata.preprocessing).toEqual({
      name: 'unit', channels: [0, 1, 2].map(from => ({ from, scale: third, offset: 0 })),
    })
  })

  it('weights lie in files of at most 4 MiB, half as many bytes at half precision', async () => {
    const model = hashedNetwork({ size: 32, width: 'quarter' })
    const bytes = async (precision: 'float32' | 'float16') => {
      await exportModel(model, folder('shards'), { format: 'tfjs', precision })
      const names = readdirSync(folder('shards')).filter(name => name.endsWith('.bin'))
      const sizes = names.map(name => statSync(folder('shards', name)).size)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1024 * 1024)
      return sizes.reduce((sum, size) => sum + size)
    }
    const whole = await bytes('float32')
    expect(whole).toBe(4 * parameters(model.architecture).reduce((sum, { shape }) => sum + sizeOf(shape), 0))
    expect(await bytes('float16') / whole).toBeCloseTo(0.5, 1)
  })
})

describe('as safetensors', () => {
  it('every bit of every array is there, under Keras\'s names', async () => {
    const model = smallModel()
    await exportModel(model, folder('small.safetensors'), { format: 'safetensors' })
    const { tensors, metadata } = await readSafetensors(folder('small.safetensors'))
    expectArrays(tensors, model)
    expect(JSON.parse(metadata.labels)).toEqual(['bright', 'dark'])
    expect(JSON.parse(metadata.preprocessing)).toMatchObject({ name: 'unit' })
  })

  it('at half precision kernels are halves, and every number starts at a multiple of its size', async () => {
    await exportModel(smallModel(), folder('half.safetensors'), { format: 'safetensors', precision: 'float16' })
    const bytes = readFileSync(folder('half.safetensors'))
    const start = 8 + Number(bytes.readBigUInt64LE())
    const header = JSON.parse(bytes.toString('utf8', 8, start))
    for (const { name } of parameters(smallModel().architecture)) {
      const { dtype, data_offsets: [from] } = header[name]
      expect(dtype).toBe(name.endsWith('/kernel') ? 'F16' : 'F32')
      expect((start + from) % (dtype === 'F16' ? 2 : 4)).toBe(0)
    }
  })

  it('the error names a number that half precision cannot hold', async () => {
    const model = smallModel()
    const weights = new Map(model.weights).set('hidden/kernel', new Float32Array(40).fill(70000))
    await expect(exportModel({ ...model, weights }, folder('large.safetensors'), { format: 'safetensors', precision: 'float16' }))
      .rejects.toThrow(/bad-argument.*hidden\/kernel.*70000/)
  })
})

describe('for Keras', () => {
  it('a whole model lists its layers in Keras\'s order, and every bit of its numbers comes back', async () => {
    const model = hashedNetwork({ size: 32, width: 'quarter' })
    await exportModel(model, folder('whole.h5'), { format: 'keras' })
    const file = await readHdf5(folder('whole.h5'))
    expect(JSON.parse(file.attributes.get('model_config') as string).class_name).toBe('Functional')
    const weights = file.groups.get('model_weights')!
    const order = weights.attributes.get('layer_names') as string[]
    // As `keras.applications.ResNet50(…).layers` has it.
    expect(order.slice(order.indexOf('conv3_block1_2_relu'), order.indexOf('conv3_block1_out'))).toEqual([
      '2_relu', '0_conv', '3_conv', '0_bn', '3_bn', 'add'].map(part => `conv3_block1_${part}`))
    expect(weights.groups.get('conv1_bn')!.attributes.get('weight_names')).toEqual(
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(part => `conv1_bn/${part}:0`))
    expectArrays(await readKerasWeights(folder('whole.h5')), model)
  })

  it('frozen layers stay frozen', async () => {
    await exportModel({ ...smallModel(), frozen: new Set(['first_conv']) }, folder('frozen.h5'), { format: 'keras' })
    const text = (await readHdf5(folder('frozen.h5'))).attributes.get('model_config') as string
    const layers = JSON.parse(text).config.layers as { name: string; config: { trainable?: boolean } }[]
    expect(layers.filter(({ config }) => config.trainable === false).map(({ name }) => name)).toEqual(['first_conv'])
  })

  it.each([
    ['half width', { width: 'half' }, /conv1_conv/],
    ['version 1.5', { variant: 'v1.5' }, /conv1_bn/],
    ['another head', { head: 'reference' }, /stem_conv/],
  ] as const)('weights alone are refused of %s, which Keras\'s ResNet50 is not', async (_, options, where) => {
    const architecture = describeResNet50({ size: 16, classes: 2, ...options })
    const exported = exportModel({ ...smallModel(), architecture }, folder('no.h5'), { format: 'keras-weights' })
    await expect(exported).rejects.toThrow(/bad-argument.*keras\.applications/)
    await expect(exported).rejects.toThrow(where)
    expect(existsSync(folder('no.h5'))).toBe(false)
  })
})

describe('the export refuses', () => {
  const model = smallModel()
  const refused = (path: string, options: unknown = { format: 'tfjs' }, from: Model = model) =>
    expect(exportModel(from, path, options as ExportOptions)).rejects

  it('an unknown format or precision', async () => {
    await refused(folder('a'), { format: 'onnx' }).toThrow(/bad-argument.*'keras-weights', 'safetensors' or 'tfjs'.*onnx/)
    await refused(folder('a'), { format: 'tfjs', precision: 'int8' }).toThrow(/bad-argument.*float16.*int8/)
    await refused(folder('a'), { format: 'keras', precision: 'float16' }).toThrow(/bad-argument.*float32/)
  })

  it('a name that Keras reads as another format', async () => {
    for (const name of ['model', 'model.keras', 'model.weights.h5'])
      await refused(folder(name), { format: 'keras' }).toThrow(/bad-argument.*\.h5/)
  })

  it('a name that safetensors do not end in', async () => {
    for (const name of ['model', 'package.json'])
      await refused(folder(name), { format: 'safetensors' }).toThrow(/bad-argument.*\.safetensors/)
  })

  it('a kind of layer that Keras does not have', async () => {
    const [first, ...rest] = model.architecture.layers
    const odd = { ...rest[0], kind: 'attention' } as unknown as LayerSpec
    const strided = { ...rest[0], kind: 'convolution', kernel: 3, stride: 2, padding: 'same' } as LayerSpec
    for (const [layer, why] of [[odd, /attention/], [strided, /stride/]] as const)
      for (const format of ['keras', 'tfjs'])
        await refused(folder('b.h5'), { format }, { ...model, architecture: { name: '', layers: [first, layer] } }).toThrow(why)
  })

  it('a path outside the project and the temporary folder', async () => {
    for (const [name, format] of [['.h5', 'keras'], ['.safetensors', 'safetensors'], ['', 'tfjs']])
      await refused(`/exported${name}`, { format }).toThrow(/outside-folder/)
    symlinkSync('/', folder('link'))
    await refused(folder('link', 'exported')).toThrow(/outside-folder/)
  })

  it('a folder that holds other files, and does not change it', async () => {
    mkdirSync(folder('mine'))
    writeFileSync(folder('mine', 'thesis.txt'), 'years of work')
    await refused(folder('mine')).toThrow(/bad-argument.*thesis\.txt/)
    await refused(folder('mine', 'thesis.txt')).toThrow(/bad-argument/)
    mkdirSync(folder('mine.h5'))
    await refused(folder('mine.h5'), { format: 'keras' }).toThrow(/bad-argument.*a folder/)
    expect(readFileSync(folder('mine', 'thesis.txt'), 'utf8')).toBe('years of work')
  })

  it.each([
    ['notes.h5', 'keras'], ['notes.safetensors', 'safetensors'], ['model.json', 'tfjs'],
  ])('a file %s that no export as %s wrote, and does not change it', async (name, format) => {
    writeFileSync(folder(name), 'years of work')
    const before = process.cwd()
    process.chdir(folder())
    try {
      for (const path of [name, folder(name)]) await refused(path, { format }).toThrow(/bad-argument.*export as/)
    } finally {
      process.chdir(before)
    }
    expect(readFileSync(folder(name), 'utf8')).toBe('years of work')
  })

  it.each([['twice.h5', 'keras'], ['twice.safetensors', 'safetensors']] as const)(
    'a file %s of an earlier export is replaced', async (name, format) => {
      await exportModel({ ...model, labels: ['one', 'two'] }, folder(name), { format })
      const first = readFileSync(folder(name))
      await exportModel({ ...model, labels: ['three', 'four'] }, folder(name), { format })
      expect(readFileSync(folder(name)).equals(first)).toBe(false)
    })

  it('an earlier export is replaced as a whole, and no temporary file stays', async () => {
    mkdirSync(folder('again'))
    writeFileSync(folder('again', 'group1-shard9of9.bin'), 'old')
    await exportModel(model, folder('again'), { format: 'tfjs' })
    expect(readdirSync(folder('again')).sort()).toEqual(['group1-shard1of1.bin', 'model.json'])
    expect(readdirSync(folder()).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it.skipIf(userInfo().uid === 0)('a folder that may not be written to', async () => {
    mkdirSync(folder('locked'))
    chmodSync(folder('locked'), 0o500)
    for (const format of ['keras', 'tfjs']) await refused(folder('locked', 'x.h5'), { format }).toThrow(/write-failed/)
  })

  it('a file where the folder should be', async () => {
    writeFileSync(folder('file'), '')
    for (const format of ['keras', 'tfjs']) await refused(folder('file', 'x.h5'), { format }).toThrow(/write-failed/)
  })
})
