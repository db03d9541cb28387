/** A model's arrays as other programs read them: little endian, float32 or float16. */
import { parameters } from '../../model/architecture'
import { LabError } from '../../system/errors'
import { fromHalf, toHalf } from '../formats/half-float'
import type { Model } from '../../model/model'

/** How kernels are stored. All other arrays, which have few numbers of a wide range, are float32 in any case. */
export type Precision = 'float32' | 'float16'

export interface ExportedArray {
  /** As Keras names it, such as 'conv1_conv/kernel'. */
  name: string
  shape: readonly number[]
  type: Precision
  bytes: Uint8Array
  /** The numbers as a reader of the bytes gets them. */
  values: Float32Array
}

/**
 * All arrays of a model, float32 before float16: some readers require each number to start at a multiple of its size.
 * @throws LabError 'bad-argument' for a number that float16 cannot hold
 */
export function exportedArrays(model: Model, precision: Precision): ExportedArray[] {
  const arrays = parameters(model.architecture).map(({ name, shape }) => {
    const type = name.endsWith('/kernel') ? precision : 'float32'
    return { name, shape, type, ...stored(name, model.weights.get(name)!, type) }
  })
  return (['float32', 'float16'] as const).flatMap(type => arrays.filter(array => array.type === type))
}

/** The numbers of exported arrays by name, as a reader of the file gets them. */
export function valuesByName(arrays: readonly ExportedArray[]): Map<string, Float32Array> {
  return new Map(arrays.map(({ name, values }) => [name, values]))
}

function stored(name: string, values: Float32Array, type: Precision): Pick<ExportedArray, 'bytes' | 'values'> {
  if (type === 'float32') return { bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength), values }
  const outside = values.find(value => !(Math.abs(value) < 65520))
  if (outside !== undefined)
    throw new LabError('bad-argument', {
      expected: `numbers of ${name} within float16's ± 65,504`, received: String(outside), remedy: 'Export it as float32',
    })
  const halves = toHalf(values)
  return { bytes: new Uint8Array(halves.buffer), values: fromHalf(halves) }
}
