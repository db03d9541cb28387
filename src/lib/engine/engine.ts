/** The engine that runs: it makes, reads, counts and releases tensors. `operations-in-use` computes with them. */
import { LabError } from '../system/errors'
import { sizeOf } from '../system/shape'
import { variable } from '../system/variable'
import { wasmEngine, wasmTensorFlowJs } from './composed/wasm-engine'
import { nativeTensorFlowJs } from './native/binding'
import { nativeEngine } from './native/native-engine'
import { inScope } from './scope'
import type { Engine, EngineDescription, Tensor } from './tensor'

export { cardName, donate, engineName, type Card, type EngineDescription, type Tensor } from './tensor'

interface Choice {
  engine: 'native' | 'wasm'
  nativeMissing?: string
}

let choice: Choice | undefined

/**
 * Which engine runs: the one that LAB_ENGINE names ('native', 'gpu' or 'wasm'). Without LAB_ENGINE it is the native
 * engine, or WebAssembly if the native engine cannot be loaded. The first call decides.
 * @throws LabError 'bad-argument' for another LAB_ENGINE, or for a LAB_STEP that WebAssembly does not have
 */
export function engineInUse(): 'native' | 'wasm' {
  return chosen().engine
}

function chosen(): Choice {
  return (choice ??= choose(variable('LAB_ENGINE')))
}

function choose(requested: string | undefined): Choice {
  const choice: Choice = requested === undefined ? nativeOrWasm()
    : requested === 'wasm' ? { engine: 'wasm', nativeMissing: 'LAB_ENGINE=wasm asks for it' } : { engine: 'native' }
  const steps = variable('LAB_STEP')
  if (choice.engine === 'wasm' && steps !== undefined && steps !== 'eager')
    throw new LabError('bad-argument', {
      expected: `the native engine, which LAB_STEP=${steps} needs`, received: `WebAssembly: ${choice.nativeMissing}`,
      remedy: 'Leave LAB_STEP out, or let `npm run doctor` tell what the native engine lacks',
    })
  return choice
}

function nativeOrWasm(): Choice {
  try {
    nativeEngine.describe()
    return { engine: 'native' }
  } catch (fault) {
    const { code, received } = fault as LabError
    if (code !== 'engine-missing') throw fault
    return { engine: 'wasm', nativeMissing: received }
  }
}

function engine(): Engine {
  return engineInUse() === 'wasm' ? wasmEngine : nativeEngine
}

/** The package TensorFlow.js on the engine that runs. @throws LabError 'engine-missing' */
export function tensorFlowJs(): ReturnType<typeof wasmTensorFlowJs> {
  return engineInUse() === 'wasm' ? wasmTensorFlowJs() : nativeTensorFlowJs()
}

/**
 * A tensor of float32 or int32 numbers. The engine may go on reading `data`, so do not change it afterwards.
 * @throws LabError 'shape-mismatch' if `data` does not fill `shape`
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

/** Gives the memory of tensors back to the engine. */
export function release(...tensors: readonly Tensor[]): void {
  engine().release(...tensors)
}

/**
 * Runs work. If it fails, all tensors that it made are released, except those that a variable or a network's tape owns.
 * @param work synchronous
 */
export function releasingOnFailure<Result>(work: () => Result): Result {
  return inScope(work, id => {
    try {
      release({ id, shape: [] })
    } catch {
      // An operation that failed has released its donated inputs, or has not.
    }
  })
}

/** How many tensors the engine holds. If the count grows from step to step, some tensor is not released. */
export function tensorCount(): number {
  return engine().tensorCount()
}

/** Which engine runs, with which versions and how many threads. @throws LabError 'engine-missing' */
export function describeEngine(): EngineDescription {
  const { nativeMissing } = chosen()
  return { ...engine().describe(), ...(nativeMissing && { nativeMissing }) }
}

/** Everything that decides how the engine rounds: with the same identity, the same operations give the same bits. */
export function engineIdentity(): string {
  const { engine, tensorflow, tensorflowJs, threads, operations, card } = describeEngine()
  return JSON.stringify([engine, tensorflow, tensorflowJs, threads, operations, ...(card ? [card] : [])])
}
