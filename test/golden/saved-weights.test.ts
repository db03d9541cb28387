/** Committed files that Keras 2, Keras 3, PyTorch and safetensors wrote: no machine needs any of these to read them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parameters, type ParameterSpec } from '../../src/lib/model/architecture'
import { sizeOf } from '../../src/lib/system/shape'
import { sha256 } from '../../src/lib/system/hash'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import type { Model } from '../../src/lib/model/model'
import { inProject } from '../../src/lib/system/project-root'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { exportModel } from '../../src/lib/weights/export/export'
import type { Hdf5Group } from '../../src/lib/weights/formats/hdf5'
import { readHdf5 } from '../../src/lib/weights/formats/hdf5-thread'
import { temporaryFolder } from '../fixtures/temporary'
import { uniform } from './hash'

const folder = temporaryFolder()

/** A file of saved-weights/, unpacked. */
function unpacked(name: string): string {
  writeFileSync(folder(name), gunzipSync(readFileSync(inProject('test', 'golden', 'saved-weights', `${name}.gz`))))
  return folder(name)
}

/** What saved_weights.py wrote into an array. */
function pattern({ name, shape }: ParameterSpec): Float32Array {
  const some = uniform(name, 31).map(u => Math.floor(u * 128) / 128).map(name.endsWith('moving_variance') ? Math.abs : Number)
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => some[i % 31])
}

const architecture = describeResNet50({ classes: 3, width: 'quarter', size: 64, momentum: 0.99 })
const patterned: Model = {
  name: 'resnet50', architecture, frozen: new Set(), labels: ['a', 'b', 'c'], size: 64, preprocessing: 'caffe',
  start: 'pattern',
  weights: new Map(parameters(architecture).map(parameter => [parameter.name, pattern(parameter)])),
}
const stages = parameters(architecture).filter(({ layer }) => layer !== 'predictions')

/** Arrays are compared by it: the test runner takes seconds for a million numbers. */
const hash = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  sha256(new Uint8Array(buffer, byteOffset, byteLength))

/** Names of the stages' arrays that are not the pattern's. */
const strange = (weights: ReadonlyMap<string, Float32Array>) => stages.map(({ name }) => name)
  .filter(name => hash(weights.get(name)!) !== hash(patterned.weights.get(name)!))

describe('a file that others wrote fills a ResNet50, every number in its place:', () => {
  it.each([
    ['a whole model of Keras 2', 'keras-2.h5'],
    ['weights alone of Keras 2, as Keras publishes them', 'keras-2-weights.h5'],
    ['a model within a model of Keras 3', 'keras-3-nested.h5'],
  ])('%s', async (_, file) => {
    const model = await resnet50({ classes: ['a', 'b'], weights: 'imagenet', width: 'quarter', weightsFile: unpacked(file) })
    expect(strange(model.weights)).toEqual([])
    expect(model).toMatchObject({ preprocessing: 'caffe', start: file })
  })

  it('safetensors with torchvision\'s names, in float32, float16 and bfloat16', async () => {
    const weightsFile = unpacked('torchvision.safetensors')
    const model = await resnet50({ classes: ['a', 'b'], weights: 'imagenet-torchvision', width: 'quarter', weightsFile })
    const biases = strange(model.weights)
    expect(biases).toEqual(stages.map(({ name }) => name).filter(name => name.endsWith('_conv/bias')))
    for (const name of biases) expect(new Set(model.weights.get(name))).toEqual(new Set([0]))
    expect(model.preprocessing).toBe('torch')
    const strided = model.architecture.layers.find(({ name }) => name === 'conv3_block1_2_conv')
    expect(strided).toMatchObject({ kernel: 3, stride: 2 })
  })
})

describe('what others wrote and cannot be read is refused with the reason:', () => {
  it.each([
    ['pickle.pth', /a pickle, which can run any program.*safetensors/],
    ['archive.keras', /a zip archive.*model\.save\('model\.h5'\)/],
    ['numbered.weights.h5', /which numbers layers instead of naming them.*model\.save\('model\.h5'\)/],
  ])('%s', async (file, reason) => {
    await expect(resnet50({ classes: ['a', 'b'], weights: 'imagenet', weightsFile: unpacked(file) })).rejects.toThrow(reason)
  })
})

describe('an exported model is laid out as Keras 2 lays it out', () => {
  interface Layer { name: string; class_name: string; config: Record<string, unknown>; inbound_nodes: unknown[] }
  const config = ({ attributes }: Hdf5Group) =>
    (JSON.parse(attributes.get('model_config') as string) as { config: { layers: Layer[] } }).config
  const files = async () => {
    await exportModel(patterned, folder('exported.h5'), { format: 'keras' })
    return { ours: await readHdf5(folder('exported.h5')), keras: await readHdf5(unpacked('keras-2.h5')) }
  }

  it('in groups, names and numbers', async () => {
    const { ours, keras } = await files()
    const listed = (group: Hdf5Group): unknown[] => [
      [...group.arrays].map(([name, { shape, values }]) => [name, shape, hash(values)]).sort(),
      group.attributes.get('weight_names'),
      // Keras 2 adds an empty group for numbers that belong to no layer; nothing looks for it.
      [...group.groups].filter(([name]) => name !== 'top_level_model_weights')
        .map(([name, inner]) => [name, listed(inner)]).sort(),
    ]
    const order = ({ groups }: Hdf5Group) => groups.get('model_weights')!.attributes.get('layer_names')
    expect(order(ours)).toEqual(order(keras))
    expect(listed(ours)).toEqual(listed(keras))
  })

  it('in its layers, their connections and every setting that it names', async () => {
    const { ours, keras } = await files()
    const expected = config(keras)
    expect({ ...config(ours), layers: [] }).toEqual({ ...expected, layers: [] })
    for (const [i, { config: settings, ...layer }] of config(ours).layers.entries()) {
      const { config: settingsThere, ...there } = expected.layers[i]
      expect(layer).toEqual(there)
      // Keras writes the one axis of batch normalization as a list, and reads either.
      for (const [key, value] of Object.entries(settings))
        expect([value].flat(), `${layer.name}: ${key}`).toEqual([settingsThere[key]].flat())
    }
  })
})
