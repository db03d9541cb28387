/** A graphics card: what is set for it, what names it, and its errors. A stub plays the binding: no card is needed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import Module from 'node:module'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { noEngineBecause } from '../../scripts/set-up/engine.mjs'
import { onPath } from '../../scripts/set-up/project.mjs'
import { cudnnVersion } from '../../src/lib/engine/native/card'
import { cardName, engineName } from '../../src/lib/engine/tensor'
import { cardVariables, driverVersion, logLevel } from '../../src/lib/system/card.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const inFolder = temporaryFolder()
const environment = { ...process.env }
const internal = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown }
const realLoad = internal._load

/** A binding on a card that runs one operation, and one without a card. */
const card = {
  TF_Version: '2.20.0', labPatch: 1, isUsingGpuDevice: () => true, getNumOfTensors: () => 0,
  describeCard: () => ({ model: 'NVIDIA H100 80GB HBM3', cudnn: 92_800 }), setTensorFloat32: vi.fn(),
  createTensor: vi.fn(() => 7), deleteTensor: vi.fn(), tensorDataSync: vi.fn(() => Float32Array.of(1)),
  executeOp: vi.fn(() => []),
}
const processor = { ...card, isUsingGpuDevice: () => false }

beforeEach(() => {
  vi.resetModules()
  vi.clearAllMocks()
  for (const name of ['LAB_ENGINE', 'LAB_OPERATIONS', 'LAB_PRECISION', 'LAB_DETERMINISTIC', 'TF_DETERMINISTIC_OPS',
    'NVIDIA_TF32_OVERRIDE', 'TF_CPP_MIN_LOG_LEVEL', ...Object.keys(cardVariables('/', {}))]) delete process.env[name]
})
afterEach(() => {
  internal._load = realLoad
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
  for (const mocked of ['../../src/lib/system/card.mjs', 'node:fs']) vi.doUnmock(mocked)
})

/** The engine on a machine with this binding, with or without a driver, with TensorFlow's build for cards or not. */
async function engineWith(
  binding: object, variables: Record<string, string> = {}, { driver = true, forCards = true } = {},
) {
  Object.assign(process.env, variables)
  vi.doMock('../../src/lib/system/card.mjs', async original => ({
    ...await original<object>(), hasNvidiaDriver: () => driver, driverVersion: () => driver ? '580.159' : null,
    noCardToFind: () => variables.LAB_ENGINE === 'native' ? 'LAB_ENGINE' : driver ? null : 'no NVIDIA driver on this machine',
  }))
  vi.doMock('node:fs', async original => {
    const real = await original<typeof import('node:fs')>()
    const readFileSync = (path: string, ...rest: []) => String(path).endsWith('tfjs_binding.node')
      ? Buffer.from(`$ORIGIN/.engine/${forCards ? 'gpu' : 'cpu'}/tensorflow`) : real.readFileSync(path, ...rest)
    return { ...real, readFileSync }
  })
  internal._load = (name, ...rest) => name.endsWith('tfjs_binding.node') ? binding : realLoad(name, ...rest)
  const [{ describeEngine, engineIdentity, tensor, read }, { execute }] = await Promise.all([
    import('../../src/lib/engine/engine'), import('../../src/lib/engine/native/native-engine'),
  ])
  return { describeEngine, engineIdentity, tensor, read, execute }
}

