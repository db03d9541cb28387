/** Models for the browser: TensorFlow.js's LayersModel, a folder of model.json and files of weights. */
import type { Model } from '../../model/model'
import { describeModel } from '../saved/description'
import { exportedArrays, valuesByName, type ExportedArray, type Precision } from './arrays'
import { kerasVersion, modelConfig } from './layers'

/** As in TensorFlow.js's converter: browsers can cache files of this size. */
const longestShard = 4 * 1024 * 1024

/**
 * The files of the folder by name, model.json last. The description of the model is under `userDefinedMetadata`.
 * @param precision of kernels in the files; in the browser all numbers are float32
 * @throws LabError 'bad-argument' for a kind of layer that Keras does not have, or a number that float16 cannot hold
 */
export function encodeTfjs(model: Model, precision: Precision): Map<string, Uint8Array | string> {
  const arrays = exportedArrays(model, precision)
  const shards = shardsOf(Buffer.concat(arrays.map(({ bytes }) => bytes)))
  const description = {
    format: 'layers-model',
    generatedBy: 'resnet50-lab',
    convertedBy: null,
    modelTopology: { keras_version: kerasVersion, backend: 'tensorflow', model_config: modelConfig(model) },
    weightsManifest: [{ paths: [...shards.keys()], weights: arrays.map(described) }],
    userDefinedMetadata: describeModel(model, valuesByName(arrays)),
  }
  return new Map<string, Uint8Array | string>([...shards, ['model.json', JSON.stringify(description)]])
}

function described({ name, shape, type }: ExportedArray): Record<string, unknown> {
  const array = { name, shape, dtype: 'float32' }
  return type === 'float32' ? array : { ...array, quantization: { dtype: type, original_dtype: 'float32' } }
}

function shardsOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const count = Math.ceil(bytes.length / longestShard)
  return new Map(Array.from({ length: count }, (_, i) =>
    [`group1-shard${i + 1}of${count}.bin`, bytes.subarray(i * longestShard, (i + 1) * longestShard)]))
}
