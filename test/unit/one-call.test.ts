/**
 * A training step and a forward pass as one call of the engine: in the projects 'graph' and 'xla'. In the project
 * 'all', where steps run operation by operation, what compares the two is skipped.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { callsDuring } from '../../bench/contenders/lab/calls'
import { read, release, tensor, tensorCount, type Tensor } from '../../src/lib/engine/engine'
import { scalar } from '../../src/lib/engine/native/attributes'
import { capabilities, loadBinding } from '../../src/lib/engine/native/binding'
import { CompiledFunction } from '../../src/lib/engine/native/compiled'
import { OneCall, runsAsOneCall } from '../../src/lib/engine/one-call'
import { operations } from '../../src/lib/engine/operations-in-use'
import { Variable } from '../../src/lib/engine/variable'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import { LabError } from '../../src/lib/system/errors'
import { Learner } from '../../src/lib/training/learner'
import { crossEntropyObjective } from '../../src/lib/training/objective'
import type { OptimizerConfig } from '../../src/lib/training/optimizer'
import { train } from '../../src/lib/training/train'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'
import { uniform } from '../golden/hash'

const labels = [0, 1, 1, 0, 1, 0]
const images = tensor(uniform('one call', 6 * 16 * 16 * 3), [6, 16, 16, 3])
afterAll(() => release(images))

// With Keras's ε of 1e-7, the sign of a gradient that is zero within rounding would decide where a number moves.
const adam = { name: 'adam', rate: 1e-3, epsilon: 1e-2 } as const
const target = { smoothing: 0.1, weights: [1, 2] }

const simple: [string, OptimizerConfig][] = [
  ['Adam', adam],
  ['AdamW with decay', { ...adam, name: 'adamw', decay: 0.1 }],
  ['gradient descent with momentum', { name: 'sgd', rate: 1e-3, momentum: 0.9 }],
]
const byStage: typeof simple = [
  ['AdamW with rates by stage', { ...adam, name: 'adamw', decay: 0.1, stageRates: { stem: 0.1, conv2: 0.5 } }],
  ['gradient descent with rates by stage', { name: 'sgd', rate: 1e-3, momentum: 0.9, stageRates: { head: 0.3 } }],
]
// XLA takes two seconds for each.
const optimizers = capabilities().steps === 'xla' ? byStage : [...simple, ...byStage]

/** Takes steps: as one call each where the engine does so, or `byOperations`. */
function stepped(
  model: Model,
  { optimizer = adam as OptimizerConfig, steps = 3, byOperations = false, resumeAfter = Infinity } = {},
): { losses: number[]; weights: Map<string, Float32Array> } {
  const batch = byOperations ? undefined : 6
  let learner = new Learner(model, { optimizer, seed: 5, batch })
  const losses = Array.from({ length: steps }, (_, step) => {
    if (step === resumeAfter) {
      const saved = new Map(learner.variables().map(variable => [variable.name, variable.numbers()]))
      learner.close()
      learner = new Learner(model, { optimizer, seed: 5, batch })
      learner.resume(name => saved.get(name)!, step)
    }
    return learner.step(images, 1e-3 * (step + 1), crossEntropyObjective(labels, 2, target)).loss
  })
  const weights = learner.weights()
  learner.close()
  return { losses, weights }
}

/** The largest difference between two models' numbers. */
function largestDifference(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  return Math.max(...[...a].flatMap(([name, values]) =>
    Array.from(values, (value, i) => Math.abs(value - b.get(name)![i]))))
}

/** Does some work while TensorFlow refuses functions. */
function refusing(work: () => void): void {
  const loaded = loadBinding(), { binding } = loaded
  loaded.binding = Object.create(binding, {
    addFunction: { value: () => { throw new Error('refused') } },
  }) as typeof binding
  try {
    work()
  } finally {
    loaded.binding = binding
  }
}

test('the project runs steps as it says', () => {
  const { steps, card } = capabilities()
  expect(steps).toBe(process.env.LAB_STEP ?? (card ? 'graph' : 'eager'))
  expect(runsAsOneCall()).toBe(steps !== 'eager')
})

