/**
 * Starts TensorFlow.js's WebAssembly backend synchronously: it is ready when the call returns.
 *
 * The package's own start is asynchronous, because a browser has to fetch the WebAssembly module. Node reads the module
 * from a file, so nothing in this library has to wait for its engine. This file repeats the steps of the package's
 * `init`, version 4.22.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as TensorFlowJs from '@tensorflow/tfjs'
import type * as Core from '@tensorflow/tfjs-core'
import type * as WasmPackage from '@tensorflow/tfjs-backend-wasm'
import { LabError } from '../../system/errors'

/** TensorFlow.js's operations. */
export type TensorFlowJsCore = typeof Core

/** A tensor of TensorFlow.js. The type promises four axes; the real number of axes is in `shape`. */
export type Value = Core.Tensor4D

/** A result of TensorFlow.js's operations. */
export type AnyValue = Core.Tensor

/** The part of Node's WebAssembly that its type declarations leave out. */
interface WebAssemblyOfNode {
  Module: new (code: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** The part of Emscripten's module that this file uses. */
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
    // Replaces the package's asynchronous backend under the same name, which its operations are registered for.
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

/** The whole package TensorFlow.js, layers included. It shares the backend; loading it takes another half second. */
export function loadTensorFlowJs(): typeof TensorFlowJs {
  return createRequire(__filename)('@tensorflow/tfjs') as typeof TensorFlowJs
}

/** Runs Emscripten's start synchronously: it waits only for an instance, and receives one at once. */
function startModule(start: (module: object) => unknown, code: Uint8Array): BackendModule {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyOfNode }).WebAssembly
  const started = {
    instantiateWasm(imports, done) {
      const instance = new Instance(new Module(code), imports)
      done(instance)
      return instance.exports
    },
  } as StartedModule
  withoutNewListeners(() => start(started))
  const { cwrap } = started
  started.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  }
  checkAllocations(started)
  return started as unknown as BackendModule
}

/** Removes the listeners that Emscripten's start adds to the process: they would rethrow every uncaught error. */
function withoutNewListeners(start: () => void): void {
  const events = ['uncaughtException', 'unhandledRejection']
  const before = events.map(event => process.rawListeners(event))
  start()
  events.forEach((event, i) => process.rawListeners(event)
    .filter(listener => !before[i].includes(listener))
    .forEach(listener => process.off(event, listener as () => void)))
}

/** Emscripten reads the size of an allocation as a signed 32-bit number. */
const largestAllocation = 2 ** 31 - 1

/** Throws if an allocation fails. The backend does not check, and would overwrite the memory at address 0. */
function checkAllocations(started: StartedModule): void {
  // Emscripten replaces `_malloc` on the first call; after that, the wrapper below stays in place.
  started._free(started._malloc(1))
  const allocate = started._malloc
  started._malloc = bytes => {
    const address = bytes <= largestAllocation ? allocate(bytes) : 0
    if (address || !bytes) return address
    throw new LabError('too-large', {
      expected: "tensors of at most 2 GB each, and 4 GB together: WebAssembly's memory",
      received: `one more of ${Math.ceil(bytes / 1e6)} MB`,
      remedy: 'Use a smaller batch, smaller images or a narrower network',
    })
  }
}
