/** What every engine offers below its operations: tensors made, read, counted and given back. */

/** A tensor in the engine: the number it is known by there, and its shape. */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
  /** Given away with the call that it is passed to: see `donate`. */
  readonly donated?: true
}

/** What runs underneath. */
export interface EngineDescription {
  /** 'native' is TensorFlow on the processor, 'gpu' TensorFlow on an NVIDIA card, 'wasm' WebAssembly without either. */
  engine: 'native' | 'gpu' | 'wasm'
  /** Its release; null where there is none. */
  tensorflow: string | null
  tensorflowJs: string
  node: string
  /** Threads that one operation may use. */
  threads: number
  /** Tells apart which kernels of the engine run: others may round otherwise. */
  operations: string
  /** Why WebAssembly runs and not TensorFlow, where it does. */
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
 * The tensor marked as no longer needed by the caller: the operation that it is passed to releases it, and may
 * write its result over it. Only inputs whose documentation says so may be handed over.
 */
export function donate(tensor: Tensor): Tensor {
  return { ...tensor, donated: true }
}
