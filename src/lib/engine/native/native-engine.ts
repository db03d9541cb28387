/**
 * The native engine: tensors and single operations on TensorFlow.
 *
 * A tensor lives until it is released: JavaScript's garbage collection does not reach it.
 */
import { noteMade, noteReleased } from '../scope'
import type { Engine, EngineDescription, Tensor } from '../tensor'
import { dataType, type Attribute } from './attribute'
import { loadBinding, type Capabilities } from './binding'
import { engineFailure } from './failure'
import { isRecording, notRecordable, record } from './recording'

/** How many constants were made: they are never released, and `tensorCount` leaves them out. */
let constantCount = 0

/**
 * Every function throws LabError 'engine-missing' if the native engine is not installed. `tensor`, `constant` and
 * `read` throw 'too-large' if memory does not suffice, 'engine-failed' for other failures.
 */
export const nativeEngine = {
  /** The engine may go on reading `data`, so do not change it afterwards. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    // A recorded number would be the same in every call of the function that is made of the recording.
    if (isRecording()) throw notRecordable('a new tensor')
    const made = newTensor(data, shape)
    noteMade([made])
    return made
  },
  /** On a card, work that fails after its call has returned is noticed here. */
  read(source: Tensor): Float32Array {
    if (isRecording()) throw notRecordable('a read of numbers')
    try {
      return loadBinding().binding.tensorDataSync(source.id) as Float32Array
    } catch (fault) {
      throw engineFailure('a tensor to be read', fault, [source])
    }
  },
  release(...tensors: readonly Tensor[]): void {
    for (const { id } of tensors) loadBinding().binding.deleteTensor(id)
    noteReleased(tensors)
  },
  /** A tensor that is never released. */
  constant(values: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    constantCount++
    return newTensor(values, shape)
  },
  tensorCount: () => loadBinding().binding.getNumOfTensors() - constantCount,
  describe(): EngineDescription {
    const { tensorFlowJs, binding, threads, capabilities, build, kernels, card, cardMissing } = loadBinding()
    const mode = modeOf(capabilities)
    return {
      engine: binding.isUsingGpuDevice() ? 'gpu' : 'native',
      tensorflow: binding.TF_Version,
      tensorflowJs: tensorFlowJs,
      node: process.versions.node,
      threads,
      operations: JSON.stringify({ ...capabilities, build, ...kernels }),
      ...(mode && { mode }),
      ...(card && { card }),
      ...(cardMissing && { cardMissing }),
    }
  },
} satisfies Engine & { constant: Engine['tensor'] }

/** What the device does not do by default, in words; '' where nothing. */
function modeOf({ patched, steps, card }: Capabilities): string {
  if (!patched) return 'public operations only'
  return steps === (card ? 'graph' : 'eager') ? '' : `LAB_STEP=${steps}`
}

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
  // An operation without outputs changes variables: see `recordingOf`.
  const skipped = isRecording() && outputs === 0
  const donated = inputs.filter(input => input.donated)
  try {
    const results = skipped ? [] : binding.executeOp(operation, attributes, ids, outputs)
    record({ operation, attributes, inputs: inputs.map(({ id }) => id), outputs: results.map(({ id }) => id) })
    noteMade(results)
    noteReleased(donated)
    return results
  } catch (fault) {
    throw engineFailure(`${operation} to run`, fault, inputs)
  } finally {
    if (!patched || skipped) nativeEngine.release(...donated)
  }
}

function newTensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const type = data instanceof Int32Array ? dataType.int32 : dataType.float
  try {
    return { id: loadBinding().binding.createTensor(shape, type, data), shape }
  } catch (fault) {
    throw engineFailure('a tensor to be made', fault, [{ shape }])
  }
}

/** Runs one operation with one output. */
export function run(operation: string, attributes: readonly Attribute[], ...inputs: readonly Tensor[]): Tensor {
  return execute(operation, attributes, inputs, 1)[0]
}
