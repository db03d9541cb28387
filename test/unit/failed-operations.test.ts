/**
 * Memory can run out in any operation. Here each call into TensorFlow of a step, a forward pass and the making of a
 * learner fails once: the error is 'too-large', and no tensor is left. The project 'graph' does the same to a step and
 * a forward pass as one call.
 */
import { afterAll, expect, test } from 'vitest'
import { release, tensor, tensorCount } from '../../src/lib/engine/engine'
import { capabilities, loadBinding } from '../../src/lib/engine/native/binding'
import { runsAsOneCall } from '../../src/lib/engine/one-call'
import { freeze } from '../../src/lib/model/freeze'
import { Network } from '../../src/lib/network/network'
import { withProjection } from '../../src/lib/training/contrastive/head'
import { contrastiveObjective } from '../../src/lib/training/contrastive/objective'
import { Learner } from '../../src/lib/training/learner'
import { crossEntropyObjective } from '../../src/lib/training/objective'
import type { OptimizerConfig } from '../../src/lib/training/optimizer'
import { smallModel } from '../fixtures/small-network'
import { uniform } from '../golden/hash'

const images = tensor(uniform('failed operations', 4 * 16 * 16 * 3), [4, 16, 16, 3])
afterAll(() => release(images))
const model = smallModel({ dropout: 0.3 }), wide = smallModel({ times: 8 }), frozen = freeze(model, { through: 'stem' })
const objective = crossEntropyObjective([0, 1, 1, 0], 2)

/**
 * Does some work of which one call into TensorFlow fails, as the binding fails: most operations release their donated
 * inputs before, but not Reshape.
 * @param index which call of those whose names match
 * @returns the call that failed, null if there were fewer; and the code of the error
 */
function failing(index: number, work: () => void, names = /./): { failed: string | null; code: unknown } {
  const loaded = loadBinding(), { binding } = loaded
  let calls = 0, failed: string | null = null
  const failsAt = (name: string) => {
    if (!names.test(name) || calls++ !== index) return
    failed = name
    throw new Error('OOM when allocating tensor')
  }
  loaded.binding = Object.create(binding, {
    createTensor: { value: (...of: Parameters<typeof binding.createTensor>) => {
      failsAt('createTensor')
      return binding.createTensor(...of)
    } },
    tensorDataSync: { value: (id: number) => {
      failsAt('tensorDataSync')
      return binding.tensorDataSync(id)
    } },
    executeOp: { value: (...of: Parameters<typeof binding.executeOp>) => {
      const [name, , inputs] = of
      try {
        failsAt(name)
      } catch (fault) {
        if (name !== 'Reshape') for (const id of inputs) if (id < 0) binding.deleteTensor(-1 - id)
        throw fault
      }
      return binding.executeOp(...of)
    } },
  }) as typeof binding
  try {
    work()
    return { failed, code: null }
  } catch (fault) {
    return { failed, code: (fault as { code?: unknown }).code ?? (fault as Error).message }
  } finally {
    loaded.binding = binding
  }
}

interface Subject { work(): void; close(): void }

const adam: OptimizerConfig = { name: 'adamw', rate: 1e-3 }

function step(trained = model, optimizer = adam, batch = 4): Subject {
  const learner = new Learner(trained, { optimizer, batch })
  return { work: () => void learner.step(images, 1e-3, objective), close: () => learner.close() }
}

function contrastiveStep(): Subject {
  const learner = new Learner(withProjection(model, 7), { optimizer: adam, batch: 4 })
  const contrast = contrastiveObjective(0.2, 128, 4)
  return { work: () => void learner.step(images, 1e-3, contrast), close: () => learner.close() }
}

function pass(purpose: 'infer' | 'observe' | 'explain' | 'train', work: (network: Network) => unknown): Subject {
  const network = new Network(model, purpose)
  return { work: () => void work(network), close: () => network.close() }
}

const infer = (often: boolean) => (network: Network) => {
  const scores = network.infer(images, often)
  release(scores)
}
type Row = [string, number, () => Subject, RegExp?]
const byOperations: Row[] = [
  ['a step', 100, () => step()],
  ['a step with the project’s own operations', capabilities().projectOperations ? 10 : 0, () => step(wide), /^Lab/],
  ['a step with momentum, over a frozen stem', 60, () => step(frozen, { name: 'sgd', rate: 1e-3 })],
  ['a forward pass', 30, () => pass('infer', infer(false))],
  ['a pass that is observed', 50, () => pass('observe', network =>
    release(...network.observe(images, ['first_conv', 'sum', 'average']).values()))],
  ['an explanation', 50, () => pass('explain', network => release(network.inputGradient(images, scores => scores).gradient))],
  ['a measurement of statistics', 40, () => pass('train', network => network.batchStatistics(images))],
  ['a network that is made', 30, () => ({ work: () => new Network(model, 'infer').close(), close: () => undefined })],
  ['a learner that is made', 150, () => ({ work: () => step().close(), close: () => undefined })],
]
const asOneCall: Row[] = [
  ['a step', 90, () => step()],
  ['a contrastive step', 100, contrastiveStep],
  ['a step operation by operation', 90, () => step(model, adam, 5)],
  ['one of many forward passes', 30, () => pass('infer', infer(true))],
]

test.each(runsAsOneCall() ? asOneCall : byOperations)('%s leaves no tensor, whichever of at least %i calls fails', (_, fewest, make, names) => {
  // Constants are made once.
  const warm = make()
  warm.work()
  warm.close()
  const faults: unknown[] = []
  for (let index = 0; ; index++) {
    const before = tensorCount(), { work, close } = make()
    const { failed, code } = failing(index, work, names)
    close()
    const left = tensorCount() - before
    if (left || (failed && code !== 'too-large') || (!failed && code)) faults.push({ index, failed, code, left })
    if (failed) continue
    expect(index).toBeGreaterThanOrEqual(fewest)
    break
  }
  expect(faults).toEqual([])
})

test('a learner whose step failed takes the next step as one whose step did not', () => {
  const [first, second] = [0, 1].map(() => new Learner(model, { optimizer: adam }))
  // The calls of a forward pass change nothing but the moving averages, which are last.
  expect(failing(20, () => void first.step(images, 1e-3, objective)).code).toBe('too-large')
  for (const learner of [first, second]) learner.step(images, 1e-3, objective)
  expect(first.weights()).toEqual(second.weights())
  first.close()
  second.close()
})
