/** A saved model whose facts cannot be true of it is refused, although its seal fits. */
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/lib/inference/evaluate'
import { LabError } from '../../src/lib/system/errors'
import { sha256 } from '../../src/lib/system/hash'
import { collectFacts } from '../../src/lib/training/saved/collect-facts'
import { describeModel, modelFrom, type DescribedModel } from '../../src/lib/weights/saved/description'
import type { SavedFacts } from '../../src/lib/weights/saved/saved-facts'
import { parameters } from '../../src/lib/model/architecture'
import { smallModel, smallSplit } from '../fixtures/small-model'

const model = smallModel(), split = smallSplit()
const shapes = new Map(parameters(model.architecture).map(({ name, shape }) => [name, shape]))
const arrays = new Map([...model.weights].map(([name, values]) => [name, { shape: shapes.get(name)!, values }]))
const evaluation = await evaluate(model, split.test, { positive: 'dark' })
const baselines = [{ baseline: 'majority class', accuracy: 0.5, low: 0.2, high: 0.8 }]
const facts: SavedFacts = { ...collectFacts(model, { split, evaluation, baselines, threshold: 0.3 }), card: sha256('card') }

/** The facts as JSON stores them, changed, sealed, and read again. */
function read(change: (facts: SavedFacts) => object): DescribedModel {
  const stored = JSON.parse(JSON.stringify(facts)) as SavedFacts
  const description = describeModel(model, model.weights, { ...stored, ...change(stored) } as SavedFacts)
  return modelFrom(JSON.parse(JSON.stringify(description)) as Record<string, unknown>, arrays, 'the file')
}

const judged = (change: object) => ({ evaluation }: SavedFacts) => ({ evaluation: { ...evaluation, ...change } })
const figure = (change: object) => ({ evaluation }: SavedFacts) => ({
  evaluation: {
    ...evaluation, figures: { ...evaluation!.figures, accuracy: { ...evaluation!.figures.accuracy, ...change } },
  },
})

describe('the facts of a saved model', () => {
  test('are read as they were saved', () => {
    expect(read(() => ({})).saved).toMatchObject({ positive: 'dark', threshold: 0.3, weights: facts.weights })
  })

  test.each<[string, (facts: SavedFacts) => object, RegExp]>([
    ['an accuracy of 17', figure({ value: 17 }), /figures\.accuracy\.value/],
    ['an interval from −1', figure({ low: -1 }), /figures\.accuracy\.low/],
    ['a baseline above 1', () => ({ baselines: [{ ...baselines[0], accuracy: 2 }] }), /baselines\.0\.accuracy/],
    ['an accuracy that the confusion matrix does not give', figure({ value: evaluation.accuracy.value === 0.25 ? 0.75 : 0.25 }),
      /accuracy of the confusion matrix/],
    ['a confusion matrix of one row', judged({ confusion: [[8, 0, 0]] }), /confusion matrix of 2 × 2.*rows of 3/],
    ['a confusion matrix of other images', judged({ confusion: [[8, 0], [0, 8]] }), /8 images in the confusion matrix.*16/],
    ['a judged class that is none', judged({ positive: 'cat' }), /positive class among the labels.*cat/],
    ['a threshold without a positive class', () => ({ positive: null }), /a threshold alone/],
    ['images of a class that is none', ({ data }) => ({ data: { ...data, images: { cat: 40 } } }), /classes among the labels.*cat/],
    ['the hash of other numbers', () => ({ weights: 'x' }), /SHA-256 of the numbers.*received x/],
  ])('with %s are refused', (_, change, words) => {
    expect(() => read(change)).toThrow(LabError)
    expect(() => read(change)).toThrow(words)
  })
})
