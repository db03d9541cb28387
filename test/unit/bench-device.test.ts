/** On which device the benchmark's contenders compute. No graphics card is needed: it is only pretended. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { venvPython } from '../../scripts/set-up/project.mjs'
import { environmentFor } from '../../bench/contender'
import { deviceInUse } from '../../bench/device'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
afterEach(() => vi.unstubAllEnvs())

test('is that of the engine in use', () => {
  vi.stubEnv('LAB_ENGINE', 'native')
  expect(deviceInUse()).toBe('processor')
})

describe('a contender’s environment', () => {
  test.each(['card', 'processor'] as const)('name the device: %s', device => {
    expect(environmentFor('pytorch', 2, device)).toMatchObject({ LAB_DEVICE: device, LAB_THREADS: '2' })
    expect(environmentFor('wasm', 2, device)).toMatchObject({ LAB_DEVICE: device, LAB_ENGINE: 'wasm' })
  })

  test('has this project’s memory settings only for contenders on TensorFlow.js', () => {
    vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.arena_max=1')
    const withSettings = (['lab', 'wasm', 'tfjs-layers', 'pytorch', 'keras', 'opencv'] as const)
      .filter(name => environmentFor(name, 2, 'processor').GLIBC_TUNABLES)
    expect(withSettings).toEqual(['lab', 'wasm', 'tfjs-layers'])
  })
})

describe('programs in Python', () => {
  /** Runs a program with an empty module instead of NumPy, which these tests do not need. */
  const python = (device: string, args: string[], input = '') => {
    mkdirSync(folder('modules'), { recursive: true })
    writeFileSync(folder('modules', 'numpy.py'), '__getattr__ = lambda name: lambda *given, **named: None\n')
    return spawnSync(venvPython, args, {
      cwd: inProject('bench', 'python'), encoding: 'utf8', input,
      env: { ...process.env, PYTHONPATH: folder('modules'), PYTHONDONTWRITEBYTECODE: '1', LAB_DEVICE: device, LAB_ENGINE: '' },
    }).stdout.trim()
  }

  test.each([['card', 'True'], ['processor', 'False']])('know whether there is a card: %s', (device, answer) =>
    expect(python(device, ['-c', 'import inputs; print(inputs.on_card())'])).toBe(answer))

  test('Keras is left out where this library computes on a card', () =>
    expect(JSON.parse(python('card', ['keras_contender.py'], '{"kind":"step"}\n')))
      .toEqual({ unavailable: 'this library computes on a graphics card, and this Keras only on processors' }))
})

describe('a step of this library', () => {
  afterEach(() => {
    vi.doUnmock('../../src/lib/engine/engine')
    vi.resetModules()
  })

  /** How often a variable is read in the steps before anything is timed, with an engine of this name. */
  async function readings(engine: string): Promise<number> {
    vi.resetModules()
    vi.doMock('../../src/lib/engine/engine', async original => {
      const real = await original<typeof import('../../src/lib/engine/engine')>()
      return { ...real, describeEngine: () => ({ ...real.describeEngine(), engine }) }
    })
    const { Variable } = await import('../../src/lib/engine/variable')
    const numbers = vi.spyOn(Variable.prototype, 'numbers')
    const { step } = await import('../../bench/contenders/lab/steps')
    step({ kind: 'step', size: 32, batch: 2, width: 'quarter' })
    return numbers.mock.calls.length
  }

  test('is over on a card when what it changed can be read', async () => expect(await readings('gpu')).toBe(4))
  test('is over on a processor when its operations have returned', async () => expect(await readings('native')).toBe(0))
})
