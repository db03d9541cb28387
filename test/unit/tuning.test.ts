/** Learning rates found, fine-tuning in one call, settings recommended. */
import { describe, expect, test } from 'vitest'
import { recommendations } from '../../src/lib/display/result-tables'
import { learningRateChart } from '../../src/lib/display/figures/learning-rate-chart'
import type { Dataset } from '../../src/lib/data/dataset'
import type { Split } from '../../src/lib/data/split/split'
import { tensorCount } from '../../src/lib/engine/engine'
import { unfreeze } from '../../src/lib/model/freeze'
import { adviceOn } from '../../src/lib/training/advice'
import { findLearningRate, suggest, type SweepPoint } from '../../src/lib/training/find-learning-rate'
import { fineTune, fineTuneConfigs, type FineTuneOptions } from '../../src/lib/training/fine-tune'
import { recommend } from '../../src/lib/training/recommend'
import { train } from '../../src/lib/training/train'
import { freeze } from '../../src/lib/model/freeze'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const parts = smallSplit(), inFolder = temporaryFolder()

describe('findLearningRate', () => {
  test('rises exponentially from the least rate to the greatest; the model does not change', async () => {
    const model = smallModel(), before = tensorCount()
    const weights = [...model.weights.values()].map(values => values.slice())
    const sweep = { least: 1e-5, greatest: 1e-3, steps: 11, batch: 8 }
    const { points, ended } = await findLearningRate(model, parts.train, sweep)
    expect(ended).toBe('finished')
    points.forEach(({ rate }, i) => expect(rate).toBeCloseTo(1e-5 * 100 ** (i / 10), 12))
    expect([...model.weights.values()]).toEqual(weights)
    expect(tensorCount()).toBe(before)
  })

  test('smooths as fastai does: an exponential average, corrected for its start', async () => {
    const { points } = await findLearningRate(smallModel(), parts.train, { steps: 10, batch: 8 })
    expect(points[0].smoothed).toBeCloseTo(points[0].loss, 12)
    expect(points[1].smoothed).toBeCloseTo((0.98 * 0.02 * points[0].loss + 0.02 * points[1].loss) / (1 - 0.98 ** 2), 12)
  })

  test('takes the steps of train: the first loss is that of the first batch of an epoch', async () => {
    const { points: [first] } = await findLearningRate(smallModel(), parts.train, { steps: 10, batch: 24 })
    const { history } = await train(smallModel(), parts, { epochs: 1, batch: 24, optimizer: { name: 'sgd', rate: 0 } })
    expect(first.loss).toBeCloseTo(history[0].loss, 6)
  })

  test('ends where the loss rises', async () => {
    const found = await findLearningRate(smallModel(), parts.train, { least: 1e-3, greatest: 100, steps: 60, batch: 8, optimizer: 'sgd' })
    expect(found.ended).toBe('rising')
    expect(found.points.length).toBeLessThan(60)
    expect(found.points.every(({ loss, smoothed }) => Number.isFinite(loss + smoothed))).toBe(true)
  })

  test('returns what it found when it is stopped', async () => {
    const stop = new AbortController()
    const found = await findLearningRate(smallModel(), parts.train,
      { steps: 10, batch: 8, signal: stop.signal, onProgress: done => { if (done === 3) stop.abort() } })
    expect(found).toMatchObject({ ended: 'cancelled', points: { length: 3 } })
  })

  const points = (losses: readonly number[]): SweepPoint[] =>
    losses.map((smoothed, i) => ({ rate: 10 ** (i - 5), loss: smoothed, smoothed }))

  test('suggests a tenth of the rate with the lowest loss; nothing where the loss never fell', () => {
    expect(suggest(points([0.7, 0.6, 0.4, 0.3, 0.9]))).toBeCloseTo(1e-3, 12)
    expect(suggest(points([0.7, 0.695, 0.9]))).toBeNull()
    expect(suggest([])).toBeNull()
  })

  test.each([
    [{ least: 0 }, 'least'], [{ least: 1, greatest: 0.5 }, 'greatest to be above least'], [{ steps: 5 }, 'steps'],
    [{ batch: 100 }, 'at most as many images'], [{ optimizer: 'rmsprop' }, 'optimizer'], [{ lowest: 1 }, 'lowest: did you mean'],
  ])('refuses %o', async (options, message) => {
    await expect(findLearningRate(smallModel(), parts.train, options as object)).rejects.toThrow(message)
  })

  test('is drawn with its suggestion, or says that there is none', () => {
    const found = { points: points([0.7, 0.6, 0.4, 0.3, 0.9]), suggestion: 1e-3, ended: 'rising' as const }
    const { svg, alt } = learningRateChart(found)
    expect(alt).toContain('Suggested: 0.001')
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(learningRateChart({ ...found, suggestion: null }).alt).toContain('no rate is suggested')
  })
})