describe.skipIf(noEngineBecause())('on a card', () => {
  test('products are of whole float32 numbers and sums have a fixed order, unless asked otherwise', async () => {
    const { describeEngine } = await engineWith(card)
    expect(describeEngine()).toMatchObject({ engine: 'gpu', card: {
      model: 'NVIDIA H100 80GB HBM3', precision: 'float32', deterministic: true, cudnn: '9.28.0', driver: '580.159',
    } })
    expect(card.setTensorFloat32.mock.calls).toEqual([[false]])
    expect(process.env).toMatchObject({ NVIDIA_TF32_OVERRIDE: '0', TF_DETERMINISTIC_OPS: '1' })
  })

  test('LAB_PRECISION=tf32 and LAB_DETERMINISTIC=0 decide, whatever else is set', async () => {
    const { describeEngine } = await engineWith(card, {
      LAB_PRECISION: 'tf32', LAB_DETERMINISTIC: '0', NVIDIA_TF32_OVERRIDE: '0', TF_DETERMINISTIC_OPS: '1',
    })
    expect(describeEngine().card).toMatchObject({ precision: 'tf32', deterministic: false })
    expect(card.setTensorFloat32.mock.calls).toEqual([[true]])
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBeUndefined()
    expect(process.env.TF_DETERMINISTIC_OPS).toBe('0')
  })

  test('without the patch, the environment alone decides, and the model is not known', async () => {
    const unpatched = { ...card, describeCard: undefined, setTensorFloat32: undefined, labPatch: undefined }
    const { describeEngine } = await engineWith(unpatched)
    expect(describeEngine().card).toMatchObject({ model: null, cudnn: null, precision: 'float32' })
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBe('0')
  })

  test('the identity of an engine changes with all that rounds', async () => {
    const identities = new Set<string>()
    for (const [binding, variables] of [
      [card, {}], [card, { LAB_PRECISION: 'tf32' }], [card, { LAB_DETERMINISTIC: '0' }],
      [{ ...card, describeCard: () => ({ model: 'NVIDIA L4', cudnn: 92_800 }) }, {}],
      [{ ...card, describeCard: () => ({ model: 'NVIDIA H100 80GB HBM3', cudnn: 90_300 }) }, {}],
    ] as const) {
      vi.resetModules()
      for (const name of ['LAB_PRECISION', 'LAB_DETERMINISTIC']) delete process.env[name]
      identities.add((await engineWith(binding, variables)).engineIdentity())
    }
    expect(identities.size).toBe(5)
  })

  test('LAB_PRECISION=bf16 is an error that lists the words', async () => {
    const { describeEngine } = await engineWith(card, { LAB_PRECISION: 'bf16' })
    expect(describeEngine).toThrow(/^bad-argument: expected LAB_PRECISION to be 'float32' or 'tf32', received 'bf16'/)
  })

  describe('memory that does not suffice is the same error', () => {
    const words = [
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[64,256,56,56] and type float on GPU:0 by allocator GPU_0_bfc',
      'Invalid TF_Status: 8\nMessage: Out of memory while trying to allocate 8589934592 bytes.',
      'Invalid TF_Status: 13\nMessage: Failed copying input tensor to GPU:0: Dst tensor is not initialized.',
      'Invalid TF_Status: 13\nMessage: failed to create cublas handle: the resource allocation failed',
      'Invalid TF_Status: 13\nMessage: CUDNN_STATUS_ALLOC_FAILED in external/local_xla/xla/stream_executor/cuda/cuda_dnn.cc',
      'Invalid TF_Status: 13\nMessage: failed to allocate 2.00GiB (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY',
    ]

    test.each(words)('%s', async message => {
      const { tensor, read, execute } = await engineWith(card)
      const fault = () => { throw new Error(message) }
      for (const one of [card.createTensor, card.tensorDataSync, card.executeOp]) one.mockImplementationOnce(fault)
      const x = { id: 7, shape: [1] }
      for (const work of [() => tensor(Float32Array.of(1), [1]), () => read(x), () => execute('Relu', [], [x], 1)])
        expect(work).toThrow(/^too-large: [^]*\[1\]\)\. Use smaller batches [^]*nvidia-smi/)
    })

    test('another failure is not', async () => {
      const { tensor } = await engineWith(card)
      card.createTensor.mockImplementationOnce(() => { throw new Error('Tensor type does not match Float32Array') })
      expect(() => tensor(Float32Array.of(1), [1])).toThrow(/^engine-failed: expected a tensor to be made, /)
    })
  })
})

describe.skipIf(noEngineBecause())('without a card', () => {
  test('a driver changes nothing for the processor', async () => {
    const { describeEngine } = await engineWith(processor)
    expect(describeEngine()).toMatchObject({
      engine: 'native', cardMissing: 'NVIDIA’s driver is there, but no card that TensorFlow can use',
    })
    expect(process.env.TF_DETERMINISTIC_OPS).toBeUndefined()
    expect(processor.setTensorFloat32).not.toHaveBeenCalled()
  })

  test('what the user has set for the processor stays', async () => {
    const { describeEngine } = await engineWith(processor, { TF_DETERMINISTIC_OPS: '1' })
    describeEngine()
    expect(process.env.TF_DETERMINISTIC_OPS).toBe('1')
  })

  test('a processor’s identity has no part more than before cards were named', async () => {
    const { describeEngine, engineIdentity } = await engineWith(processor, {}, { driver: false, forCards: false })
    const { engine, tensorflow, tensorflowJs, threads, operations, ...others } = describeEngine()
    expect(engineIdentity()).toBe(JSON.stringify([engine, tensorflow, tensorflowJs, threads, operations]))
    expect(others).toEqual({ node: process.versions.node })
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBeUndefined()
  })

  test('LAB_ENGINE=gpu is one clear line', async () => {
    const { describeEngine } = await engineWith(processor, { LAB_ENGINE: 'gpu' }, { driver: false })
    expect(describeEngine).toThrow('engine-missing: expected an NVIDIA card, which LAB_ENGINE=gpu asks for, received '
      + 'none: no NVIDIA driver on this machine. Leave LAB_ENGINE out to compute on the processor; `nvidia-smi` tells whether '
      + 'the driver sees the card.')
  })

  test('LAB_ENGINE=native hides the cards, whatever the user chose, and misses none', async () => {
    const { describeEngine } = await engineWith(processor, { LAB_ENGINE: 'native', CUDA_VISIBLE_DEVICES: '1' })
    expect(describeEngine().cardMissing).toBeUndefined()
    expect(process.env.CUDA_VISIBLE_DEVICES).toBe('')
  })
})

