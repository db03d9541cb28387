import { describe, expect, test } from 'vitest'
import { confusionMatrixAndRoc } from '../../src/lib/notebook/exercises/confusion-matrix-and-roc'
import type { Exercises } from '../../src/lib/notebook/exercises/exercise'
import { fineTune } from '../../src/lib/notebook/exercises/fine-tune'
import { freezeTheLayers } from '../../src/lib/notebook/exercises/freeze-the-layers'
import { freeze } from '../../src/lib/model/freeze'
import { verdict } from '../../src/lib/notebook/check'
import { resnet50 } from '../../src/lib/weights/resnet50'

const state = (exercises: Exercises, name: string, answer: unknown) => verdict(exercises, name, answer).state

describe('04', () => {
  test.each([
    ['a head’s numbers', 6147, 6144],
    ['one step of a moving average', (old: number, now: number, m: number) => m * old + (1 - m) * now, (old: number) => old],
    ['steps until half is forgotten', 7, 6],
    ['steps until half is forgotten', 7, 8],
  ])('%s', (name, right, wrong) => {
    expect(state(freezeTheLayers, name, right)).toBe('right')
    expect(state(freezeTheLayers, name, wrong)).toBe('wrong')
  })

  test('at most a million numbers train', async () => {
    const model = await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'half' })
    const layers = (rule: RegExp) => [...new Set([...model.weights.keys()].map(key => key.split('/')[0]))].filter(l => !rule.test(l))
    const name = 'at most a million numbers train'
    expect(state(freezeTheLayers, name, freeze(model, { through: 'conv4' }))).toBe('wrong')
    expect(state(freezeTheLayers, name, freeze(model, { through: 'conv5' }))).toBe('wrong')
    expect(state(freezeTheLayers, name, freeze(model, { layers: layers(/^conv5_block3_[23]|^predictions/) }))).toBe('right')
    expect(state(freezeTheLayers, name, {})).toBe('wrong')
  })
})

describe('05', () => {
  const config = {
    epochs: 5, optimizer: { name: 'adamw', rate: 1e-3 }, schedule: { name: 'one-cycle' },
    augment: { horizontalFlip: true }, keepBest: true,
  } as const
  test.each([
    ['steps of the reference protocol', 1550, 31],
    ['reductions until the rate is below .001', 4, 3],
    ['reductions until the rate is below .001', 4, 5],
    ['a configuration of your own', config, { ...config, keepBest: false }],
    ['a configuration of your own', config, { ...config, epochs: 0 }],
    ['a configuration of your own', config, { epochs: 1 }],
    ['a configuration of your own', config, { ...config, augment: { verticalFlip: true } }],
    ['a configuration of your own', config, { ...config, augment: undefined }],
    ['a configuration of your own', config, { ...config, schedule: undefined }],
  ])('%s', (name, right, wrong) => {
    expect(state(fineTune, name, right)).toBe('right')
    expect(state(fineTune, name, wrong)).toBe('wrong')
  })

  test('when early stopping stops', () => {
    const stops = (losses: number[], patience: number) => {
      const best = (upTo: number) => losses.slice(0, upTo).reduce((at, loss, i) => (loss < losses[at] ? i : at), 0)
      const at = losses.findIndex((_, i) => i - best(i + 1) >= patience)
      return at < 0 ? losses.length : at + 1
    }
    expect(state(fineTune, 'when early stopping stops', stops)).toBe('right')
    expect(state(fineTune, 'when early stopping stops', (losses: number[]) => losses.length)).toBe('wrong')
  })
})

describe('06', () => {
  const pairs = (tie: number) => (positive: number[], negative: number[]) => {
    const wins = positive.flatMap(p => negative.map(n => (p > n ? 1 : p === n ? tie : 0)))
    return wins.reduce((sum: number, win) => sum + win, 0) / wins.length
  }
  test.each([
    ['sensitivity from counts', (tp: number, _fp: number, fn: number) => tp / (tp + fn), (tp: number, fp: number) => tp / (tp + fp)],
    ['false alarms among a thousand', 99, 100],
    ['positive predictive value', (s: number, t: number, p: number) => s * p / (s * p + (1 - t) * (1 - p)), (s: number) => s],
    ['area by counting pairs', pairs(0.5), pairs(0)],
  ])('%s', (name, right, wrong) => {
    expect(state(confusionMatrixAndRoc, name, right)).toBe('right')
    expect(state(confusionMatrixAndRoc, name, wrong)).toBe('wrong')
  })
})
