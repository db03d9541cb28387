/**
 * TensorFlow.js on WebAssembly: the engine where nothing native runs. Slower, and it gives the same answers.
 *
 * A tensor made here lives until it is released; nothing is collected automatically.
 */
import { LabError } from '../../system/errors'
import type { Engine, Tensor } from '../tensor'
import { loadTensorFlowJs, startWasmBackend, type AnyValue, type TensorFlowJsCore, type Value } from './wasm-backend'

export type { TensorFlowJsCore, Value } from './wasm-backend'

let loaded: TensorFlowJsCore | undefined
const values = new Map<number, Value>()

export const wasmEngine: Engine = {
  tensor: (data, shape) => kept(tensorFlowJsCore().tensor(data, [...shape] as Value['shape'])),
  read: source => valueOf(source).dataSync<'float32'>(),
  release(...tensors) {
    for (const one of tensors) {
      valueOf(one).dispose()
      values.delete(one.id)
    }
  },
  tensorCount: () => values.size,
  describe: () => ({
    engine: 'wasm', tensorflow: null, tensorflowJs: tensorFlowJsCore().version_core, node: process.versions.node, threads: 1,
    operations: 'composed',
  }),
}

/** TensorFlow.js with the WebAssembly backend. @throws LabError 'engine-missing' */
export function tensorFlowJsCore(): TensorFlowJsCore {
  loaded ??= startWasmBackend()
  // Other code in the process, danfo.js for one, may have chosen another.
  if (loaded.getBackend() !== 'wasm') void loaded.setBackend('wasm')
  return loaded
}

/** TensorFlow.js itself, on WebAssembly. @throws LabError 'engine-missing' */
export function wasmTensorFlowJs(): ReturnType<typeof loadTensorFlowJs> {
  tensorFlowJsCore()
  return loadTensorFlowJs()
}

/**
 * Runs TensorFlow.js's operations on tensors and keeps the one that comes out. Those made on the way are released, and
 * so are inputs that were handed over.
 * @throws LabError 'engine-failed' with TensorFlow.js's own words
 */
export function compose(
  inputs: readonly Tensor[], make: (tf: TensorFlowJsCore, ...inputs: readonly Value[]) => AnyValue,
): Tensor {
  return composeAll(inputs, (tf, ...all) => [make(tf, ...all)])[0]
}

/** The same for several outputs. */
export function composeAll(
  inputs: readonly Tensor[], make: (tf: TensorFlowJsCore, ...inputs: readonly Value[]) => AnyValue[],
): Tensor[] {
  const tf = tensorFlowJsCore()
  try {
    return tf.tidy(() => make(tf, ...inputs.map(valueOf))).map(output => kept(output as Value))
  } catch (fault) {
    if (fault instanceof LabError) throw fault
    throw new LabError('engine-failed', {
      expected: 'TensorFlow.js to run',
      received: `${(fault as Error).message} (input shapes ${inputs.map(i => `[${i.shape.join(', ')}]`).join(' ')})`,
      remedy: 'Check the shapes; `npm run doctor` tells whether the engine itself is sound',
    })
  } finally {
    wasmEngine.release(...inputs.filter(input => input.donated))
  }
}

function kept(value: Value): Tensor {
  values.set(value.id, value)
  return { id: value.id, shape: value.shape }
}

function valueOf({ id }: Tensor): Value {
  return values.get(id)!
}
