/**
 * Weights that Keras saved in HDF5: its own published files, `model.save('x.h5')`, and weights alone as Keras 2 and
 * tf.keras save them.
 *
 * One group a layer, named by the root's attribute `layer_names`; in each group `weight_names`, and under each name an
 * array. A list that is too long for one attribute comes in pieces, `layer_names0`, `layer_names1` and so on. A whole
 * model holds all that under `model_weights`.
 */
import { LabError } from '../../system/errors'
import type { Values } from './tensor-file'
import { readHdf5, type Hdf5Group } from './hdf5'

/**
 * Every array of such a file by layer and parameter, such as 'conv1_conv/kernel': kernels [height, width, in, out] or
 * [in, out]. Numbers come as float32.
 * @throws LabError 'bad-tensor-file' for a file that is not HDF5, is not laid out so, or lacks an array it names;
 *   'data-missing', 'too-large'
 */
export async function readKerasWeights(path: string): Promise<Map<string, Values>> {
  const file = await readHdf5(path)
  const root = file.groups.get('model_weights') ?? file
  const layers = textsOf(root, 'layer_names')
  if (layers.length === 0) throw unknownLayout(path, file)
  const found = new Map<string, Values>()
  for (const layer of layers) {
    const group = root.groups.get(layer)
    for (const name of group ? textsOf(group, 'weight_names') : []) {
      const values = arrayAt(group!, name)
      if (!values)
        throw new LabError('bad-tensor-file', {
          expected: `an array ${layer}/${name} (${path})`, received: 'nothing of that name', remedy: 'Make or fetch the file again',
        })
      found.set(keyOf(layer, name), values)
    }
  }
  return found
}

/** A list of texts in one attribute, or in numbered pieces. */
function textsOf({ attributes }: Hdf5Group, name: string): string[] {
  const texts = (key: string) => attributes.has(key) ? [attributes.get(key)!].flat() : []
  const pieces: string[] = []
  for (let i = 0; attributes.has(`${name}${i}`); i++) pieces.push(...texts(`${name}${i}`))
  return attributes.has(name) ? texts(name) : pieces
}

/** A weight's name is a path of its own inside the layer's group. */
function arrayAt(group: Hdf5Group, name: string): Values | undefined {
  const steps = name.split('/')
  const last = steps.pop()!
  const inner = steps.reduce<Hdf5Group | undefined>((from, step) => from?.groups.get(step), group)
  return inner?.arrays.get(last)
}

/**
 * 'conv1_conv/kernel' of 'conv1_conv/kernel:0', where ':0' is TensorFlow's mark of a first output. A model within the
 * model is one group: the layer is named by the weight itself.
 */
function keyOf(group: string, name: string): string {
  const [parameter, layer = group] = name.replace(/:0$/, '').split('/').reverse()
  return `${layer}/${parameter}`
}

function unknownLayout(path: string, file: Hdf5Group): LabError {
  const later = file.groups.has('layers')
  return new LabError('bad-tensor-file', {
    expected: `Keras's layer names in ${path}`,
    received: later ? 'the layout of Keras 3’s .weights.h5, which numbers layers instead of naming them' : 'none',
    remedy: 'Save the model with model.save(\'model.h5\')',
  })
}
