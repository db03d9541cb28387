import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { noCardToFind } from './src/lib/system/card.mjs'
import { testsThatShare } from './test/fixtures/shared-process.mjs'

/** What only holds on WebAssembly. */
const onlyWasm = ['test/unit/wasm-engine.test.ts']

/** What only holds on a graphics card. Without one, it is a skipped test whose name says why. */
const onlyCard = ['test/unit/on-card.test.ts']

/**
 * What takes less time where one process runs one file after the other: loading the library takes longer than most of
 * these tests.
 */
const shared = testsThatShare(fileURLToPath(new URL('.', import.meta.url)), ['test/unit', 'test/golden'])

/** What has to hold everywhere as it does on the native engine with all it has: the goldens, and whatever trains. */
const everywhere = [
  'test/golden/{contrastive,gradients,optimizers,resnet50,resnet50-adam}.test.ts',
  'test/unit/{by-hand,network-anatomy,train}.test.ts',
]

/** What has to hold of a step and a forward pass as one call, on networks that XLA compiles within seconds. */
const smallAsOneCall = ['test/unit/{one-call,contrastive-one-call}.test.ts', 'test/golden/contrastive.test.ts']

/** The same, and on all of ResNet50. */
const asOneCall = [
  ...smallAsOneCall, 'test/golden/{gradients,resnet50,resnet50-adam}.test.ts', 'test/unit/{failed-operations,train}.test.ts',
]

/** The test files that take longest, by parts of their paths, longest first. */
const longest = [
  'notebooks/notebooks', 'notebooks/on-x-ray-phantom', 'notebooks/on-three-classes', 'slurm/', 'browser/', 'fault/torture',
  'notebooks/on-one-image', 'notebooks/on-plain-folder', 'notebooks/runner', 'unit/public-examples', 'fault/experiment-command',
]

/**
 * Starts the longest test files first, so that none of them runs alone at the end. On a fresh machine vitest knows no
 * times and goes by the files' sizes, but the files that take longest are short ones.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex(part => moduleId.includes(`/test/${part}`))
      return found < 0 ? longest.length : found
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

const noCard = noCardToFind() !== null

/** Where there is a card, only the project gpu sees it: all others test the processor on every machine. */
const env = { LAB_THREADS: '2', ...(!noCard && { CUDA_VISIBLE_DEVICES: '' }) }

export default defineConfig({
  test: {
    pool: 'forks',
    // More than two cores need: many tests wait for other processes.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Generous: a limit finds what hangs, and must not fail what is slow on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'all', include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...onlyWasm, ...onlyCard, ...shared], env,
        },
      },
      { extends: true, test: { name: 'shared', include: shared, isolate: false, env } },
      { extends: true, test: { name: 'wasm', include: [...onlyWasm, ...everywhere], env: { ...env, LAB_ENGINE: 'wasm' } } },
      // A step as one call: as a function that the graph executor runs, or that XLA compiles.
      { extends: true, test: { name: 'graph', include: asOneCall, env: { ...env, LAB_STEP: 'graph' } } },
      { extends: true, test: { name: 'xla', include: smallAsOneCall, env: { ...env, LAB_STEP: 'xla' } } },
      // XLA compiles each network for half a minute: `npm test` leaves these out (npm test -- --project xla-goldens).
      { extends: true, test: { name: 'xla-goldens', include: asOneCall, env: { ...env, LAB_STEP: 'xla' } } },
      {
        extends: true,
        test: {
          name: 'gpu', include: noCard ? onlyCard : [...onlyCard, ...everywhere, ...smallAsOneCall],
          env: { LAB_THREADS: '2', ...(!noCard && { LAB_ENGINE: 'gpu' }) },
        },
      },
      // As with a binding that could not be patched: TensorFlow's public operations only.
      { extends: true, test: { name: 'plain', include: everywhere, env: { ...env, LAB_OPERATIONS: 'plain' } } },
    ],
  },
})
