/** Models as Keras's HDF5 files: whole models, or the weights alone. */
import { parameters, type Architecture, type LayerSpec, type ParameterSpec } from '../../model/architecture'
import { LabError } from '../../system/errors'
import { describeResNet50 } from '../../model/resnet50-layers'
import type { Model } from '../../model/model'
import { describeModel } from '../saved/description'
import { exportedArrays, valuesByName } from './arrays'
import { inKerasOrder, kerasVersion, modelConfig } from './layers'
import { encodeHdf5, type Hdf5Group } from '../formats/hdf5'

/**
 * The bytes of a whole model, for `keras.models.load_model`. The description of the model is in the root's
 * attribute `user_metadata`, which Keras ignores.
 * @throws LabError 'bad-argument' for a kind of layer that Keras does not have
 */
export async function encodeKeras(model: Model): Promise<Uint8Array> {
  return encodeHdf5(group({
    attributes: new Map([
      ...version,
      ['model_config', JSON.stringify(modelConfig(model))],
      ['user_metadata', JSON.stringify(describeModel(model, valuesByName(exportedArrays(model, 'float32'))))],
    ]),
    groups: new Map([['model_weights', weightsGroup(model)]]),
  }))
}

/**
 * The bytes of a file for `keras.applications.ResNet50(weights=None, classes=…).load_weights`, or without the head for
 * `include_top=False`.
 * @throws LabError 'bad-argument' for another network than Keras's ResNet50, because the file does not name its network
 */
export async function encodeKerasWeights(model: Model): Promise<Uint8Array> {
  checkKerasResNet50(model)
  return encodeHdf5(weightsGroup(model))
}

const version: readonly (readonly [string, string])[] = [['backend', 'tensorflow'], ['keras_version', kerasVersion]]

/** One group for each layer, even without weights; in each group the arrays by the names in `weight_names`. */
function weightsGroup(model: Model): Hdf5Group {
  const layers = inKerasOrder(model).map(layer => layer.name)
  const specs = parameters(model.architecture)
  return group({
    attributes: new Map<string, string | string[]>([...version, ['layer_names', layers]]),
    groups: new Map(layers.map(layer =>
      [layer, layerGroup(model, layer, specs.filter(parameter => parameter.layer === layer))])),
  })
}

function layerGroup({ weights }: Model, layer: string, specs: readonly ParameterSpec[]): Hdf5Group {
  const arrays = new Map(specs.map(({ name, shape }) =>
    [`${name.slice(layer.length + 1)}:0`, { shape, values: weights.get(name)! }]))
  return group({
    attributes: new Map([['weight_names', specs.map(({ name }) => `${name}:0`)]]),
    groups: specs.length ? new Map([[layer, group({ arrays })]]) : new Map(),
  })
}

function group(part: Partial<Hdf5Group>): Hdf5Group {
  return { attributes: new Map(), groups: new Map(), arrays: new Map(), ...part }
}

/** A model may differ from Keras's in dropout, which has no weights, and in momentum, which only training uses. */
function checkKerasResNet50({ architecture, size, labels }: Model): void {
  const layers = layersWithWeights(architecture)
  const keras = layersWithWeights(describeResNet50({ size, width: 'full', classes: labels.length }))
  const expected = labels.length ? keras : keras.slice(0, -1)
  const different = layers.findIndex((layer, i) => layer !== expected[i])
  if (different < 0 && layers.length === expected.length) return
  throw new LabError('bad-argument', {
    expected: 'the network of keras.applications.ResNet50, with the linear head or none',
    received: `${architecture.name}, which differs${different < 0 ? '' : ` at ${(JSON.parse(layers[different]) as LayerSpec).name}`}`,
    remedy: 'Choose the format keras, which describes the network',
  })
}

/** The layers that hold weights, each as text, without the settings in which they may differ. */
function layersWithWeights({ layers }: Architecture): string[] {
  return layers
    .filter(({ kind }) => kind === 'convolution' || kind === 'batch-normalization' || kind === 'dense')
    .map(layer => JSON.stringify({ ...layer, inputs: [], momentum: 0 }))
}
