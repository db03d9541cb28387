/** The part of every engine below its operations: it makes, reads, counts and releases tensors. */

/** A tensor in the engine: its number there, and its shape. */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
  /** Whether the operation that receives the tensor releases it: see `donate`. */
  readonly donated?: true
}

/** Which engine runs, and with what. */
export interface EngineDescription {
  /** 'native' is TensorFlow on the processor, 'gpu' TensorFlow on an NVIDIA card, 'wasm' WebAssembly. */
  engine: 'native' | 'gpu' | 'wasm'
  /** TensorFlow's version; null without TensorFlow. */
  tensorflow: string | null
  tensorflowJs: string
  node: string
  /** Threads that one operation may use. */
  threads: number
  /** Identifies the implementations of the operations: other implementations may round differently. */
  operations: string
  /** Why the native engine does not run, where WebAssembly replaces it. */
  nativeMissing?: string
}

/** 'TensorFlow 2.20.0, native', 'TensorFlow 2.20.0, gpu' or 'WebAssembly'. */
export function engineName({ engine, tensorflow }: EngineDescription): string {
  return engine === 'wasm' ? 'WebAssembly' : `TensorFlow ${tensorflow}, ${engine}`
}

export interface Engine {
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor
  read(source: Tensor): Float32Array
  release(...tensors: readonly Tensor[]): void
  tensorCount(): number
  describe(): EngineDescription
}

/**
 * Marks a tensor that the caller no longer needs. The operation that receives it releases it, and may write its result
 * into the same memory. Only inputs whose documentation says so may be donated.
 */
export function donate(tensor: Tensor): Tensor {
  return { ...tensor, donated: true }
}
