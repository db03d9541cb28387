/** The engine in use: tensors made, read, counted and given back. Operations on them are in `kernels`. */
import { nativeEngine, nativeTensorFlowJs } from './native/native-engine'
import type { Engine, EngineDescription, Tensor } from './tensor'
import { wasmEngine, wasmTensorFlowJs } from './composed/wasm-engine'
import { sizeOf } from '../system/shape'
import { LabError } from '../system/errors'

export { engineName, donate, type EngineDescription, type Tensor } from './tensor'

interface Choice {
  engine: 'native' | 'wasm'
  nativeMissing?: string
}

let chosen: Choice | undefined

/**
 * Which engine runs: what LAB_ENGINE asks for ('native', 'gpu' or 'wasm'); where it asks for nothing, the native one,
 * and WebAssembly where that cannot be loaded. Decided on the first call.
 * @throws LabError 'bad-argument' for another LAB_ENGINE
 */
export function engineInUse(): 'native' | 'wasm' {
  return choice().engine
}

function choice(): Choice {
  return (chosen ??= choose(process.env.LAB_ENGINE))
}

function choose(wanted = ''): Choice {
  switch (wanted) {
    case 'native': case 'gpu': return { engine: 'native' }
    case 'wasm': return { engine: 'wasm', nativeMissing: 'LAB_ENGINE=wasm asks for it' }
    case '': return nativeOrElse()
    default: throw new LabError('bad-argument', {
      expected: "LAB_ENGINE 'native', 'gpu' or 'wasm', or none", received: `'${wanted}'`,
      remedy: 'Unset LAB_ENGINE, or set it to one of these',
    })
  }
}

function nativeOrElse(): Choice {
  try {
    nativeEngine.describe()
    return { engine: 'native' }
  } catch (fault) {
    return { engine: 'wasm', nativeMissing: (fault as LabError).received }
  }
}

function engine(): Engine {
  return engineInUse() === 'wasm' ? wasmEngine : nativeEngine
}

/** TensorFlow.js itself, on the engine in use. @throws LabError 'engine-missing' */
export function tensorFlowJs(): ReturnType<typeof wasmTensorFlowJs> {
  return engineInUse() === 'wasm' ? wasmTensorFlowJs() : nativeTensorFlowJs()
}

/**
 * A tensor of float32 or int32 numbers. The engine may go on reading `data`: do not change it afterwards.
 * @throws LabError 'shape-mismatch' when `data` does not fill `shape`
 */
export function tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const size = sizeOf(shape)
  if (size !== data.length)
    throw new LabError('shape-mismatch', {
      expected: `${size} numbers for shape [${shape.join(', ')}]`,
      received: `${data.length} numbers`,
      remedy: 'Give as many numbers as the shape holds',
    })
  return engine().tensor(data, shape)
}

/** A tensor's numbers, copied out of the engine. */
export function read(source: Tensor): Float32Array {
  return engine().read(source)
}

/** Gives tensors back to the engine. */
export function release(...tensors: readonly Tensor[]): void {
  engine().release(...tensors)
}

/** How many tensors the engine holds: grows only when one is not released. */
export function tensorCount(): number {
  return engine().tensorCount()
}

/** What runs underneath. @throws LabError 'engine-missing' */
export function describeEngine(): EngineDescription {
  const { nativeMissing } = choice()
  return { ...engine().describe(), ...(nativeMissing && { nativeMissing }) }
}

/** All that decides how the engine rounds: where it is the same, the same operations give the same bits. */
export function engineIdentity(): string {
  const { engine, tensorflow, tensorflowJs, threads, operations } = describeEngine()
  return JSON.stringify([engine, tensorflow, tensorflowJs, threads, operations])
}
