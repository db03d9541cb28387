/**
 * Loads TensorFlow.js's native binding, the door to TensorFlow. The package TensorFlow.js itself is loaded on demand
 * only: this library uses none of it, and it would take another 40 MB and half a second.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as TensorFlowJs from '@tensorflow/tfjs-node-gpu'
import { noCardToFind } from '../../system/card.mjs'
import { LabError } from '../../system/errors'
import { variable } from '../../system/variable'
import type { Card, Tensor } from '../tensor'
import { attribute, dataType, type Attribute } from './attribute'
import { prepareCard, type CardFunctions } from './card'
import { requestedDeterminism, setEnvironment } from './environment'
import { kernelVariables, processorName } from './processor'

/** The functions of the compiled binding. */
interface Binding extends CardFunctions {
  createTensor(shape: readonly number[], type: number, data: Float32Array | Int32Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Tensor[]
  getNumOfTensors(): number
  /** Adds a function, from the bytes of a FunctionDef. Present with this project's patch, as the next one is. */
  addFunction?(definition: Uint8Array): void
  removeFunction?(name: string): void
  isUsingGpuDevice(): boolean
  readonly TF_Version: string
  /** Present with this project's patch: inputs can be donated, attributes can be lists. */
  readonly labPatch?: number
  /** Present with this project's operations: 1 if this processor can run them, else 0. */
  readonly labOperations?: number
}

export type Steps = 'eager' | 'graph' | 'xla'

/** What one machine's native engine can do and another's cannot. */
export interface Capabilities {
  /** Whether the binding has this project's patch: attributes can be lists, and inputs can be donated. */
  patched: boolean
  /** Whether TensorFlow has oneDNN's own operations: on most processors, never on a card. */
  oneDnn: boolean
  /** Whether the binding has this project's own operations, and this processor can run them. */
  projectOperations: boolean
  /** Whether operations run on a graphics card. */
  card: boolean
  /**
   * How a training step and a forward pass run: each operation by a call of its own, or all of them by one call of a
   * function, which TensorFlow's graph executor runs or XLA compiles.
   */
  steps: Steps
}

interface LoadedBinding {
  tensorFlowJs: string
  binding: Binding
  threads: number
  capabilities: Capabilities
  /** SHA-256 of the binding's file. */
  build: string
  /** The processor, and the variables by which the user chose other kernels. */
  kernels: Record<string, string>
  card?: Card
  /** Why the processor computes, where a card was looked for. */
  cardMissing?: string
}

let loaded: LoadedBinding | undefined

/** The binding; the first call loads it. @throws LabError 'engine-missing' */
export function loadBinding(): LoadedBinding {
  return (loaded ??= load())
}

/** @throws LabError 'engine-missing' */
export function capabilities(): Capabilities {
  return loadBinding().capabilities
}

/** The package TensorFlow.js, on the same binding. @throws LabError 'engine-missing' */
export function nativeTensorFlowJs(): typeof TensorFlowJs {
  loadBinding()
  restoreIsNullOrUndefined()
  return createRequire(__filename)('@tensorflow/tfjs-node-gpu') as typeof TensorFlowJs
}

function load(): LoadedBinding {
  const plain = variable('LAB_OPERATIONS') === 'plain', engine = variable('LAB_ENGINE')
  try {
    // Loaded here and not at the top: everything that needs no engine must work without one.
    const require = createRequire(__filename)
    const { version: tensorFlowJs } = require('@tensorflow/tfjs-node-gpu/package.json') as { version: string }
    const file = require.resolve('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node')
    const bytes = readFileSync(file)
    // The binding names the folder of TensorFlow's libraries.
    const forCards = bytes.includes('.engine/gpu/')
    const noCard = noCardToFind()
    const withoutCard = setEnvironment(forCards)
    const binding = require(file) as Binding
    const build = createHash('sha256').update(bytes).digest('hex')
    const threads = Number(process.env.TF_NUM_INTRAOP_THREADS)
    const onCard = binding.isUsingGpuDevice()
    if (!onCard && engine === 'gpu') throw cardRequired(noCard)
    if (!onCard) withoutCard()
    return {
      tensorFlowJs, binding, build, threads, capabilities: capabilitiesOf(binding, plain),
      kernels: { ...kernelVariables(), ...(!onCard && { processor: processorName() }) },
      ...(onCard && { card: prepareCard(binding) }),
      ...(forCards && !onCard && !noCard && { cardMissing: cardUnusable }),
    }
  } catch (fault) {
    if (fault instanceof LabError) throw fault
    throw new LabError('engine-missing', {
      expected: "TensorFlow's native binding",
      received: (fault as Error).message.split('\n')[0],
      remedy: '`npm run doctor` tells what is missing, `npm run setup` installs it',
    })
  }
}

const cardUnusable = 'NVIDIA’s driver is there, but no card that TensorFlow can use'

function cardRequired(noCard: string | null): LabError {
  return new LabError('engine-missing', {
    expected: 'an NVIDIA card, which LAB_ENGINE=gpu asks for', received: `none: ${noCard ?? cardUnusable}`,
    remedy: 'Leave LAB_ENGINE out to compute on the processor; `nvidia-smi` tells whether the driver sees the card',
  })
}

/** @param plain LAB_OPERATIONS=plain leaves out everything but TensorFlow's public operations */
function capabilitiesOf(binding: Binding, plain: boolean): Capabilities {
  const patched = !plain && binding.labPatch !== undefined
  const card = binding.isUsingGpuDevice()
  const steps = stepsOf(patched && binding.addFunction !== undefined, card)
  // A function holds public operations only.
  const ownOperations = !card && steps === 'eager'
  const oneDnn = ownOperations && !plain && hasOneDnn(binding)
  return { patched, oneDnn, projectOperations: ownOperations && patched && binding.labOperations === 1, card, steps }
}

/** A card waits for the calls of single operations; on a processor they cost next to nothing. */
function stepsOf(hasFunctions: boolean, card: boolean): Steps {
  const requested = variable('LAB_STEP') as Steps | undefined
  if (requested && requested !== 'eager' && !hasFunctions)
    throw new LabError('bad-argument', {
      expected: `a binding with this project's patch, which LAB_STEP=${requested} needs`, received: 'none',
      remedy: '`npm run doctor` tells why the patch is missing. Leave LAB_STEP and LAB_OPERATIONS out to go on without it',
    })
  if (requested === 'xla' && card && requestedDeterminism())
    throw new LabError('bad-argument', {
      expected: 'LAB_DETERMINISTIC=0 beside LAB_STEP=xla on a card', received: 'sums in a fixed order',
      remedy: 'Set LAB_DETERMINISTIC=0: XLA has no max pooling whose gradient adds in a fixed order. Or leave LAB_STEP out',
    })
  return requested ?? (card && hasFunctions ? 'graph' : 'eager')
}

/** Tries one of oneDNN's operations on a single number: TensorFlow for ARM, and some settings, come without them. */
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
