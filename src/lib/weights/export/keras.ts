/** Models as Keras's HDF5 files, whole or the weights alone. */
import { parameters, type Architecture, type LayerSpec, type ParameterSpec } from '../../model/architecture'
import { LabError } from '../../system/errors'
import { describeResNet50 } from '../../model/resnet50-layers'
import type { Model } from '../../model/model'
import { inKerasOrder, kerasVersion, metadata, modelConfig } from './layers'
import { encodeHdf5, type Hdf5Group } from '../formats/hdf5'

/**
 * The bytes of a whole model, for `keras.models.load_model`. Labels and preprocessing are in the root's attribute
 * `user_metadata`, which Keras passes over.
 * @throws LabError 'bad-argument' for a layer that Keras has not
 */
export async function encodeKeras(model: Model): Promise<Uint8Array> {
  return encodeHdf5(group({
    attributes: new Map([
      ...version,
      ['model_config', JSON.stringify(modelConfig(model))],
      ['user_metadata', JSON.stringify(metadata(model))],
    ]),
    groups: new Map([['model_weights', weightsGroup(model)]]),
  }))
}

/**
 * The bytes of a file for `keras.applications.ResNet50(weights=None, classes=…).load_weights`, or without the head for
 * `include_top=False`.
 * @throws LabError 'bad-argument' for another network than Keras's: the file would not say so
 */
export async function encodeKerasWeights(model: Model): Promise<Uint8Array> {
  checkKerasResNet50(model)
  return encodeHdf5(weightsGroup(model))
}

const version: readonly (readonly [string, string])[] = [['backend', 'tensorflow'], ['keras_version', kerasVersion]]

/** One group a layer, with or without numbers; within it the arrays, named and placed as `weight_names` says. */
function weightsGroup(model: Model): Hdf5Group {
  const layers = inKerasOrder(model).map(layer => layer.name)
  const held = parameters(model.architecture)
  return group({
    attributes: new Map<string, string | string[]>([...version, ['layer_names', layers]]),
    groups: new Map(layers.map(layer =>
      [layer, layerGroup(model, layer, held.filter(parameter => parameter.layer === layer))])),
  })
}

function layerGroup({ weights }: Model, layer: string, held: readonly ParameterSpec[]): Hdf5Group {
  const arrays = new Map(held.map(({ name, shape }) =>
    [`${name.slice(layer.length + 1)}:0`, { shape, values: weights.get(name)! }]))
  return group({
    attributes: new Map([['weight_names', held.map(({ name }) => `${name}:0`)]]),
    groups: held.length ? new Map([[layer, group({ arrays })]]) : new Map(),
  })
}

function group(part: Partial<Hdf5Group>): Hdf5Group {
  return { attributes: new Map(), groups: new Map(), arrays: new Map(), ...part }
}

/** Dropout holds no numbers and momentum is for training: in both a model may differ. */
function checkKerasResNet50({ architecture, size, labels }: Model): void {
  const own = withNumbers(architecture)
  const keras = withNumbers(describeResNet50({ size, width: 'full', classes: labels.length }))
  const expected = labels.length ? keras : keras.slice(0, -1)
  const odd = own.findIndex((layer, i) => layer !== expected[i])
  if (odd < 0 && own.length === expected.length) return
  throw new LabError('bad-argument', {
    expected: 'the network of keras.applications.ResNet50, with the linear head or none',
    received: `${architecture.name}, which differs${odd < 0 ? '' : ` at ${(JSON.parse(own[odd]) as LayerSpec).name}`}`,
    remedy: 'Choose the format keras, which says what the network is',
  })
}

/** What each layer that holds numbers computes, as text. */
function withNumbers({ layers }: Architecture): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'batch-normalization' || kind === 'dense')
    .map(layer => JSON.stringify({ ...layer, inputs: [], momentum: 0 }))
}
