/**
 * The door to TensorFlow: loads TensorFlow.js's native binding and runs single operations. TensorFlow.js itself, of
 * which nothing is used here, would take another 40 MB and half a second: it is only loaded on demand.
 *
 * A tensor made here lives until it is released; nothing is collected automatically.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as TensorFlowJs from '@tensorflow/tfjs-node-gpu'
import { LabError } from '../../system/errors'
import { threadLimit } from '../../system/parallel'
import type { Engine, EngineDescription, Tensor } from '../tensor'

/** One attribute of an operation, as the binding takes it. */
export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number | string | readonly number[] | readonly string[]
}

interface Binding {
  createTensor(shape: readonly number[], type: number, data: Float32Array | Int32Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Tensor[]
  getNumOfTensors(): number
  isUsingGpuDevice(): boolean
  readonly TF_Version: string
  /** Present where this project's patch was applied: inputs can be handed over, attributes can be lists. */
  readonly labPatch?: number
  /** Where this project's own operations were compiled: 1 if they are for this processor, else 0. */
  readonly labOperations?: number
}

interface Native {
  tensorFlowJs: string
  binding: Binding
  threads: number
  traits: Traits
  /** A hash of the binding's file. */
  build: string
}

/** What sets one native engine apart from another. */
export interface Traits {
  /** Whether the binding is this project's: it takes lists as attributes, and inputs handed over. */
  patched: boolean
  /** Whether oneDNN's own operations may be used: on processors that have them, never on a card. */
  oneDnn: boolean
  /** Whether the binding has this project's own operations, and this processor can run them. */
  projectOperations: boolean
  /** Whether operations run on a graphics card. */
  card: boolean
}

/** Numbers that TensorFlow's C interface gives its types and kinds of attribute. */
const dataType = { float: 1, int32: 3, bool: 10, resource: 20 } as const
const attributeKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const

type DataType = keyof typeof dataType

/** Makes attributes of each kind. Lists of types or strings need the patched binding. */
export const attribute = {
  type: (name: string, value: DataType): Attribute => ({ name, type: attributeKind.type, value: dataType[value] }),
  types: (name: string, values: readonly DataType[]): Attribute =>
    ({ name, type: attributeKind.type, value: values.map(value => dataType[value]) }),
  int: (name: string, value: number | readonly number[]): Attribute => ({ name, type: attributeKind.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeKind.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeKind.bool, value }),
  string: (name: string, value: string | readonly string[]): Attribute =>
    ({ name, type: attributeKind.string, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeKind.shape, value }),
}

let loaded: Native | undefined

/** Constants that are kept for good, and not counted. */
let constants = 0

/** The native engine. Every function throws LabError 'engine-missing' where it is not installed. */
export const nativeEngine = {
  /** The engine may go on reading `data`: do not change it afterwards. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    const type = data instanceof Int32Array ? dataType.int32 : dataType.float
    return { id: load().binding.createTensor(shape, type, data), shape }
  },
  read: (source: Tensor) => load().binding.tensorDataSync(source.id) as Float32Array,
  release(...tensors: readonly Tensor[]): void {
    for (const one of tensors) loaded!.binding.deleteTensor(one.id)
  },
  /** A tensor that is never released. */
  constant(values: Float32Array | Int32Array, shape: readonly number[]): Tensor {
    constants++
    return nativeEngine.tensor(values, shape)
  },
  tensorCount: () => load().binding.getNumOfTensors() - constants,
  describe(): EngineDescription {
    const { tensorFlowJs, binding, threads, traits, build } = load()
    return {
      engine: binding.isUsingGpuDevice() ? 'gpu' : 'native',
      tensorflow: binding.TF_Version,
      tensorflowJs: tensorFlowJs,
      node: process.versions.node,
      threads,
      operations: JSON.stringify({ ...traits, build }),
    }
  },
} satisfies Engine & { constant: Engine['tensor'] }

/** TensorFlow.js itself, on the same binding. @throws LabError 'engine-missing' */
export function nativeTensorFlowJs(): typeof TensorFlowJs {
  load()
  restoreIsNullOrUndefined()
  return createRequire(__filename)('@tensorflow/tfjs-node-gpu') as typeof TensorFlowJs
}

/** What this machine's native engine can do beyond TensorFlow's public operations. @throws LabError 'engine-missing' */
export function traits(): Traits {
  return load().traits
}

/**
 * Runs one TensorFlow operation and gives back its outputs. Inputs that are handed over are released, and with the
 * patched binding may become outputs in place.
 * @throws LabError 'engine-failed' with TensorFlow's own words, 'too-large' where memory is short
 */
export function execute(
  operation: string, attributes: readonly Attribute[], inputs: readonly Tensor[], outputs: number,
): Tensor[] {
  const { binding, traits: { patched } } = load()
  const ids = inputs.map(({ id, donated }) => (donated && patched ? -1 - id : id))
  try {
    return binding.executeOp(operation, attributes, ids, outputs)
  } catch (fault) {
    const { message } = fault as Error
    const short = /out of memory|\bOOM\b/i.test(message)
    throw new LabError(short ? 'too-large' : 'engine-failed', {
      expected: `${operation} to run`,
      received: `${message} (input shapes ${inputs.map(i => `[${i.shape.join(', ')}]`).join(' ')})`,
      remedy: short ? 'Take smaller batches or images, or close other programs'
        : 'Check the shapes; `npm run doctor` tells whether the engine itself is sound',
    })
  } finally {
    if (!patched) nativeEngine.release(...inputs.filter(input => input.donated))
  }
}

/** Runs one operation with one output. */
export function run(operation: string, attributes: readonly Attribute[], ...inputs: readonly Tensor[]): Tensor {
  return execute(operation, attributes, inputs, 1)[0]
}

function load(): Native {
  if (loaded) return loaded
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threadLimit())
  process.env.TF_NUM_INTEROP_THREADS ??= '1'
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  if (process.env.LAB_ENGINE === 'native') process.env.CUDA_VISIBLE_DEVICES = ''
  // On a processor, operations give the same bits with the same number of threads. On a card some sums come in the
  // order in which its threads end: gradients of convolutions and pooling among them.
  if (process.env.LAB_DETERMINISTIC === '1') process.env.TF_DETERMINISTIC_OPS = '1'
  try {
    // Loaded here and not at the top: whatever needs no engine must work where none is installed.
    const require = createRequire(__filename)
    const { version: tensorFlowJs } = require('@tensorflow/tfjs-node-gpu/package.json') as { version: string }
    const file = require.resolve('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node')
    const binding = require(file) as Binding
    const build = createHash('sha256').update(readFileSync(file)).digest('hex')
    const threads = Number(process.env.TF_NUM_INTRAOP_THREADS)
    const plain = process.env.LAB_OPERATIONS === 'plain'
    const patched = !plain && binding.labPatch !== undefined
    const card = binding.isUsingGpuDevice()
    if (process.env.LAB_ENGINE === 'gpu' && !card) throw new Error('LAB_ENGINE=gpu, and TensorFlow sees no NVIDIA card')
    const oneDnn = !plain && !card && hasOneDnn(binding)
    const projectOperations = patched && !card && binding.labOperations === 1
    return (loaded = { tensorFlowJs, binding, build, threads, traits: { patched, oneDnn, projectOperations, card } })
  } catch (fault) {
    throw new LabError('engine-missing', {
      expected: "TensorFlow's native binding",
      received: (fault as Error).message.split('\n')[0],
      remedy: '`npm run doctor` tells what is missing, `npm run setup` installs it',
    })
  }
}

/** Tries one of oneDNN's operations on a single number: builds for ARM, and some settings, are without them. */
function hasOneDnn(binding: Binding): boolean {
  const input = binding.createTensor([1, 1, 1, 1], dataType.float, new Float32Array(1))
  try {
    const outputs = binding.executeOp('_MklNativeMaxPool', [
      attribute.type('T', 'float'), attribute.int('ksize', [1, 1, 1, 1]), attribute.int('strides', [1, 1, 1, 1]),
      attribute.string('padding', 'VALID'), attribute.string('data_format', 'NHWC'),
      attribute.bool('workspace_enabled', true), attribute.string('_kernel', 'MklNameChangeOp'),
    ], [input], 2)
    outputs.forEach(({ id }) => binding.deleteTensor(id))
    return true
  } catch {
    return false
  } finally {
    binding.deleteTensor(input)
  }
}

/** TensorFlow.js 4.22 calls a function that Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  const legacy = createRequire(__filename)('node:util') as Record<string, unknown>
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
}
