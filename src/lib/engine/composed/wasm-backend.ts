/**
 * TensorFlow.js with its WebAssembly backend, ready when the call returns.
 *
 * The package's own start is asynchronous, because a browser has to fetch the module. From a file it can be made at
 * once, so that nothing in this library has to wait for its engine. What is done here by hand is what the package's
 * `init` does, in version 4.22.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as TensorFlowJs from '@tensorflow/tfjs'
import type * as Core from '@tensorflow/tfjs-core'
import type * as WasmPackage from '@tensorflow/tfjs-backend-wasm'
import { LabError } from '../../system/errors'

/** TensorFlow.js's operations. */
export type TensorFlowJsCore = typeof Core

/** A tensor of TensorFlow.js. Its type says four axes; how many they are, only the shape knows. */
export type Value = Core.Tensor4D

/** What operations give. */
export type AnyValue = Core.Tensor

/** What Node offers and its types leave out. */
interface WebAssemblyOfNode {
  Module: new (code: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Emscripten's module, so far as it is used here. */
interface StartedModule {
  instantiateWasm(imports: object, done: (instance: object) => void): object
  cwrap(name: string, result: 'number' | null, parameters: readonly 'number'[]): (...values: number[]) => number
  _malloc(bytes: number): number
  _free(address: number): void
  /** The functions that the backend calls itself. */
  tfjs: Record<string, (...values: number[]) => number>
}

type BackendModule = ConstructorParameters<typeof WasmPackage.BackendWasm>[0]

/** SIMD, one thread: the package's threads need a browser's workers. @throws LabError 'engine-missing' */
export function startWasmBackend(): TensorFlowJsCore {
  const require = createRequire(__filename)
  try {
    const tf = require('@tensorflow/tfjs-core') as TensorFlowJsCore
    const { BackendWasm } = require('@tensorflow/tfjs-backend-wasm') as typeof WasmPackage
    const folder = '@tensorflow/tfjs-backend-wasm/wasm-out'
    const code = readFileSync(require.resolve(`${folder}/tfjs-backend-wasm-simd.wasm`))
    const started = startModule(require(`${folder}/tfjs-backend-wasm.js`) as (module: object) => unknown, code)
    // In place of the package's own, asynchronous one: the kernels are registered under this name.
    tf.removeBackend('wasm')
    tf.registerBackend('wasm', () => new BackendWasm(started))
    return tf
  } catch (fault) {
    throw new LabError('engine-missing', {
      expected: "TensorFlow.js's WebAssembly backend",
      received: (fault as Error).message.split('\n')[0],
      remedy: '`npm run doctor` tells what is missing, `npm run setup` installs it',
    })
  }
}

/** TensorFlow.js with all its parts, layers and the rest: half a second more. It shares the backend. */
export function loadTensorFlowJs(): typeof TensorFlowJs {
  return createRequire(__filename)('@tensorflow/tfjs') as typeof TensorFlowJs
}

/** Runs Emscripten's start to its end: given an instance at once, it has nothing to wait for. */
function startModule(start: (module: object) => unknown, code: Uint8Array): BackendModule {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyOfNode }).WebAssembly
  const started = {
    instantiateWasm(imports, done) {
      const instance = new Instance(new Module(code), imports)
      done(instance)
      return instance.exports
    },
  } as StartedModule
  withoutListeners(() => start(started))
  const { cwrap } = started
  started.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  }
  refuseWhatDoesNotFit(started)
  return started as unknown as BackendModule
}

/** Emscripten's start listens for errors of the whole process and throws them again: not its business here. */
function withoutListeners(start: () => void): void {
  const events = ['uncaughtException', 'unhandledRejection']
  const before = events.map(event => process.rawListeners(event))
  start()
  events.forEach((event, i) => process.rawListeners(event)
    .filter(listener => !before[i].includes(listener))
    .forEach(listener => process.off(event, listener as () => void)))
}

/** Emscripten's memory management takes the size of one piece for a signed number. */
const largestPiece = 2 ** 31 - 1

/** The backend does not look whether it was given memory, and would write over what lies at address 0. */
function refuseWhatDoesNotFit(started: StartedModule): void {
  // Emscripten puts the function itself in its place on the first call.
  started._free(started._malloc(1))
  const allocate = started._malloc
  started._malloc = bytes => {
    const address = bytes <= largestPiece ? allocate(bytes) : 0
    if (address || !bytes) return address
    throw new LabError('too-large', {
      expected: "tensors of at most 2 GB each, and 4 GB together: WebAssembly's memory",
      received: `one more of ${Math.ceil(bytes / 1e6)} MB`,
      remedy: 'Use a smaller batch, smaller images or a narrower network',
    })
  }
}
