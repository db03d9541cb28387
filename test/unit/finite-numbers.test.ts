/** Numbers that are not finite: never trained on, never judged. */
import { describe, expect, test } from 'vitest'
import { countPairs } from '../../src/lib/evaluation/score-pairs'
import { decideAt } from '../../src/lib/evaluation/thresholds'
import { evaluate } from '../../src/lib/inference/evaluate'
import { findMistakes } from '../../src/lib/evaluation/mistakes'
import { measurePredictions } from '../../src/lib/evaluation/evaluation'
import { computeActivations } from '../../src/lib/inference/activations'
import { predict } from '../../src/lib/inference/predict'
import { recognize } from '../../src/lib/inference/recognize'
import { reestimateStatistics } from '../../src/lib/inference/reestimate-statistics'
import { statistics } from '../../src/lib/index'
import { train } from '../../src/lib/training/train'
import type { Predictions } from '../../src/lib/evaluation/predictions'
import type { Model } from '../../src/lib/model/model'
import { Learner } from '../../src/lib/training/learner'
import { learningRate, type Schedule } from '../../src/lib/training/schedule'
import { release, tensor, tensorCount } from '../../src/lib/engine/engine'
import type { TrainConfig } from '../../src/lib/training/config'
import { imagenetNetwork } from '../fixtures/imagenet-network'
import { smallModel, smallSplit } from '../fixtures/small-model'

const parts = smallSplit()
const adam = (rate: number) => ({ name: 'adam' as const, rate })

/** A model with one weight that is no number, behind a ReLU which may hide it. */
function broken(): Model {
  const model = smallModel()
  const weights = new Map(model.weights)
  weights.set('first_conv/kernel', weights.get('first_conv/kernel')!.map(() => NaN))
  return { ...model, weights }
}

describe('train', () => {
  test.each([
    ['two epochs of one step', { epochs: 2, batch: 64, keepBest: true }],
    ['the best epoch by accuracy', { epochs: 2, batch: 64, keepBest: true, watch: 'validationAccuracy' }],
    ['a single step', { epochs: 1, batch: 64 }],
    ['several steps an epoch', { epochs: 3, batch: 8 }],
  ] as const)('refuses to end with a network of NaN: %s', async (_, config) => {
    const model = smallModel(), before = tensorCount()
    // The first step already leaves float32's range.
    const weights = new Map([...model.weights].map(([name, values]) => [name, values.map(value => 1e30 * value)]))
    await expect(train({ ...model, weights }, parts, { ...config, optimizer: adam(100) }))
      .rejects.toMatchObject({ code: 'engine-failed' })
    expect(tensorCount()).toBe(before)
  })

  test('refuses a model whose weights are no numbers: ReLU would make zeros of them', async () => {
    await expect(train(broken(), parts, { epochs: 1, batch: 8, optimizer: adam(1e-3) }))
      .rejects.toMatchObject({ code: 'bad-argument' })
  })

  test.each<readonly [string, Schedule | object, string]>([
    ['a warmup of 1', { name: 'one-cycle', warmup: 1 }, 'schedule.warmup to be a number from 0, below 1'],
    ['a warmup above 1', { name: 'one-cycle', warmup: 30 }, 'schedule.warmup'],
    ['a warmup below 0', { name: 'one-cycle', warmup: -0.1 }, 'schedule.warmup'],
    ['a warmup of NaN', { name: 'one-cycle', warmup: NaN }, 'schedule.warmup'],
    ['a factor of 1', { name: 'plateau', watch: 'validationLoss', factor: 1, patience: 1, least: 0 }, 'schedule.factor'],
    ['a patience of 0', { name: 'plateau', watch: 'validationLoss', factor: 0.5, patience: 0, least: 0 }, 'schedule.patience'],
    ['a least rate of NaN', { name: 'plateau', watch: 'validationLoss', factor: 0.5, patience: 1, least: NaN }, 'schedule.least'],
    ['an unknown figure', { name: 'plateau', watch: 'loss', factor: 0.5, patience: 1, least: 0 }, 'schedule.watch'],
  ])('refuses %s before the first step', async (_, schedule, message) => {
    let steps = 0
    const attempt = train(smallModel(), parts, { epochs: 1, batch: 64, optimizer: adam(1e-3), schedule } as TrainConfig,
      { onProgress: () => { steps++ } })
    await expect(attempt).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(attempt).rejects.toThrow(message)
    expect(steps).toBe(0)
  })

  test('every schedule in its ranges gives finite rates, from the first step to the last', () => {
    const schedules: Schedule[] = [0, 0.3, 0.999].map(warmup => ({ name: 'one-cycle', warmup }))
    for (const schedule of schedules)
      for (const steps of [1, 2, 3, 50])
        for (let step = 0; step < steps; step++)
          expect(learningRate(schedule, 1, { step, steps, history: [] })).toBeGreaterThan(0)
  })
})

test.each([NaN, Infinity, -1e-3, undefined as unknown as number])('a step with the learning rate %d changes nothing', rate => {
  const before = tensorCount()
  const learner = new Learner(smallModel(), { optimizer: adam(1e-3) })
  const weights = learner.weights()
  const input = tensor(new Float32Array(2 * 16 * 16 * 3), [2, 16, 16, 3])
  const objective = { measure: (outputs: Float32Array) => ({ loss: 1, gradient: outputs }) }
  expect(() => learner.step(input, rate, objective)).toThrow('the learning rate of step 1 to be a number from 0 to 100')
  expect(learner.weights()).toEqual(weights)
  release(input)
  learner.close()
  expect(tensorCount()).toBe(before)
})

