/** The part of every engine below its operations: it makes, reads, counts and releases tensors. */

/** A tensor in the engine: its number there, and its shape. */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
  /** Whether the operation that receives the tensor releases it: see `donate`. */
  readonly donated?: true
}

/** A graphics card, and all that decides how it rounds; null where the binding or the driver does not tell. */
export interface Card {
  /** Such as 'NVIDIA H100 80GB HBM3'. */
  model: string | null
  /** 'tf32': inputs of products are rounded to ten bits (LAB_PRECISION). */
  precision: 'float32' | 'tf32'
  /** Whether sums are added in a fixed order (LAB_DETERMINISTIC). */
  deterministic: boolean
  /** cuDNN's version, such as '9.28.0'. */
  cudnn: string | null
  /** The driver's version, such as '580.159'. */
  driver: string | null
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
  /** How it computes, where that is not its device's default: other bits, such as those of 'LAB_STEP=graph'. */
  mode?: string
  /** The card on which 'gpu' computes. */
  card?: Card
  /** Why the processor computes, where a card was looked for. */
  cardMissing?: string
  /** Why the native engine does not run, where WebAssembly replaces it. */
  nativeMissing?: string
}

/** 'TensorFlow 2.20.0, native', 'WebAssembly' or 'TensorFlow 2.20.0, gpu (NVIDIA H100, float32, deterministic, …)'. */
export function engineName({ engine, tensorflow, card, mode }: EngineDescription): string {
  if (engine === 'wasm') return 'WebAssembly'
  const more = [...(card ? [cardName(card)] : []), ...(mode ? [mode] : [])]
  return `TensorFlow ${tensorflow}, ${engine}${more.length ? ` (${more.join(', ')})` : ''}`
}

/** 'NVIDIA H100 80GB HBM3, float32, deterministic, cuDNN 9.28.0, driver 580.159' */
export function cardName({ model, precision, deterministic, cudnn, driver }: Card): string {
  return [
    model ?? 'a card whose model is not known', precision, deterministic ? 'deterministic' : 'not deterministic',
    ...(cudnn ? [`cuDNN ${cudnn}`] : []), ...(driver ? [`driver ${driver}`] : []),
  ].join(', ')
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
