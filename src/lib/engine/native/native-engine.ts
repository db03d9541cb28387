/**
 * The native engine: tensors and single operations on TensorFlow.
 *
 * A tensor lives until it is released: JavaScript's garbage collection does not reach it.
 */
import { LabError } from '../../system/errors'
import type { Engine, EngineDescription, Tensor } from '../tensor'
import { dataType, type Attribute } from './attribute'
import { loadBinding } from './binding'

/** How many constants were made: they are never released, and `tensorCount` leaves them out. */
let constantCount = 0

/** Every function throws LabError 'engine-missing' if the native engine is not installed. */
export const nativeEngine = {
  /** The engine may go on reading `data`, so do not change it afterwards. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    const type = data instanceof Int32Array ? dataType.int32 : dataType.float
    return { id: loadBinding().binding.createTensor(shape, type, data), shape }
  },
  read: (source: Tensor) => loadBinding().binding.tensorDataSync(source.id) as Float32Array,
  release(...tensors: readonly Tensor[]): void {
    for (const { id } of tensors) loadBinding().binding.deleteTensor(id)
  },
  /** A tensor that is never released. */
  constant(values: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    constantCount++
    return nativeEngine.tensor(values, shape)
  },
  tensorCount: () => loadBinding().binding.getNumOfTensors() - constantCount,
  describe(): EngineDescription {
    const { tensorFlowJs, binding, threads, capabilities, build } = loadBinding()
    return {
      engine: binding.isUsingGpuDevice() ? 'gpu' : 'native',
      tensorflow: binding.TF_Version,
      tensorflowJs: tensorFlowJs,
      node: process.versions.node,
      threads,
      operations: JSON.stringify({ ...capabilities, build }),
    }
  },
} satisfies Engine & { constant: Engine['tensor'] }

/**
 * Runs one TensorFlow operation and returns its outputs. Donated inputs are released; with the patched binding, an
 * output may be written into the memory of a donated input.
 * @throws LabError 'engine-failed' with TensorFlow's own words; 'too-large' if there is not enough memory
 */
export function execute(
  operation: string, attributes: readonly Attribute[], inputs: readonly Tensor[], outputs: number,
): Tensor[] {
  const { binding, capabilities: { patched } } = loadBinding()
  // The patched binding reads −1 − id as the donated tensor id.
  const ids = inputs.map(({ id, donated }) => (donated && patched ? -1 - id : id))
  try {
    return binding.executeOp(operation, attributes, ids, outputs)
  } catch (fault) {
    throw executionError(operation, inputs, (fault as Error).message)
  } finally {
    if (!patched) nativeEngine.release(...inputs.filter(input => input.donated))
  }
}

/** Runs one operation with one output. */
export function run(operation: string, attributes: readonly Attribute[], ...inputs: readonly Tensor[]): Tensor {
  return execute(operation, attributes, inputs, 1)[0]
}

function executionError(operation: string, inputs: readonly Tensor[], message: string): LabError {
  const outOfMemory = /out of memory|\bOOM\b/i.test(message)
  const shapes = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ')
  return new LabError(outOfMemory ? 'too-large' : 'engine-failed', {
    expected: `${operation} to run`,
    received: `${message} (input shapes ${shapes})`,
    remedy: outOfMemory ? 'Use smaller batches or images, or close other programs'
      : 'Check the shapes; `npm run doctor` tells whether the engine itself works',
  })
}