describe('fineTune', () => {
  const options: FineTuneOptions = { headEpochs: 1, epochs: 2, batch: 8, seed: 3 }

  test('is the head alone, then all layers at falling rates: the bits of two calls of train', async () => {
    const tuned = await fineTune(smallModel(), parts, options)
    const { head, all } = fineTuneConfigs(options)
    const first = await train(freeze(smallModel(), { through: 'conv2' }), parts, head)
    const second = await train(unfreeze(first.model), parts, all)
    expect(tuned.model.weights).toEqual(second.model.weights)
    expect(tuned.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    const losses = [first, second].flatMap(run => run.history.map(({ loss }) => loss))
    expect(tuned.history.map(({ loss }) => loss)).toEqual(losses)
    expect(tuned.best!.validationLoss).toBe(second.best!.validationLoss)
    expect(tuned.best!.epoch).toBe(second.best!.epoch + 1)
    expect(first.model.weights.get('up_conv/kernel')).toEqual(smallModel().weights.get('up_conv/kernel'))
  })

  test('has half the rate in the second phase, and rates that fall from the head to the stem', () => {
    const { head, all } = fineTuneConfigs({ rate: 0.01, stageFactor: 2, labelSmoothing: 0.1 })
    expect(head).toMatchObject({ epochs: 2, labelSmoothing: 0.1, optimizer: { name: 'adamw', rate: 0.01 } })
    const stageRates = { head: 1, conv5: 0.5, stem: 1 / 32 }
    expect(all).toMatchObject({ epochs: 8, optimizer: { rate: 0.005, stageRates } })
  })

  test('tells its phases, and resumes each from a folder of its own', async () => {
    const phases = new Set<string>(), checkpoint = { folder: inFolder('fine-tune') }
    const control = { checkpoint, onProgress: (_: unknown, phase: string) => phases.add(phase) }
    const first = await fineTune(smallModel(), parts, options, control)
    expect([...phases]).toEqual(['head', 'all layers'])
    const again = await fineTune(smallModel(), parts, options, { checkpoint })
    expect(again.model.weights).toEqual(first.model.weights)
  })

  test('stopped in the first phase it returns what the head has learnt, and freezes nothing', async () => {
    const stop = new AbortController()
    const control = { signal: stop.signal, onProgress: () => stop.abort() }
    const { stopped, phases, model } = await fineTune(smallModel(), parts, options, control)
    expect(stopped).toBe('cancelled')
    expect(phases['all layers']).toBeUndefined()
    expect(model.frozen.size).toBe(0)
  })

  test('refuses options of train that it sets itself, and misspelt ones', async () => {
    for (const wrong of [{ optimizer: { name: 'adam', rate: 1 } }, { headEpoch: 1 }, { rate: 0 }, { epochs: 0 }])
      await expect(fineTune(smallModel(), parts, wrong as FineTuneOptions)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

describe('recommend', () => {
  /** A set whose test images cannot be read. */
  function guarded(): Split {
    const dataset: Dataset = smallDataset(60), split = smallSplit(dataset)
    const tested = new Set(split.test.indices)
    const read = (index: number) => {
      if (tested.has(index)) throw new Error(`image ${index} of the test part was read`)
      return dataset.read(index)
    }
    const closed = { ...dataset, contentHash: 'a set with a closed test part', read }
    return {
      ...split, dataset: closed, train: { ...split.train, dataset: closed },
      validation: { ...split.validation, dataset: closed },
      test: { ...split.test, dataset: closed },
    }
  }

  test('tries heads on each stage and trained layers, without reading one image of the test part', async () => {
    const notes: string[] = []
    const found = await recommend(guarded(), {
      weights: 'none', width: 'quarter', sizes: [32], steps: 2, batch: 16, onProgress: (_done, _count, note) => notes.push(note),
    })
    expect(found.rows).toHaveLength(6 + 2)
    expect(found.rows.map(({ trains }) => trains).sort()).toEqual([...new Array(1).fill('conv5 and head'), 'head', ...new Array(6).fill('linear head')])
    expect(found.rows.map(({ loss }) => loss)).toEqual(found.rows.map(({ loss }) => loss).sort((a, b) => a - b))
    expect(found.best).toBe(found.rows[0])
    expect(found.advice).toMatch(/^Begin with: .* The test part was not read\.$/)
    expect(notes).toEqual(['linear heads at 32 pixels', 'head, trained at 32 pixels', 'conv5 and head, trained at 32 pixels', 'done'])
    const table = recommendations(found)
    expect(table.rows).toHaveLength(8)
    expect(table.note).toContain('judge it once on the test part')
  })

  test('advises by loss, and says which accuracies overlap and which is the highest', () => {
    const row = (setting: string, accuracy: number, reach = 0.04) =>
      ({ setting, accuracy, low: accuracy - reach, high: accuracy + reach })
    const begin = 'Begin with: first, which has the lowest loss.', end = 'The test part was not read.'
    expect(adviceOn([row('first', 0.8), row('second', 0.75), row('third', 0.85), row('fourth', 0.6)])).toBe(`${begin} The accuracy `
      + 'interval of this setting overlaps those of 2 of the 3 others; only a paired comparison could tell them apart. Another '
      + `setting has the highest accuracy, 85.0 %: third. ${end}`)
    expect(adviceOn([row('first', 0.8), row('second', 0.9)])).toBe(`${begin} The accuracy interval of this setting overlaps no `
      + `other. Another setting has the highest accuracy, 90.0 %, in an interval above that of this setting: second. ${end}`)
    expect(adviceOn([row('first', 0.8), row('second', 0.7)]))
      .toBe(`${begin} The accuracy intervals of all others lie below that of this setting. ${end}`)
    expect(adviceOn([row('first', 0.8, NaN), row('second', 0.7)]))
      .toBe(`${begin} Not all accuracies have intervals: how sure their order is remains open. ${end}`)
    expect(adviceOn([row('first', 0.8)])).toBe(`${begin} ${end}`)
  })

  test('refuses a split whose validation part is its test part', async () => {
    const split = guarded()
    await expect(recommend({ ...split, validation: split.test })).rejects.toThrow('validation and test parts that share images')
  })

  test.each([[{ sizes: [] }, 'image sizes'], [{ sizes: 64 }, 'image sizes'], [{ sizes: [16] }, 'size'], [{ size: 64 }, 'size: did you mean sizes?']])(
    'refuses %o', async (options, message) => {
      await expect(recommend(guarded(), options as object)).rejects.toThrow(message)
    })
})
