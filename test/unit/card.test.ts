/** A graphics card: what is set for it, what names it, and its errors. A stub plays the binding: no card is needed. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { noEngineBecause } from '../../scripts/set-up/engine.mjs'
import { cudnnVersion } from '../../src/lib/engine/native/card'
import { kernelVariables, processorName } from '../../src/lib/engine/native/processor'
import { cardName, engineName } from '../../src/lib/engine/tensor'
import { cardVariables } from '../../src/lib/system/card.mjs'

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
  // One after the other: two imports at once would each undo and repeat the mocks that wait, and a module could load
  // between.
  const { describeEngine, engineIdentity, tensor, read } = await import('../../src/lib/engine/engine')
  const { execute } = await import('../../src/lib/engine/native/native-engine')
  return { describeEngine, engineIdentity, tensor, read, execute }
}

describe.skipIf(noEngineBecause())('on a card', () => {
  const withFunctions = { ...card, addFunction: vi.fn() }

  test.each([
    ['graph', {}, withFunctions], ['eager', {}, card], ['eager', { LAB_STEP: 'eager' }, withFunctions],
    ['xla', { LAB_STEP: 'xla', LAB_DETERMINISTIC: '0' }, withFunctions],
  ])('steps run as %s with the variables %o', async (steps, variables, binding) => {
    const { describeEngine } = await engineWith(binding, variables)
    expect(JSON.parse(describeEngine().operations)).toMatchObject({ steps, card: true })
  })

  test.each<[string, Record<string, string>, object]>([
    ['XLA with a fixed order of sums', { LAB_STEP: 'xla' }, withFunctions],
    ['functions without the patch', { LAB_STEP: 'graph' }, card],
  ])('refuses %s', async (_, variables, binding) => {
    const { describeEngine } = await engineWith(binding, variables)
    expect(describeEngine).toThrow(expect.objectContaining({ code: 'bad-argument' }) as Error)
  })

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

  test('a notebook’s first output and every record of an engine name the card', async () => {
    await engineWith(withFunctions, { LAB_DATA: 'phantom' })
    const { labInfoTable } = await import('../../src/lib/notebook/lab-info')
    expect((await labInfoTable()).rows[0].value).toBe('TensorFlow 2.20.0, gpu (NVIDIA H100 80GB HBM3, float32, deterministic, '
      + 'cuDNN 9.28.0, driver 580.159), through TensorFlow.js 4.22.0')
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

  test('a notebook’s first output says why the processor computes', async () => {
    await engineWith(processor, { LAB_DATA: 'phantom' })
    const { labInfoTable } = await import('../../src/lib/notebook/lab-info')
    expect((await labInfoTable()).rows).toContainEqual(
      { what: 'graphics card', value: 'none: NVIDIA’s driver is there, but no card that TensorFlow can use' })
  })

  test('what the user has set for the processor stays', async () => {
    const { describeEngine } = await engineWith(processor, { TF_DETERMINISTIC_OPS: '1' })
    describeEngine()
    expect(process.env.TF_DETERMINISTIC_OPS).toBe('1')
  })

  test('a processor’s identity names no card', async () => {
    const { describeEngine, engineIdentity } = await engineWith(processor, {}, { driver: false, forCards: false })
    const { engine, tensorflow, tensorflowJs, threads, operations, ...others } = describeEngine()
    expect(engineIdentity()).toBe(JSON.stringify([engine, tensorflow, tensorflowJs, threads, operations]))
    expect(others).toEqual({ node: process.versions.node })
    expect(process.env.NVIDIA_TF32_OVERRIDE).toBeUndefined()
  })

  test('a processor’s identity names the processor, and the variables by which the user chose other kernels', async () => {
    const operations = async (variables: Record<string, string>) => {
      vi.resetModules()
      const { describeEngine } = await engineWith(processor, variables, { driver: false, forCards: false })
      return JSON.parse(describeEngine().operations) as Record<string, string>
    }
    const asItIs = await operations({})
    expect(asItIs.processor).toBe(processorName())
    const chosen = { ONEDNN_MAX_CPU_ISA: 'AVX2', TF_ENABLE_ONEDNN_OPTS: '0' }
    expect(await operations(chosen)).toEqual({ ...asItIs, ...chosen })
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

test('cuDNN’s packed version', () => {
  expect([92_800, 90_300, 8907].map(cudnnVersion)).toEqual(['9.28.0', '9.3.0', '8.9.7'])
})

test('a processor’s name has its vector instructions, whatever their order', () => {
  const written = (flags: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'cpuinfo-')), 'cpuinfo')
    writeFileSync(file, `processor\t: 0\nmodel name\t: A\nflags\t\t: ${flags}\n\nprocessor\t: 1\nflags\t\t: none\n`)
    return processorName(file)
  }
  expect(written('fpu avx2 fma avx512f ht')).toMatch(/: avx2 avx512f fma$/)
  expect(written('avx512f ht fma avx2 fpu')).toBe(written('fpu avx2 fma avx512f ht'))
  expect(written('fpu avx2')).not.toBe(written('fpu avx2 avx512f'))
  expect(processorName('/nowhere/cpuinfo')).not.toContain(':')
})

test('variables that choose kernels are those of oneDNN and XLA, without the path to XLA’s compiler', () => {
  expect(kernelVariables({ PATH: '/bin', XLA_FLAGS: '--xla_gpu_cuda_data_dir="/a b/c"' })).toEqual({})
  expect(kernelVariables({ XLA_FLAGS: '--a --xla_gpu_cuda_data_dir=/c --b', DNNL_VERBOSE: '1', ONEDNN_MAX_CPU_ISA: '' }))
    .toEqual({ XLA_FLAGS: '--a --b', DNNL_VERBOSE: '1' })
})

test('a record says how steps ran where that is not the default', () => {
  const native = { engine: 'native', tensorflow: '2.20.0', tensorflowJs: '4.22.0', node: '20', threads: 2, operations: '' } as const
  expect([undefined, 'LAB_STEP=graph'].map(mode => engineName({ ...native, mode })))
    .toEqual(['TensorFlow 2.20.0, native', 'TensorFlow 2.20.0, native (LAB_STEP=graph)'])
})

test('a record names the card and how it rounds', () => {
  const described = { engine: 'gpu', tensorflow: '2.20.0', tensorflowJs: '4.22.0', node: '20', threads: 2, operations: '' } as const
  const known = { model: 'NVIDIA L4', precision: 'tf32', deterministic: false, cudnn: '9.28.0', driver: '580.159' } as const
  expect(engineName({ ...described, card: known }))
    .toBe('TensorFlow 2.20.0, gpu (NVIDIA L4, tf32, not deterministic, cuDNN 9.28.0, driver 580.159)')
  expect(cardName({ model: null, precision: 'float32', deterministic: true, cudnn: null, driver: null }))
    .toBe('a card whose model is not known, float32, deterministic')
})
