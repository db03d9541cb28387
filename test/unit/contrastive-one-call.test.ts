/**
 * A contrastive step as one call of the engine: in the projects 'graph' and 'xla'. In the project 'all', where steps
 * run operation by operation, what compares the two is skipped.
 */
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { callsDuring } from '../../bench/contenders/lab/calls'
import { release, tensor, tensorCount } from '../../src/lib/engine/engine'
import { capabilities } from '../../src/lib/engine/native/binding'
import { OneCall, runsAsOneCall } from '../../src/lib/engine/one-call'
import { trainContrastively } from '../../src/lib/training/contrastive/contrastive'
import { withProjection } from '../../src/lib/training/contrastive/head'
import { removeLabels } from '../../src/lib/training/contrastive/images'
import { contrastiveObjective } from '../../src/lib/training/contrastive/objective'
import { Learner } from '../../src/lib/training/learner'
import { gradientInEngine } from '../fixtures/engine-gradient'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'
import { uniform } from '../golden/hash'

const largestOf = (values: Iterable<number>) => [...values].reduce((high, value) => Math.max(high, Math.abs(value)), 0)

// XLA takes half a second for each.
const sizes = [
  [128, 128, 0.2], [4, 128, 0.2], [4, 3, 0.01], [4, 3, 1], [16, 128, 0.01], [16, 128, 1], [32, 8, 0.05],
].slice(0, capabilities().steps === 'xla' ? 1 : undefined)

describe('the gradient in the engine', () => {
  const before = tensorCount()
  afterEach(() => expect(tensorCount()).toBe(before))

  /** The gradient in the engine and that of plain arrays. */
  function gradients(rows: Float32Array, views: number, temperature: number): Float32Array[] {
    const width = rows.length / views, objective = contrastiveObjective(temperature, width, views)
    const [first, second] = gradientInEngine(objective, rows, [views, width])
    expect(second).toEqual(first)
    return [first, objective.measure(rows).gradient]
  }

  // Float32 against float64: at most 7e-7 was measured.
  test.each(sizes)('is that of plain arrays: %i views in %i dimensions at temperature %f', (views, width, temperature) => {
    const [found, expected] = gradients(uniform('random', views * width), views, temperature)
    expect(largestOf(found.map((value, i) => value - expected[i]))).toBeLessThan(3e-6 * largestOf(expected))
  })

  test('is 0 for a row of zeros, and right for rows of very different lengths', () => {
    const rows = uniform('lengths', 16 * 32).map((value, i) => value * [1, 1e-25, 1e25, 0][Math.floor(i / 32) % 4])
    const [found, expected] = gradients(rows, 16, 0.2)
    for (let row = 0; row < 16; row++) {
      const [of, to] = [row * 32, (row + 1) * 32], largest = largestOf(expected.subarray(of, to))
      const difference = largestOf(found.subarray(of, to).map((value, c) => value - expected[of + c]))
      expect(difference / (largest || 1), `row ${row}`).toBeLessThan(3e-6)
      expect(largest === 0, `row ${row}`).toBe(row % 4 === 3)
      if (largest === 0) expect(largestOf(found.subarray(of, to))).toBe(0)
    }
  })
})

const inTemporary = temporaryFolder()
const optimizer = { name: 'adamw', rate: 1e-3, decay: 0.05, epsilon: 1e-2 } as const
const model = withProjection(smallModel(), 7)
const images = tensor(uniform('views', 16 * 16 * 16 * 3), [16, 16, 16, 3])
afterAll(() => release(images))

/** Takes steps on 16 views: as one call each where the engine does so and 16 images are a full batch. */
function stepped(batch?: number, resumeAfter = Infinity) {
  const objective = contrastiveObjective(0.2, 128, 16)
  let learner = new Learner(model, { optimizer, batch })
  const figures = [0, 1, 2, 3].map(step => {
    if (step === resumeAfter) {
      const saved = new Map(learner.variables().map(variable => [variable.name, variable.numbers()]))
      learner.close()
      learner = new Learner(model, { optimizer, batch })
      learner.resume(name => saved.get(name)!, step)
    }
    const { loss, found, spread, dimensions } = learner.step(images, 1e-3 * (step + 1), objective)
    return [loss, found, spread, dimensions]
  })
  const weights = learner.weights()
  learner.close()
  return { figures, weights }
}

describe('a contrastive step as one call', () => {
  const before = tensorCount()
  afterEach(() => {
    vi.restoreAllMocks()
    expect(tensorCount()).toBe(before)
  })

  test.runIf(runsAsOneCall())('changes the weights and finds the figures as operation by operation', () => {
    const whole = stepped(16), parts = stepped()
    whole.figures.flat().forEach((figure, i) => expect(figure).toBeCloseTo(parts.figures.flat()[i], 4))
    const difference = (name: string, values: Float32Array) =>
      largestOf(values.map((value, i) => value - whole.weights.get(name)![i]))
    // Adam moves the weights by about 1e-3 a step; at most 4e-7 was measured on a processor.
    for (const [name, values] of parts.weights) expect(difference(name, values), name).toBeLessThan(3e-5)
    for (const name of ['first_conv/kernel', 'projection/kernel'])
      expect(difference(name, model.weights.get(name)!), name).toBeGreaterThan(1e-4)
  })

  test('gives the same bits again, and those of a run that was interrupted', () => {
    const once = stepped(16)
    expect(stepped(16)).toEqual(once)
    expect(stepped(16, 2)).toEqual(once)
  })

  test.runIf(runsAsOneCall())('takes 11 calls into the binding, and computes no gradient outside the engine', () => {
    const objective = contrastiveObjective(0.2, 128, 16), read = vi.fn()
    const watched = {
      ...objective, measure(projections: Float32Array) {
        const measured = objective.measure(projections)
        // The property computes the gradient when it is read.
        expect(Object.getOwnPropertyDescriptor(measured, 'gradient')).toMatchObject({ get: expect.any(Function) as object })
        return Object.defineProperty(measured, 'gradient', { get: read })
      },
    }
    const learner = new Learner(model, { optimizer, batch: 16 })
    learner.step(images, 1e-3, watched)
    const calls = callsDuring(() => learner.step(images, 1e-3, watched))
    learner.close()
    expect(read).not.toHaveBeenCalled()
    // Made: settings, second views, exclusions, shares. Released: these and the projections.
    expect(calls.map(([name]) => name).sort()).toEqual([
      ...new Array<string>(4).fill('createTensor'), ...new Array<string>(5).fill('deleteTensor'), 'executeOp', 'tensorDataSync'])
  })

  test('is what a run takes; cancelled and resumed, it has the bits of a run straight through', async () => {
    const calls = vi.spyOn(OneCall.prototype, 'run')
    const unlabelled = removeLabels(smallSplit()), config = { epochs: 3, batch: 8, optimizer, seed: 7 }
    const straight = await trainContrastively(smallModel(), unlabelled, config)
    expect(calls).toHaveBeenCalledTimes(runsAsOneCall() ? 3 * Math.floor(unlabelled.count / 8) : 0)
    const checkpoint = { folder: inTemporary('run') }, cancel = new AbortController()
    await trainContrastively(smallModel(), unlabelled, config,
      { checkpoint, signal: cancel.signal, onProgress: ({ epoch }) => { if (epoch === 2) cancel.abort() } })
    const resumed = await trainContrastively(smallModel(), unlabelled, config, { checkpoint })
    expect(resumed.model.weights).toEqual(straight.model.weights)
    expect(resumed.history.map(({ loss }) => loss)).toEqual(straight.history.map(({ loss }) => loss))
  })
})
