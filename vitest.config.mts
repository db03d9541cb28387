import { configDefaults, defineConfig } from 'vitest/config'

/** What only holds on WebAssembly. */
const onlyWasm = ['test/unit/wasm-engine.test.ts']

/** What has to hold everywhere as it does on the native engine with all it has: the goldens, and whatever trains. */
const everywhere = [
  'test/golden/{gradients,optimizers,resnet50,resnet50-adam}.test.ts',
  'test/unit/{by-hand,network-anatomy,train}.test.ts',
]

const env = { LAB_THREADS: '2', TF_CPP_MIN_LOG_LEVEL: '2' }

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a limit finds what hangs, and must not fail what is slow on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...onlyWasm], env },
      },
      { extends: true, test: { name: 'wasm', include: [...onlyWasm, ...everywhere], env: { ...env, LAB_ENGINE: 'wasm' } } },
      // As on a card, or with a binding that could not be patched: TensorFlow's public operations only.
      { extends: true, test: { name: 'plain', include: everywhere, env: { ...env, LAB_OPERATIONS: 'plain' } } },
    ],
  },
})
