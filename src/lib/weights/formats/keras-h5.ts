/**
 * Weights that Keras saved as HDF5: the files that Keras publishes, `model.save('x.h5')`, and files of weights alone as
 * Keras 2 and tf.keras write them.
 *
 * The root's attribute `layer_names` names one group for each layer; a group's attribute `weight_names` names its
 * arrays. A list that is too long for one attribute is split into `layer_names0`, `layer_names1` and so on. In the file
 * of a whole model all of this is in the group `model_weights`.
 */
import { LabError } from '../../system/errors'
import { badTensorFile } from './header'
import type { Values } from './tensor-file'
import type { Hdf5Group } from './hdf5'
import { readHdf5 } from './hdf5-thread'

/**
 * Every array of such a file by layer and parameter, such as 'conv1_conv/kernel': kernels [height, width, in, out] or
 * [in, out]. Numbers are float32.
 * @throws LabError 'bad-tensor-file' for a file that is not HDF5, has another layout, or lacks an array that it names;
 *   'weights-mismatch' for two models in one file; 'data-missing', 'too-large'
 */
export async function readKerasWeights(path: string): Promise<Map<string, Values>> {
  return kerasArrays(await readHdf5(path), path)
}

/** The arrays in a file that has been read; see {@link readKerasWeights}. */
export function kerasArrays(file: Hdf5Group, path: string): Map<string, Values> {
  const root = file.groups.get('model_weights') ?? file
  const layers = textsOf(root, 'layer_names')
  if (layers.length === 0) throw unknownLayout(path, file)
  const arrays = new Map<string, Values>(), groupOf = new Map<string, string>()
  for (const layer of layers) {
    const group = root.groups.get(layer)
    for (const name of group ? textsOf(group, 'weight_names') : []) {
      const values = arrayAt(group!, name)
      if (!values) throw badTensorFile(path, `an array ${layer}/${name}`, 'no array of that name')
      const key = keyOf(layer, name), before = groupOf.get(key)
      if (before !== undefined) throw twice(path, key, [before, layer])
      groupOf.set(key, layer)
      arrays.set(key, values)
    }
  }
  return arrays
}

/** Two models within a model, with the same names: one of them would silently be the result. */
function twice(path: string, key: string, groups: readonly string[]): LabError {
  return new LabError('weights-mismatch', {
    expected: `one array ${key} in ${path}`, received: `one in each of the groups ${groups.join(' and ')}`,
    remedy: 'Save one of the models alone: model.get_layer(NAME).save(\'model.h5\')',
  })
}

/** A list of texts in one attribute, or in several numbered ones. */
function textsOf({ attributes }: Hdf5Group, name: string): string[] {
  const texts = (key: string) => attributes.has(key) ? [attributes.get(key)!].flat() : []
  const pieces: string[] = []
  for (let i = 0; attributes.has(`${name}${i}`); i++) pieces.push(...texts(`${name}${i}`))
  return attributes.has(name) ? texts(name) : pieces
}

/** A weight's name is a path within the layer's group. */
function arrayAt(group: Hdf5Group, name: string): Values | undefined {
  const steps = name.split('/')
  const last = steps.pop()!
  const inner = steps.reduce<Hdf5Group | undefined>((from, step) => from?.groups.get(step), group)
  return inner?.arrays.get(last)
}

/**
 * 'conv1_conv/kernel' from 'conv1_conv/kernel:0': ':0' is TensorFlow's mark of a first output. A model within the model
 * is a single group, and the weight's name includes its layer.
 */
function keyOf(group: string, name: string): string {
  const [parameter, layer = group] = name.replace(/:0$/, '').split('/').reverse()
  return `${layer}/${parameter}`
}

function unknownLayout(path: string, file: Hdf5Group): LabError {
  const isKeras3 = file.groups.has('layers')
  return new LabError('bad-tensor-file', {
    expected: `Keras's layer names in ${path}`,
    received: isKeras3 ? 'the layout of Keras 3’s .weights.h5, which numbers layers instead of naming them' : 'none',
    remedy: 'Save the model with model.save(\'model.h5\')',
  })
}
