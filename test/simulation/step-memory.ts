/**
 * The memory of training steps and of forward passes, beside the estimates by which work is refused:
 * `node --import tsx test/simulation/step-memory.ts [eager|graph|xla…]`; eager and graph without words, since XLA
 * compiles for minutes. Each measurement is a process of its own: the highest resident memory in three steps, less what
 * the process had before. Prints a line each: how steps run, the work (what trains, or a forward pass), width, pixels,
 * images, MiB measured, MiB estimated, and what was measured as a share of the estimate.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { environment } from '../../scripts/set-up/project.mjs'
import { release, tensor, type Tensor } from '../../src/lib/engine/engine'
import { bytesInEngine } from '../../src/lib/engine/require-memory'
import type { Width } from '../../src/lib/model/architecture'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { countPredictionBytes, countTrainingBytes } from '../../src/lib/model/needed-memory'
import { Network } from '../../src/lib/network/network'
import { Learner } from '../../src/lib/training/learner'
import { crossEntropyObjective } from '../../src/lib/training/objective'
import { hashedBatch, hashedNetwork } from '../../bench/inputs'

/** What is frozen, for each kind of step. */
const kinds = { all: undefined, conv5: 'conv4', head: 'conv5', forward: undefined } as const
type Kind = keyof typeof kinds
type Size = readonly [Width, number, number]
const sizes: readonly Size[] = [
  ['quarter', 64, 64], ['half', 64, 64], ['full', 64, 16], ['full', 64, 64], ['full', 128, 16], ['full', 224, 8],
]

function main(words: readonly string[]): void {
  if (words[0] === 'one') return one(words[1] as Kind, [words[2] as Width, Number(words[3]), Number(words[4])])
  for (const steps of words.length ? words : ['eager', 'graph'])
    for (const size of sizes)
      for (const kind of Object.keys(kinds)) {
        const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, 'one', kind, ...size.map(String)],
          { encoding: 'utf8', env: { ...environment(), LAB_STEP: steps } })
        console.log(steps, kind, ...size, stdout.trim() || stderr)
      }
}

/** Measures one kind of work in this process. */
function one(kind: Kind, [width, size, batch]: Size): void {
  const start = hashedNetwork(size, width), through = kinds[kind]
  const model = through ? freeze(start, { through }) : start
  const { images, labels, shape } = hashedBatch(batch, size)
  const input = tensor(images, shape)
  // Starts TensorFlow's threads and what they need.
  release(tensor(new Float32Array(1), [1]))
  const before = memory('VmRSS')
  writeFileSync('/proc/self/clear_refs', '5')
  if (kind === 'forward') forward(model, input)
  else train(model, input, labels, batch)
  const measured = memory('VmHWM') - before
  const counted = kind === 'forward' ? countPredictionBytes(model, batch)
    : countTrainingBytes(model, { images: batch, slots: 2 })
  const estimated = bytesInEngine(counted) / 2 ** 20
  console.log(Math.round(measured), Math.round(estimated), (measured / estimated).toFixed(2))
}

function train(model: Model, input: Tensor, labels: Int32Array, batch: number): void {
  const rate = 1e-4
  const learner = new Learner(model, { optimizer: { name: 'adam', rate }, batch })
  for (let step = 0; step < 3; step++) learner.step(input, rate, crossEntropyObjective(labels, 2))
  learner.weights()
}

function forward(model: Model, input: Tensor): void {
  const network = new Network(model, 'infer')
  for (let pass = 0; pass < 3; pass++) release(network.infer(input, true))
}

/** MiB that the kernel tells of this process. */
function memory(name: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024
}

main(process.argv.slice(2))
