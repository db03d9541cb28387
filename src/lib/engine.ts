/** The engine in use: tensors made, read, counted and given back. Operations on them are in `kernels`. */
import { nativeEngine } from './engine/native'
import type { Engine, EngineDescription, Tensor } from './engine/tensor'
import { LabError } from './errors'

export { nativeTensorFlowJs as tensorFlowJs } from './engine/native'
export { handOver, type EngineDescription, type Tensor } from './engine/tensor'

const engine: Engine = nativeEngine

/**
 * A tensor of float32 or int32 numbers. The engine may go on reading `data`: do not change it afterwards.
 * @throws LabError 'shape-mismatch' when `data` does not fill `shape`
 */
export function tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1)
  if (size !== data.length)
    throw new LabError('shape-mismatch', {
      expected: `${size} numbers for shape [${shape.join(', ')}]`,
      received: `${data.length} numbers`,
      remedy: 'Give as many numbers as the shape holds',
    })
  return engine.tensor(data, shape)
}

/** A tensor's numbers, copied out of the engine. */
export function read(source: Tensor): Float32Array {
  return engine.read(source)
}

/** Gives tensors back to the engine. */
export function release(...tensors: readonly Tensor[]): void {
  engine.release(...tensors)
}

/** How many tensors the engine holds: grows only when one is not released. */
export function tensorCount(): number {
  return engine.tensorCount()
}

/** What runs underneath. @throws LabError 'engine-missing' */
export function describeEngine(): EngineDescription {
  return engine.describe()
}