describe('the environment of cards', () => {
  test('chooses the first card, as nvidia-smi counts, and keeps the driver’s files in the project', () => {
    expect(cardVariables('/project', {})).toEqual({
      CUDA_VISIBLE_DEVICES: '0', CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_CACHE_PATH: '/project/.cache/cuda',
      CUDA_CACHE_MAXSIZE: '4294967296',
    })
  })

  test('leaves what the user has set', () => {
    const set = { CUDA_VISIBLE_DEVICES: '', CUDA_DEVICE_ORDER: 'FASTEST_FIRST', CUDA_CACHE_PATH: '/cache', XLA_FLAGS: '--a' }
    mkdirSync(inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc'), { recursive: true })
    expect(cardVariables(inFolder(), set)).toEqual({ CUDA_CACHE_MAXSIZE: '4294967296' })
  })

  test('tells XLA where its compiler is, if it is there', () => {
    expect(cardVariables(inFolder(), {}).XLA_FLAGS)
      .toBe(`--xla_gpu_cuda_data_dir="${inFolder('.engine', 'gpu', 'nvidia', 'cuda_nvcc')}"`)
  })

  test('silences TensorFlow’s report of a missing card only where none is looked for', () => {
    const empty = { PATH: '' }
    expect(logLevel(false, { LAB_ENGINE: 'native' })).toBe('2')
    expect(logLevel(true, { LAB_ENGINE: 'native' })).toBe('3')
    writeFileSync(inFolder('nvidia-smi'), '')
    expect(logLevel(true, { PATH: inFolder() })).toBe('2')
    expect(logLevel(true, { PATH: inFolder(), CUDA_VISIBLE_DEVICES: '0' })).toBe('2')
    expect(logLevel(true, { PATH: inFolder(), CUDA_VISIBLE_DEVICES: '' })).toBe('3')
    if (driverVersion() === null) expect(logLevel(true, empty)).toBe('3')
  })

  test.each([
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\nGCC version: 12', '535.129.03'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159  Release Build  (root)\n', '580.159'],
    ['something else\n', null],
  ])('the driver’s version is read from %o', (text, version) => {
    writeFileSync(inFolder('version'), text)
    expect(driverVersion(inFolder('version'))).toBe(version)
  })
})

test('cuDNN’s packed version', () => {
  expect([92_800, 90_300, 8907].map(cudnnVersion)).toEqual(['9.28.0', '9.3.0', '8.9.7'])
})

test('a record names the card and how it rounds', () => {
  const described = { engine: 'gpu', tensorflow: '2.20.0', tensorflowJs: '4.22.0', node: '20', threads: 2, operations: '' } as const
  const known = { model: 'NVIDIA L4', precision: 'tf32', deterministic: false, cudnn: '9.28.0', driver: '580.159' } as const
  expect(engineName({ ...described, card: known }))
    .toBe('TensorFlow 2.20.0, gpu (NVIDIA L4, tf32, not deterministic, cuDNN 9.28.0, driver 580.159)')
  expect(cardName({ model: null, precision: 'float32', deterministic: true, cudnn: null, driver: null }))
    .toBe('a card whose model is not known, float32, deterministic')
})

/** Compiles C++ to a file of the temporary folder. */
function compile(name: string, source: string, ...args: string[]): string {
  writeFileSync(inFolder(`${name}.cc`), source)
  execFileSync(compiler!, ['-std=c++17', ...args, inFolder(`${name}.cc`), '-o', inFolder(name), '-ldl'])
  return inFolder(name)
}
const compiler = ['c++', 'g++', 'clang++'].map(name => onPath(name)).find(path => path !== null)

describe.skipIf(!compiler)(compiler ? 'card.h' : 'card.h: skipped, since there is no C++ compiler', () => {
  const ask = (preloaded: string) => execFileSync(inFolder('ask'), { encoding: 'utf8', env: { LD_PRELOAD: preloaded } })

  test('asks the libraries that are loaded, and loads none', () => {
    compile('ask', `#include "card.h"
#include <cstdio>
int main() { const lab::Card card = lab::cardInUse(); std::printf("%s|%zu", card.model.c_str(), card.cudnn); }`,
    `-I${inProject('native', 'operations')}`)
    const cuda = compile('libcuda.so.1', `#include <cstring>
extern "C" int cuDeviceGet(int *device, int ordinal) { *device = 40 + ordinal; return 0; }
extern "C" int cuDeviceGetName(char *name, int size, int device) {
  std::strncpy(name, device == 40 ? "NVIDIA Stub" : "another", size); return 0; }`, '-shared', '-fPIC', '-Wl,-soname,libcuda.so.1')
    const cudnn = compile('libcudnn.so.9', 'extern "C" unsigned long cudnnGetVersion() { return 92800; }',
      '-shared', '-fPIC', '-Wl,-soname,libcudnn.so.9')
    expect(ask('')).toBe('|0')
    expect(ask(`${cuda}:${cudnn}`)).toBe('NVIDIA Stub|92800')
    const none = compile('none.so', 'extern "C" int cuDeviceGet(int *, int) { return 100; }', '-shared', '-fPIC', '-Wl,-soname,libcuda.so.1')
    expect(ask(none)).toBe('|0')
  })
})
