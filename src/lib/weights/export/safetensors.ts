/**
 * Models as safetensors: eight bytes with the header's length, the header in JSON, the arrays one after the other.
 *
 * Names and shapes are Keras's ('conv1_conv/kernel', height × width × in × out): an array has the same name in every
 * file of a model, and `weight.assign(tensors[weight.path])` fills a Keras model. Torchvision's names would tempt users
 * to load the file into torchvision's ResNet50. The shapes would fit, but that network has its strides elsewhere and
 * would give other answers.
 */
import type { Model } from '../../model/model'
import { describeModel } from '../saved/description'
import type { SavedFacts } from '../saved/saved-facts'
import { exportedArrays, valuesByName, type Precision } from './arrays'

/**
 * The bytes of a safetensors file. Its `__metadata__` holds the fields of {@link describeModel}, each value as JSON.
 * @param saved what `saveModel` adds
 * @throws LabError 'bad-argument' for a number that float16 cannot hold
 */
export function encodeSafetensors(model: Model, precision: Precision, saved?: SavedFacts): Uint8Array {
  const arrays = exportedArrays(model, precision)
  const description = describeModel(model, valuesByName(arrays), saved)
  const texts = Object.entries(description).map(([name, value]) => [name, JSON.stringify(value)])
  const header: Record<string, unknown> = { __metadata__: Object.fromEntries(texts) }
  let end = 0
  for (const { name, shape, type, bytes } of arrays)
    header[name] = { dtype: type === 'float16' ? 'F16' : 'F32', shape, data_offsets: [end, end += bytes.length] }
  const text = Buffer.from(JSON.stringify(header))
  const padding = Buffer.alloc(-text.length & 7, ' ')
  const length = Buffer.alloc(8)
  length.writeUInt32LE(text.length + padding.length)
  return Buffer.concat([length, text, padding, ...arrays.map(({ bytes }) => bytes)])
}
