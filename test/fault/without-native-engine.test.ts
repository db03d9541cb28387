/** What the doctor says where the native engine does not load, is not wanted, or lacks what makes it quick. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
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

const engineFinding = (variables: Record<string, string>) => found('engine', variables)

/** What Node is told so that it loads the binding through a function of its source. */
function loadedThrough(change: string): Record<string, string> {
  const hook = inFolder('other-binding.cjs')
  writeFileSync(hook, `const Module = require('node:module')
const load = Module._load
Module._load = (name, ...rest) => name.endsWith('tfjs_binding.node') ? (${change})(load(name, ...rest)) : load(name, ...rest)`)
  return { NODE_OPTIONS: `--require ${hook}` }
}

test.skipIf(noEngineBecause())('a binding that does not load: WebAssembly, as a fault with its reason and what to do', () => {
  const broken = loadedThrough("() => { throw new Error('wrong ELF class') }")
  expect(engineFinding(broken)).toEqual({
    name: 'engine', state: 'missing', mend: 'npm run setup',
    detail: 'wasm, TensorFlow.js 4.22.0, 1 thread: slow; the native one fails: wrong ELF class',
  })
})

test('LAB_ENGINE=wasm: WebAssembly, which is no fault', () => {
  expect(engineFinding({ LAB_ENGINE: 'wasm' }))
    .toEqual({ name: 'engine', state: 'good', detail: 'wasm, TensorFlow.js 4.22.0, 1 thread: slow' })
})

test('another LAB_ENGINE is a fault that names the ones there are', () => {
  expect(engineFinding({ LAB_ENGINE: 'tpu' })).toMatchObject({
    state: 'missing', detail: expect.stringMatching(/'native', 'gpu' or 'wasm'.*'tpu'/) as string,
  })
})

describe.skipIf(noEngineBecause())('the doctor’s line on the binding', () => {
  const binding = (variables: Record<string, string>) => found('binding', variables)

  const withOperations = (number: 0 | 1) => loadedThrough(
    `binding => Object.create(binding, { labPatch: { value: 1 }, labOperations: { value: ${number} } })`)

  test('where it is whole', () =>
    expect(binding(withOperations(1)))
      .toEqual({ name: 'binding', state: 'good', detail: 'patched, with this project’s own operations' }))

  test('where the processor cannot run the own operations', () =>
    expect(binding(withOperations(0)))
      .toMatchObject({ state: 'note', detail: expect.stringMatching(
        /^patched, without this project’s own operations: /) as string }))

  test('where they are not wanted', () =>
    expect(binding({ LAB_OPERATIONS: 'plain' })).toEqual({
      name: 'binding', state: 'note',
      detail: 'not patched, without this project’s own operations: LAB_OPERATIONS=plain asks for it',
    }))

  test('is left out with another engine', () => expect(binding({ LAB_ENGINE: 'wasm' })).toBeUndefined())
})