describe('a variance below 0', () => {
  const withVariance = (value: number) => {
    const model = smallModel()
    model.weights.get('head_bn/moving_variance')![1] = value
    return model
  }

  test('is refused before anything is computed: its root would be NaN, or huge', async () => {
    for (const value of [-1, -2e-4]) {
      await expect(predict(withVariance(value), parts.test)).rejects
        .toThrow(`received ${Math.fround(value)} in head_bn/moving_variance`)
      expect(() => new Learner(withVariance(value), { optimizer: adam(1e-3) })).toThrow('variances are above 0')
    }
  })

  test('by rounding only does no harm: ε is added to it', async () => {
    const [below, zero] = [await predict(withVariance(-1e-8), parts.test), await predict(withVariance(0), parts.test)]
    below.probabilities.forEach((value, i) => expect(value).toBeCloseTo(zero.probabilities[i], 4))
  })
})

/** Four images of two classes. */
function predictionsWith(probabilities: readonly number[], more: Partial<Predictions> = {}): Predictions {
  return {
    probabilities: Float32Array.from(probabilities), labels: Int32Array.from([0, 0, 1, 1]), classes: ['COVID', 'normal'],
    names: ['a', 'b', 'c', 'd'], groups: [null, null, null, null], grouping: 'none', ...more,
  }
}

describe('evaluation', () => {
  const fair = [0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.5, 0.5]
  const changed = (index: number, value: number) => fair.map((one, i) => (i === index ? value : one))

  test.each<readonly [string, Predictions]>([
    ['NaN only', predictionsWith(new Array(8).fill(NaN))],
    ['one NaN', predictionsWith(changed(3, NaN))],
    ['infinity', predictionsWith(changed(2, Infinity))],
    ['a negative number', predictionsWith([...fair.slice(0, 6), -0.5, 1.5])],
    ['scores that do not sum to 1', predictionsWith([2, 3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])],
    ['a row that sums to .9', predictionsWith(changed(0, 0.8))],
    ['a row of zeros', predictionsWith([...fair.slice(0, 6), 0, 0])],
    ['a class number that is none', predictionsWith(fair, { labels: Int32Array.from([0, 0, 1, 2]) })],
  ])('refuses %s', (_, predictions) => {
    const attempts = [
      () => measurePredictions(predictions), () => decideAt(predictions, 'COVID', 0.5),
      () => countPairs(predictions, 'COVID'), () => findMistakes(predictions),
      () => statistics.chooseOperatingPoint(predictions, { positive: 'COVID', rule: { name: 'youden' } }),
      () => statistics.scorePredictions(predictions), () => statistics.estimate(predictions, 'auc'),
      () => statistics.estimate(predictions, 'auc', { positive: 'COVID', interval: 'delong' }),
      () => statistics.tracePrecisionRecall(predictions, 'COVID'), () => statistics.traceRocBand(predictions, 'COVID'),
      () => statistics.compareAreas(predictions, predictions, 'COVID'),
      () => statistics.compareMetric(predictions, predictions, { metric: 'accuracy' }),
      () => statistics.measureCalibration(predictions), () => statistics.fitTemperature(predictions),
      () => statistics.applyTemperature({ temperature: 1, before: 1, after: 1, names: [], groups: [] }, predictions),
      () => statistics.traceDecisionCurve(predictions, 'COVID'),
      () => statistics.estimateBySubgroup(predictions, ['x', 'x', 'x', 'x'], 'accuracy'),
      () => statistics.chooseOperatingPoint(predictions, { positive: 'COVID', rule: { name: 'youden' } }),
    ]
    for (const attempt of attempts) expect(attempt).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })

  test('names the image and the class', () => {
    expect(() => measurePredictions(predictionsWith(changed(3, NaN)))).toThrow('NaN for the image b and the class normal')
  })

  test('refuses names or probabilities of other images', () => {
    for (const predictions of [predictionsWith(fair, { names: ['a'] }), predictionsWith(fair.slice(0, 6))])
      expect(() => measurePredictions(predictions)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }))
  })

  test('accepts probabilities that were rounded to three decimals', () => {
    const thirds = predictionsWith([0.333, 0.333, 0.333, 0.2, 0.3, 0.5, 0.1, 0.8, 0.1, 0, 0, 1], { classes: ['a', 'b', 'c'] })
    expect(measurePredictions(thirds).accuracy.value).toBeGreaterThan(0)
  })

  test('of a network of NaN: no activations, no statistics, nothing recognized', async () => {
    const refused = { code: 'bad-argument', expected: expect.stringContaining('weights are finite') }
    await expect(computeActivations(broken(), parts.test, 0, ['first_conv'])).rejects.toMatchObject(refused)
    await expect(reestimateStatistics(broken(), parts.train)).rejects.toMatchObject(refused)
    const network = imagenetNetwork({ width: 'quarter', size: 32 })
    const kernel = network.weights.get('conv1_conv/kernel')!
    const weights = new Map([...network.weights, ['conv1_conv/kernel', kernel.map(() => NaN)] as const])
    const picture = { width: 8, height: 8, channels: 1 as const, data: new Uint8Array(64) }
    await expect(recognize({ ...network, weights }, picture)).rejects.toMatchObject(refused)
  })

  test('of a network of NaN is refused, not 1', async () => {
    await expect(predict(broken(), parts.test)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(evaluate(broken(), parts.test)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
