/**
 * The door to TensorFlow: the only file that imports TensorFlow.js. It loads the native binding,
 * says what was loaded, and runs single operations on tensors.
 *
 * A tensor made here lives until it is released; nothing is collected automatically.
 */
import { availableParallelism } from 'node:os'
import { createRequire } from 'node:module'
import type * as TensorFlowJs from '@tensorflow/tfjs-node-gpu'
import { LabError } from './errors'

/** A tensor in the engine: the number it is known by there, and its shape. */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
}

/** What runs underneath. */
export interface EngineDescription {
  /** 'native' is TensorFlow on the processor, 'gpu' TensorFlow on an NVIDIA card. */
  engine: 'native' | 'gpu'
  tensorflow: string
  tensorflowJs: string
  node: string
  /** Threads that one operation may use. */
  threads: number
}

/** One attribute of an operation, as the binding takes it. */
export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number | string | readonly number[]
}

interface Binding {
  createTensor(shape: readonly number[], type: number, data: Float32Array | Int32Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Tensor[]
  getNumOfTensors(): number
  isUsingGpuDevice(): boolean
  readonly TF_Version: string
}

/** Numbers that TensorFlow's C interface gives its types and kinds of attribute. */
const dataType = { float: 1, int32: 3, bool: 10, resource: 20 } as const
const attributeKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const

/** Makes attributes of each kind. */
export const attribute = {
  type: (name: string, value: keyof typeof dataType): Attribute =>
    ({ name, type: attributeKind.type, value: dataType[value] }),
  int: (name: string, value: number | readonly number[]): Attribute => ({ name, type: attributeKind.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeKind.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeKind.bool, value }),
  string: (name: string, value: string): Attribute => ({ name, type: attributeKind.string, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeKind.shape, value }),
}

let loaded: { tensorFlowJs: typeof TensorFlowJs; binding: Binding; threads: number } | undefined

/**
 * TensorFlow.js itself, on the same native engine.
 * @throws LabError 'engine-missing' where the native binding or TensorFlow's libraries are not installed
 */
export function tensorFlowJs(): typeof TensorFlowJs {
  return load().tensorFlowJs
}

/** What runs underneath. @throws LabError 'engine-missing' */
export function describeEngine(): EngineDescription {
  const { tensorFlowJs, binding, threads } = load()
  return {
    engine: binding.isUsingGpuDevice() ? 'gpu' : 'native',
    tensorflow: binding.TF_Version,
    tensorflowJs: tensorFlowJs.version_core,
    node: process.versions.node,
    threads,
  }
}

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
  const type = data instanceof Int32Array ? dataType.int32 : dataType.float
  return { id: load().binding.createTensor(shape, type, data), shape }
}

/** A tensor's numbers, copied out of the engine. */
export function read(source: Tensor): Float32Array {
  return load().binding.tensorDataSync(source.id) as Float32Array
}

/** Gives tensors back to the engine. */
export function release(...tensors: readonly Tensor[]): void {
  for (const one of tensors) loaded!.binding.deleteTensor(one.id)
}

/** How many tensors the engine holds: grows only when one is not released. */
export function tensorCount(): number {
  return load().binding.getNumOfTensors()
}

/**
 * Runs one TensorFlow operation and gives back its outputs.
 * @throws LabError 'engine-failed' with TensorFlow's own words
 */
export function execute(
  operation: string, attributes: readonly Attribute[], inputs: readonly Tensor[], outputs: number,
): Tensor[] {
  try {
    return load().binding.executeOp(operation, attributes, inputs.map(input => input.id), outputs)
  } catch (fault) {
    if (fault instanceof LabError) throw fault
    throw new LabError('engine-failed', {
      expected: `${operation} to run`,
      received: `${(fault as Error).message} (input shapes ${inputs.map(i => `[${i.shape.join(', ')}]`).join(' ')})`,
      remedy: 'Check the shapes; `npm run doctor` tells whether the engine itself is sound',
    })
  }
}

/** Runs one operation with one output. */
export function run(operation: string, attributes: readonly Attribute[], ...inputs: readonly Tensor[]): Tensor {
  return execute(operation, attributes, inputs, 1)[0]
}

/** LAB_THREADS, or one thread a core. */
function wantedThreads(): number {
  const wanted = Number(process.env.LAB_THREADS)
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism()
}

function load() {
  if (loaded) return loaded
  const threads = wantedThreads()
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads)
  process.env.TF_NUM_INTEROP_THREADS ??= '1'
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  if (process.env.LAB_ENGINE === 'native') process.env.CUDA_VISIBLE_DEVICES = ''
  restoreIsNullOrUndefined()
  try {
    // Loaded here and not at the top: whatever needs no engine must work where none is installed.
    const tensorFlowJs = createRequire(__filename)('@tensorflow/tfjs-node-gpu') as typeof TensorFlowJs
    const binding = (tensorFlowJs.backend() as unknown as { binding: Binding }).binding
    return (loaded = { tensorFlowJs, binding, threads })
  } catch (fault) {
    throw new LabError('engine-missing', {
      expected: "TensorFlow's native binding",
      received: (fault as Error).message.split('\n')[0],
      remedy: '`npm run doctor` tells what is missing, `npm run setup` installs it',
    })
  }
}

/** TensorFlow.js 4.22 calls a function that Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  const legacy = createRequire(__filename)('node:util') as Record<string, unknown>
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
}
