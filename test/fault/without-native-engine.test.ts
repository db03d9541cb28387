/** What the doctor reports without installed packages, without a native engine, and without its fast operations. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { noEngineBecause } from '../../scripts/set-up/engine.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

interface Finding { name: string; state: 'good' | 'missing' | 'note'; detail: string; mend?: string }

const inFolder = temporaryFolder()

function found(name: string, variables: Record<string, string>): Finding {
  const { stdout } = spawnSync(process.execPath, [inProject('scripts', 'doctor.mjs'), '--json'],
    { encoding: 'utf8', env: { ...process.env, LAB_ENGINE: '', ...variables } })
  return (JSON.parse(stdout) as { findings: Finding[] }).findings.find(one => one.name === name)!
}

test('before anything is installed, it names the whole reason and what to do', () => {
  mkdirSync(inFolder('empty'))
  for (const path of ['scripts', 'src/lib/system', 'native', 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(inProject(path), inFolder('bare', path), { recursive: true })
  const { status, stdout } = spawnSync(process.execPath, [inFolder('bare', 'scripts', 'doctor.mjs'), '--json'],
    { encoding: 'utf8', env: { PATH: inFolder('empty'), LAB_PYTHON: 'no-python-here' } })
  expect(status).toBe(1)
  const { findings } = JSON.parse(stdout) as { findings: Finding[] }
  expect(findings.find(({ name }) => name === 'Python')).toEqual({
    name: 'Python', state: 'missing',
    detail: 'expected LAB_PYTHON to name a Python 3.10 or later, received no-python-here, where no program is found',
    mend: 'correct LAB_PYTHON, or leave it out: the set-up then looks for a Python itself',
  })
  expect(findings.find(({ name }) => name === 'engine')).toMatchObject({ state: 'missing', mend: 'npm run setup' })
})

const engineFinding = (variables: Record<string, string>) => found('engine', variables)

/** Environment variables with which Node passes the binding through a function, given as its source. */
function loadedThrough(change: string): Record<string, string> {
  const hook = inFolder('other-binding.cjs')
  writeFileSync(hook, `const Module = require('node:module')
const load = Module._load
Module._load = (name, ...rest) => name.endsWith('tfjs_binding.node') ? (${change})(load(name, ...rest)) : load(name, ...rest)`)
  return { NODE_OPTIONS: `--require ${hook}` }
}

test.skipIf(noEngineBecause())('a binding that does not load: WebAssembly, an error with its reason and what to do', () => {
  const broken = loadedThrough("() => { throw new Error('wrong ELF class') }")
  expect(engineFinding(broken)).toEqual({
    name: 'engine', state: 'missing', mend: 'npm run setup',
    detail: 'wasm, TensorFlow.js 4.22.0, 1 thread: slow; the native one fails: wrong ELF class',
  })
})

test('LAB_ENGINE=wasm: WebAssembly, which is no error', () => {
  expect(engineFinding({ LAB_ENGINE: 'wasm' }))
    .toEqual({ name: 'engine', state: 'good', detail: 'wasm, TensorFlow.js 4.22.0, 1 thread: slow' })
})

test('another LAB_ENGINE is an error that names the engines', () => {
  expect(engineFinding({ LAB_ENGINE: 'tpu' })).toMatchObject({
    state: 'missing', detail: expect.stringMatching(/'native', 'gpu' or 'wasm'.*'tpu'/) as string,
  })
})

test('the doctor points out what LAB_DATA misnames, and variables that do nothing', () => {
  expect(found('LAB_DATA', { LAB_DATA: 'phantm' })).toMatchObject({ state: 'missing', mend: 'Nearest: phantom' })
  expect(found('variable', { LAB_PROFIL: 'full' })).toEqual({
    name: 'variable', state: 'note', detail: 'LAB_PROFIL does nothing: the project has no such variable. Nearest: LAB_PROFILE.',
  })
  expect(found('LAB_PROFILE', { LAB_PROFILE: 'ful' })).toMatchObject({ state: 'missing', mend: "Nearest: 'full'" })
})

describe.skipIf(noEngineBecause())('the doctor’s line on the graphics card', () => {
  const onCard = () => loadedThrough(`binding => Object.create(binding, {
    isUsingGpuDevice: { value: () => true }, setTensorFloat32: { value: () => {} },
    describeCard: { value: () => ({ model: 'NVIDIA Stub', cudnn: 92800 }) } })`)

  test('names the card, its precision and whether it is deterministic', () => {
    expect(found('graphics card', onCard())).toMatchObject({ state: 'good', detail: expect.stringMatching(
      /^NVIDIA Stub, float32 \(LAB_PRECISION\), deterministic \(LAB_DETERMINISTIC\), cuDNN 9\.28\.0/) as string })
    expect(found('graphics card', { ...onCard(), LAB_PRECISION: 'tf32', LAB_DETERMINISTIC: '0' }).detail)
      .toContain('NVIDIA Stub, tf32 (LAB_PRECISION), not deterministic (LAB_DETERMINISTIC)')
  })

  test('says that a precision does nothing on a processor', () =>
    expect(found('graphics card', { LAB_ENGINE: 'native', LAB_PRECISION: 'tf32' }).detail)
      .toContain('LAB_PRECISION does nothing without a card'))

  test('LAB_ENGINE=gpu without a card is an error of the engine, in one line', () => {
    const without = loadedThrough('binding => Object.create(binding, { isUsingGpuDevice: { value: () => false } })')
    expect(engineFinding({ ...without, LAB_ENGINE: 'gpu' })).toMatchObject({
      state: 'missing', detail: expect.stringMatching(/^engine-missing: expected an NVIDIA card, which LAB_ENGINE=gpu asks for/) as string,
    })
  })
})

describe.skipIf(noEngineBecause())('the doctor’s line on the binding', () => {
  const binding = (variables: Record<string, string>) => found('binding', variables)

  const withOperations = (number: 0 | 1) => loadedThrough(
    `binding => Object.create(binding, { labPatch: { value: 1 }, labOperations: { value: ${number} } })`)

  test('with the patch and the project’s operations', () =>
    expect(binding(withOperations(1)))
      .toEqual({ name: 'binding', state: 'good', detail: 'patched, with this project’s own operations' }))

  test('on a processor that cannot run the project’s operations', () =>
    expect(binding(withOperations(0)))
      .toMatchObject({ state: 'note', detail: expect.stringMatching(
        /^patched, without this project’s own operations: /) as string }))

  test('with LAB_OPERATIONS=plain', () =>
    expect(binding({ LAB_OPERATIONS: 'plain' })).toEqual({
      name: 'binding', state: 'note',
      detail: 'not patched, without this project’s own operations: LAB_OPERATIONS=plain asks for it',
    }))

  test('is absent with another engine', () => expect(binding({ LAB_ENGINE: 'wasm' })).toBeUndefined())
})
