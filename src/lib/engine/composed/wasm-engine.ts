/**
 * The WebAssembly engine, TensorFlow.js on WebAssembly: it runs where the native engine cannot. It is slower and gives
 * the same answers.
 *
 * A tensor lives until it is released: JavaScript's garbage collection does not reach it.
 */
import { LabError } from '../../system/errors'
import { noteMade, noteReleased } from '../scope'
import type { Engine, Tensor } from '../tensor'
import { loadTensorFlowJs, startWasmBackend, type AnyValue, type TensorFlowJsCore, type Value } from './wasm-backend'

export type { TensorFlowJsCore, Value } from './wasm-backend'

let loaded: TensorFlowJsCore | undefined
const values = new Map<number, Value>()

export const wasmEngine: Engine = {
  tensor: (data, shape) => registered(tensorFlowJsCore().tensor(data, [...shape] as Value['shape'])),
  read: source => valueOf(source).dataSync<'float32'>(),
  release(...tensors) {
    for (const tensor of tensors) {
      valueOf(tensor).dispose()
      values.delete(tensor.id)
    }
    noteReleased(tensors)
  },
  tensorCount: () => values.size,
  describe: () => ({
    engine: 'wasm', tensorflow: null, tensorflowJs: tensorFlowJsCore().version_core, node: process.versions.node,
    threads: 1, operations: 'composed',
  }),
}

/** TensorFlow.js with the WebAssembly backend. @throws LabError 'engine-missing' */
export function tensorFlowJsCore(): TensorFlowJsCore {
  loaded ??= startWasmBackend()
  // Other code in the process, such as danfo.js, may have switched to another backend.
  if (loaded.getBackend() !== 'wasm') void loaded.setBackend('wasm')
  return loaded
}

/** The package TensorFlow.js, on WebAssembly. @throws LabError 'engine-missing' */
export function wasmTensorFlowJs(): ReturnType<typeof loadTensorFlowJs> {
  tensorFlowJsCore()
  return loadTensorFlowJs()
}

/**
 * Runs TensorFlow.js's operations on tensors and returns the result. Intermediate results and donated inputs are
 * released.
 * @throws LabError 'engine-failed' with TensorFlow.js's own words
 */
export function compose(
  inputs: readonly Tensor[], make: (tf: TensorFlowJsCore, ...inputs: readonly Value[]) => AnyValue,
): Tensor {
  return composeAll(inputs, (tf, ...all) => [make(tf, ...all)])[0]
}

/** As `compose`, with several results. */
export function composeAll(
  inputs: readonly Tensor[], make: (tf: TensorFlowJsCore, ...inputs: readonly Value[]) => AnyValue[],
): Tensor[] {
  const tf = tensorFlowJsCore()
  try {
    return tf.tidy(() => make(tf, ...inputs.map(valueOf))).map(output => registered(output as Value))
  } catch (fault) {
    if (fault instanceof LabError) throw fault
    throw new LabError('engine-failed', {
      expected: 'TensorFlow.js to run',
      received: `${(fault as Error).message} (input shapes ${inputs.map(i => `[${i.shape.join(', ')}]`).join(' ')})`,
      remedy: 'Check the shapes; `npm run doctor` tells whether the engine itself works',
    })
  } finally {
    wasmEngine.release(...inputs.filter(input => input.donated))
  }
}

function registered(value: Value): Tensor {
  values.set(value.id, value)
  const made = { id: value.id, shape: value.shape }
  noteMade([made])
  return made
}

function valueOf({ id }: Tensor): Value {
  return values.get(id)!
}