describe('a step as one call', () => {
  const before = tensorCount()
  afterEach(() => expect(tensorCount()).toBe(before))

  test.skipIf(!runsAsOneCall()).each(optimizers)('changes the weights as operation by operation: %s', (_, optimizer) => {
    const model = smallModel({ dropout: 0.3 })
    const whole = stepped(model, { optimizer }), parts = stepped(model, { optimizer, byOperations: true })
    // Losses near 0.7 in float32, and weights that three steps of at most 3e-3 moved.
    whole.losses.forEach((loss, i) => expect(loss).toBeCloseTo(parts.losses[i], 5))
    expect(largestDifference(whole.weights, parts.weights)).toBeLessThan(3e-5)
    expect(largestDifference(whole.weights, model.weights)).toBeGreaterThan(1e-3)
  })

  test('leaves frozen layers and their moving averages as they are, bit for bit', () => {
    const model = freeze(smallModel(), { through: 'stem' })
    const { weights } = stepped(model)
    for (const name of model.weights.keys())
      if (name.startsWith('first_')) expect(weights.get(name), name).toEqual(model.weights.get(name))
    expect(weights.get('up_bn/moving_mean')).not.toEqual(model.weights.get('up_bn/moving_mean'))
  })

  test('gives the same bits again, and those of a run that was interrupted', () => {
    const model = smallModel({ dropout: 0.3 })
    const once = stepped(model, { steps: 4 })
    expect(stepped(model, { steps: 4 })).toEqual(once)
    expect(stepped(model, { steps: 4, resumeAfter: 2 })).toEqual(once)
  })

  test.runIf(runsAsOneCall())('a smaller batch between two full ones takes its step operation by operation', () => {
    const run = (batch?: number) => {
      const learner = new Learner(smallModel(), { optimizer: adam, batch })
      const few = tensor(uniform('a few', 2 * 16 * 16 * 3), [2, 16, 16, 3])
      learner.step(images, 1e-3, crossEntropyObjective(labels, 2))
      learner.step(few, 1e-3, crossEntropyObjective([0, 1], 2))
      learner.step(images, 1e-3, crossEntropyObjective(labels, 2))
      const weights = learner.weights()
      learner.close()
      release(few)
      return weights
    }
    expect(largestDifference(run(6), run())).toBeLessThan(3e-5)
  })
})

test.runIf(runsAsOneCall())('a forward pass as one call gives the scores that operations give, again and again', () => {
  const before = tensorCount(), network = new Network(smallModel(), 'infer')
  const scores = [false, true, true].map(often => {
    const output = network.infer(images, often), numbers = read(output)
    release(output)
    return numbers
  })
  scores[1].forEach((score, i) => expect(score).toBeCloseTo(scores[0][i], 5))
  expect(scores[2]).toEqual(scores[1])
  network.close()
  expect(tensorCount()).toBe(before)
})

