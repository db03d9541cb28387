/** What the doctor says where the native engine does not load, or is not wanted. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { noEngineBecause } from '../../scripts/set-up/engine.mjs'
import { inProject } from '../../src/lib/project-root'
import { temporaryFolder } from '../fixtures/temporary'

interface Finding { name: string; state: 'good' | 'missing' | 'note'; detail: string; mend?: string }

const inFolder = temporaryFolder()

function engineFinding(variables: Record<string, string>): Finding {
  const { stdout } = spawnSync(process.execPath, [inProject('scripts', 'doctor.mjs'), '--json'],
    { encoding: 'utf8', env: { ...process.env, LAB_ENGINE: '', ...variables } })
  return (JSON.parse(stdout) as { findings: Finding[] }).findings.find(({ name }) => name === 'engine')!
}

test.skipIf(noEngineBecause())('a binding that does not load: WebAssembly, as a fault with its reason and what to do', () => {
  const hook = inFolder('broken-binding.cjs')
  writeFileSync(hook, `const Module = require('node:module')
const load = Module._load
Module._load = (name, ...rest) => {
  if (name.endsWith('tfjs_binding.node')) throw new Error('wrong ELF class')
  return load(name, ...rest)
}`)
  expect(engineFinding({ NODE_OPTIONS: `--require ${hook}` })).toEqual({
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
