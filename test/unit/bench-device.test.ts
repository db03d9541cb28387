/** On which device the benchmark's contenders compute. No graphics card is needed: it is only pretended. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { venvPython } from '../../scripts/set-up/project.mjs'
import { contendersByDefault, environmentFor, roundsOnRequest, type ContenderName } from '../../bench/contender'
import { countCalls } from '../../bench/contenders/lab/calls'
import { deviceInUse, memoryIn } from '../../bench/device'
import { rows } from '../../bench/rows'
import { read, release, tensor } from '../../src/lib/engine/engine'
import { loadBinding } from '../../src/lib/engine/native/binding'
import { operations } from '../../src/lib/engine/operations-in-use'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
afterEach(() => vi.unstubAllEnvs())

test('is that of the engine in use', () => {
  vi.stubEnv('LAB_ENGINE', 'native')
  expect(deviceInUse()).toBe('processor')
})

describe('contenders that take part if nobody asks', () => {
  const onCard = ['lab-graph', 'lab-xla', 'pytorch-compiled', 'pytorch-bf16'] as const

  test('on a processor are not compiled, not in mixed precision, and run steps as the engine does', () => {
    const names = contendersByDefault('processor')
    expect(names).toEqual(expect.arrayContaining(['lab', 'pytorch', 'pytorch-channels-last', 'keras']))
    expect(names.filter(name => (onCard as readonly string[]).includes(name))).toEqual([])
  })

  test('on a card are these as well', () =>
    expect(contendersByDefault('card')).toEqual(expect.arrayContaining([...onCard, ...contendersByDefault('processor')])))

  test.each(['step-64', 'step-224', 'forward-64', 'step-head'])('have a place in the row %s', name =>
    expect(rows.find(row => row.name === name)!.contenders).toEqual(expect.arrayContaining(['lab', 'pytorch', ...onCard])))
})

describe('memory on a card', () => {
  const lines = '4711, 1234\n812, 56\n'

  test('is that of the process, in megabytes', () => expect(memoryIn(lines, 812)).toBe(56))
  test.each(['', '4711, 1234\n', '812, [N/A]\n'])('is unknown if nvidia-smi does not tell: %j', text =>
    expect(memoryIn(text, 812)).toBeUndefined())
})

describe('calls of TensorFlow', () => {
  test('are operations, new tensors and numbers read, not releases; afterwards nothing counts', () => {
    const { binding } = loadBinding()
    const work = () => {
      const one = tensor(new Float32Array(2), [2]), sum = operations().add(one, one)
      read(sum)
      release(one, sum)
    }
    expect([countCalls(work), countCalls(() => {})]).toEqual([3, 0])
    expect(() => countCalls(() => { throw new Error('no') })).toThrow('no')
    expect(loadBinding().binding).toBe(binding)
  })
})

describe('a contender’s environment', () => {
  test.each(['card', 'processor'] as const)('name the device: %s', device => {
    expect(environmentFor('pytorch', 2, device)).toMatchObject({ LAB_DEVICE: device, LAB_THREADS: '2' })
    expect(environmentFor('wasm', 2, device)).toMatchObject({ LAB_DEVICE: device, LAB_ENGINE: 'wasm' })
  })

  test('is another for the numbers that are compared, where this library is to round on a card', () => {
    const rounding = (device: 'card' | 'processor') =>
      (['lab', 'lab-xla', 'tfjs-layers', 'pytorch', 'keras'] as ContenderName[]).filter(name => roundsOnRequest(name, device))
    expect(rounding('card')).toEqual([])
    vi.stubEnv('LAB_PRECISION', 'tf32')
    expect(rounding('card')).toEqual(['lab', 'lab-xla', 'tfjs-layers'])
    expect(rounding('processor')).toEqual([])
  })

  test('tells this library how to run a step', () => {
    expect(environmentFor('lab-graph', 2, 'card').LAB_STEP).toBe('graph')
    expect(environmentFor('lab-xla', 2, 'processor').LAB_STEP).toBe('xla')
    expect(environmentFor('lab', 2, 'card').LAB_STEP).toBeUndefined()
  })

  test('keeps what torch.compile writes inside the project', () => {
    const { TORCHINDUCTOR_CACHE_DIR, TRITON_HOME, TRITON_CACHE_DIR } = environmentFor('pytorch-compiled', 2, 'card')
    for (const folder of [TORCHINDUCTOR_CACHE_DIR, TRITON_HOME, TRITON_CACHE_DIR])
      expect(folder).toContain(inProject('.bench'))
  })

  test('has this project’s memory settings only for contenders on TensorFlow.js', () => {
    vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.arena_max=1')
    const withSettings = (['lab', 'wasm', 'tfjs-layers', 'pytorch', 'keras', 'opencv'] as const)
      .filter(name => environmentFor(name, 2, 'processor').GLIBC_TUNABLES)
    expect(withSettings).toEqual(['lab', 'wasm', 'tfjs-layers'])
  })
})

/**
 * A program that runs the contender's work with a PyTorch that computes nothing: it prints for each call of the model
 * whether TF32 was allowed, before the first timed run and after two of them.
 */
const stubTorch = (kind: string) => `import json, sys
from unittest.mock import MagicMock
torch = MagicMock()
torch.nn.Module, torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = object, False, True
sys.modules.update({'torch' + part: torch for part in ['', '.nn', '.nn.functional', '.nn.utils', '.nn.utils.fusion']})
import pytorch_contender as contender
calls, model = [], MagicMock()
model.to.return_value = model.eval.return_value = model
model.side_effect = lambda x: calls.append(torch.backends.cudnn.allow_tf32) or MagicMock()
contender.ResNet50, contender.images = (lambda **settings: model), (lambda *named: None)
work = contender.${kind}({'batch': 2, 'size': 32})
compared = list(calls)
work['measure'](2)
print(json.dumps([compared, calls]))`

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

  test.each([
    ['lambda f: f', 'None'],
    ['lambda f: 1 / 0', 'division by zero'],
    ['lambda f: exec("raise RuntimeError(\'\\\\nno compiler g++\\\\nin line 7\')")', 'no compiler g++'],
  ])('tell why torch.compile cannot run: %s', (compile, reason) =>
    expect(python('card', ['-c', `from types import SimpleNamespace as torch; import torch_compiler
print(torch_compiler.why_not(torch(ones=lambda count, device: 1, compile=${compile}), 'cpu'))`])).toBe(reason))

  test.each([
    ['step', 'card', 6], ['step', 'processor', 5], ['forward', 'card', 2], ['forward', 'processor', 1],
  ])('PyTorch computes what is compared without TF32, and is timed as it is by default: %s, %s', (kind, device, before) => {
    const [compared, all] = JSON.parse(python(device, ['-c', stubTorch(kind)])) as boolean[][]
    const exact = kind === 'step' ? 5 : 1
    expect(compared).toEqual(Array.from({ length: before }, (_, i) => i >= exact))
    expect(all.slice(before)).toEqual([true, true])
  })

  test('PyTorch’s switches are as before, even after an error', () =>
    expect(python('card', ['-c', `from types import SimpleNamespace as space
from torch_precision import full_precision
torch = space(backends=space(cuda=space(matmul=space(allow_tf32=False)), cudnn=space(allow_tf32=True)))
try:
    with full_precision(torch): 1 / 0
except ZeroDivisionError:
    print(torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32)`])).toBe('False True'))

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

  test('is over on a card when what it changed can be read', async () => expect(await readings('gpu')).toBe(5))
  test('is over on a processor when its operations have returned', async () => expect(await readings('native')).toBe(0))
})
