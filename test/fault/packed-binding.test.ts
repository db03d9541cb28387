/** A binding that was packed is used where it runs, and removed where it does not, so that the set-up compiles it. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { noEngineBecause } from '../../scripts/set-up/engine.mjs'
import { inProject } from '../../src/lib/system/project-root'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

/** A binding that Node loads, from the bundler of the tests, in place of TensorFlow's with its libraries. */
const someBinding = () => readFileSync(
  inProject('node_modules', '@rollup', `rollup-linux-${process.arch}-gnu`, `rollup.linux-${process.arch}-gnu.node`))

/** A folder as it was unpacked, with a packed binding, and a copy of another engine's where TensorFlow.js looks. */
function unpacked(name: string, binding: string | Buffer) {
  const root = path(name)
  const files = {
    '.pack/about.json': JSON.stringify({ commit: '', committed: '', variant: 'gpu', pythons: [10, 14] }),
    '.engine/gpu/binding/tfjs_binding.node': binding,
    'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node': 'links to libraries of .engine/cpu',
    'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/.made-from': 'another engine',
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  for (const folder of ['scripts', join('src', 'lib', 'system')]) cpSync(inProject(folder), join(root, folder), { recursive: true })
  const { status, stdout, stderr } = spawnSync(process.execPath,
    ['--input-type=module', '-e', 'await (await import("./scripts/pack/packed-binding.mjs")).removeUnfitBinding()'], { cwd: root, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return { stdout, file: (...parts: string[]) => join(root, ...parts) }
}

test.skipIf(noEngineBecause() !== null)('the packed engine’s binding is used, whatever engine the packing machine used itself', () => {
  const binding = someBinding()
  const { stdout, file } = unpacked('good', binding)
  expect(stdout).not.toContain('does not run here')
  expect(readFileSync(file('node_modules', '@tensorflow', 'tfjs-node-gpu', 'lib', 'napi-v8', 'tfjs_binding.node')).equals(binding)).toBe(true)
  expect(existsSync(file('.engine', 'gpu', 'binding', 'tfjs_binding.node'))).toBe(true)
})

test('a binding that does not load is removed, and the reason is said', () => {
  const { stdout, file } = unpacked('bad', 'no program')
  expect(stdout).toMatch(/The packed binding does not run here \(.*tfjs_binding\.node.*\): it is compiled again\.\n/)
  expect(existsSync(file('.engine', 'gpu', 'binding'))).toBe(false)
})