describe.runIf(runsAsOneCall())('one call', () => {
  let variable: Variable
  beforeAll(() => { variable = new Variable('one', [2], Float32Array.of(1, 2)) })
  afterAll(() => variable.close())
  afterEach(() => vi.restoreAllMocks())

  test('takes at most 20 calls into the binding for a step, however many operations it has', () => {
    const learner = new Learner(smallModel({ dropout: 0.3 }), { optimizer: adam, batch: 6 })
    learner.step(images, 1e-3, crossEntropyObjective(labels, 2))
    const calls = callsDuring(() => learner.step(images, 1e-3, crossEntropyObjective(labels, 2)))
    learner.close()
    // Made: settings, targets, shares, dropout's mask. Released: these and the scores.
    expect(calls.map(([name]) => name).sort()).toEqual([
      ...new Array<string>(4).fill('createTensor'), ...new Array<string>(5).fill('deleteTensor'), 'executeOp', 'tensorDataSync'])
  })

  test('records without changing a variable, and changes it once a call', () => {
    const call = new OneCall(([target]) => {
      operations().moveTowards(variable.handle, target, 0.5)
      return [operations().add(target, target)]
    })
    const target = tensor(Float32Array.of(3, 6), [2])
    const outputs = [...call.run([target]), ...call.run([target])]
    expect(outputs.map(output => [...read(output)])).toEqual([[6, 12], [6, 12]])
    expect([...variable.numbers()]).toEqual([2.5, 5])
    release(target, ...outputs)
    call.close()
  })

  test('reads a variable before and after it changes', () => {
    variable.write(Float32Array.of(1, 2))
    const call = new OneCall(([target]) => {
      const before = operations().valueOf(variable.handle)
      operations().moveTowards(variable.handle, target, 1)
      return [before, operations().valueOf(variable.handle)]
    })
    const target = tensor(Float32Array.of(3, 6), [2])
    const outputs = call.run([target])
    expect(outputs.map(output => [...read(output)])).toEqual([[1, 2], [3, 6]])
    release(target, ...outputs)
    call.close()
  })

  test('has one function for each shape, which networks of the same kind share', () => {
    const relus = [0, 1].map(() => new OneCall(([x]) => [operations().relu(x)]))
    const calls = callsDuring(() => {
      for (const side of [2, 3, 2, 3])
        for (const call of relus) {
          const x = tensor(new Float32Array(side), [side])
          release(x, ...call.run([x]))
        }
      relus[0].close()
      relus[1].close()
    })
    const named = (name: string) => calls.filter(([called]) => called === name).map(([, about]) => about as string)
    expect(named('addFunction')).toHaveLength(2)
    // XLA never forgets what it compiled.
    expect(named('removeFunction')).toHaveLength(capabilities().steps === 'xla' ? 0 : 2)
    for (const name of named('removeFunction')) expect(() => loadBinding().binding.executeOp(name, [], [], 1)).toThrow(name)
  })

  test.each([
    ['a new tensor', () => [tensor(new Float32Array(1), [1])]],
    ['Relu with another tensor', () => [operations().relu(images)]],
    ['a read of numbers', () => [read(images)] as never[]],
  ])('refuses work with %s: it would be the same in every call', (received, work) => {
    const x = tensor(new Float32Array(1), [1])
    const call = new OneCall(work)
    expect(() => call.run([x])).toThrow(expect.objectContaining({ code: 'engine-failed', received }) as Error)
    call.close()
    release(x)
  })

  test.each([
    ['an output that no operation of the work made', 'an input', ([x]: readonly Tensor[]) => [operations().relu(x), x]],
    ['an output that no operation of the work made', 'a constant', () => [scalar(0.125)]],
    ['one tensor as two outputs', 'one tensor twice', ([x]: readonly Tensor[]) => new Array<Tensor>(2).fill(operations().relu(x))],
  ])('refuses work with %s, such as %s, and leaves all tensors as they are', (received, _, work) => {
    const c = scalar(0.125), x = tensor(Float32Array.of(-1, 2), [2]), before = tensorCount(), call = new OneCall(work)
    expect(() => call.run([x])).toThrow(expect.objectContaining({ code: 'engine-failed', received }) as Error)
    expect(tensorCount()).toBe(before)
    expect([...read(x), ...read(c)]).toEqual([-1, 2, 0.125])
    call.close()
    release(x)
  })

  /** Lets steps fail, and then takes one: it is the first, and no tensor is left. */
  function takesAStepAfter(failures: (step: () => unknown) => void): void {
    const before = tensorCount(), learner = new Learner(smallModel(), { optimizer: adam, batch: 6 })
    const step = () => learner.step(images, 1e-3, crossEntropyObjective(labels, 2))
    failures(step)
    expect(learner.steps).toBe(0)
    step()
    expect(learner.steps).toBe(1)
    learner.close()
    expect(tensorCount()).toBe(before)
  }

  test('a function that fails is an error which names the other way, and leaves no tensor', () => {
    takesAStepAfter(step => {
      const failing = vi.spyOn(CompiledFunction.prototype, 'call').mockImplementation(() => {
        throw new LabError('engine-failed', { expected: 'a function', received: 'no compiler', remedy: 'None' })
      })
      const remedy = expect.stringContaining('LAB_STEP=eager') as string
      expect(step).toThrow(expect.objectContaining({ received: 'no compiler', remedy }) as Error)
      failing.mockRestore()
    })
  })

  test('a function that TensorFlow refuses is an error', () => {
    const { binding } = loadBinding()
    expect(() => binding.addFunction!(Uint8Array.of(255))).toThrow('Invalid TF_Status: 3')
    const call = new OneCall(([x]) => [operations().relu(x)]), x = tensor(new Float32Array(5), [5])
    refusing(() => expect(() => call.run([x])).toThrow(expect.objectContaining({ code: 'engine-failed', received: 'refused' }) as Error))
    release(x)
    call.close()
  })

  test('an operation that fails while a step is recorded leaves nothing behind: the next step is taken', () => {
    takesAStepAfter(step => {
      for (const name of ['convolveKernelGradient', 'maxPoolGradient', 'crossEntropyGradient'] as const) {
        const failing = vi.spyOn(operations(), name).mockImplementationOnce(() => {
          throw new LabError('too-large', { expected: name, received: 'out of memory', remedy: 'None' })
        })
        expect(step).toThrow('out of memory')
        failing.mockRestore()
      }
    })
  })

  test('another objective has another function', () => {
    const learner = new Learner(smallModel(), { optimizer: adam, batch: 6 })
    const objective = crossEntropyObjective(labels, 2)
    learner.step(images, 1e-3, objective)
    const flat = { ...objective.inEngine!(), name: 'none', gradient: (scores: Tensor) => operations().scale(scores, 0) }
    const before = learner.weights().get('predictions/kernel')!
    const resting = new Learner(smallModel(), { optimizer: { name: 'sgd', rate: 1 }, batch: 6 })
    resting.step(images, 1, objective)
    const moved = resting.weights().get('predictions/kernel')!
    resting.step(images, 1, { measure: objective.measure, inEngine: () => flat })
    expect(resting.weights().get('predictions/kernel')).toEqual(moved)
    expect(before).not.toEqual(moved)
    learner.close()
    resting.close()
  })

  // 144 training images: two batches of 64 in each epoch, and a rest. 60 are one batch.
  test.each(capabilities().steps === 'xla' ? [[240, 4]] : [[240, 4], [100, 2]])('a training run takes its full batches so: of %i images', async (images, calls) => {
    const call = vi.spyOn(CompiledFunction.prototype, 'call')
    await train(smallModel(), smallSplit(smallDataset(images)), { epochs: 2, optimizer: adam })
    expect(call).toHaveBeenCalledTimes(calls)
  })
})
