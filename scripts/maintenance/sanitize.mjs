/**
 * Runs the project's C++ operations under the compiler's sanitizers: `node scripts/maintenance/sanitize.mjs`. Needs g++
 * with its sanitizers, and some minutes of processor time. Odd shapes, values and inputs: native/check/odd-shapes.cc.
 * Fails at a result that is wrong, an access outside a tensor, undefined behavior, or a race between threads.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { engineFolder } from '../set-up/libraries.mjs'
import { inProject } from '../set-up/project.mjs'

/** The sanitizers that go together, the processor's instructions, and the numbers of threads. */
const builds = [
  { sanitizers: 'address,undefined', processor: ['-march=native'], threads: [1, 2, 3, 7] },
  { sanitizers: 'thread', processor: ['-march=native'], threads: [2, 3, 7] },
  // Vectors of eight numbers, where -march=native may mean sixteen.
  { sanitizers: 'address,undefined', processor: ['-mavx2', '-mfma'], threads: [3] },
]

const sources = ['check', 'operations'].flatMap(folder => readdirSync(inProject('native', folder))
  .filter(name => name.endsWith('.cc')).map(name => inProject('native', folder, name)))
const scratch = inProject('.cache', 'sanitize'), program = join(scratch, 'odd-shapes')
mkdirSync(scratch, { recursive: true })

for (const { sanitizers, processor, threads } of builds) {
  console.log(`${sanitizers} ${processor.join(' ')}`)
  run('g++', ['-std=c++20', '-O1', '-g', `-fsanitize=${sanitizers}`, '-fno-sanitize-recover=all', ...processor, '-pthread', '-w',
    `-I${join(engineFolder(), 'tensorflow', 'include')}`, ...sources, '-Wl,--wrap=aligned_alloc', '-o', program])
  for (const count of threads) run(program, [], { TF_NUM_INTRAOP_THREADS: String(count) })
}

function run(name, words, variables = {}) {
  const { status, signal, error } = spawnSync(name, words, { stdio: 'inherit', env: { ...process.env, ...variables } })
  if (status === 0) return
  console.error(error?.message ?? `${name} ended with ${signal ?? `status ${status}`} ${JSON.stringify(variables)}`)
  process.exit(1)
}
