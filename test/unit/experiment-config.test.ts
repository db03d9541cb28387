/** What an experiment's config may be, and what names its run. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openDataset } from '../../src/lib/data/registry'
import { completeExperiment, type ExperimentSettings } from '../../src/lib/experiments/config'
import { canonicalJson, runIdentity } from '../../src/lib/experiments/identity'
import { splitOf, trainingShare } from '../../src/lib/experiments/split'
import { inProject } from '../../src/lib/system/project-root'
import { tinyBaseline, tinyPhantom, tinyTraining } from '../fixtures/experiments'

describe('a config', () => {
  test('is complete: what is left out has its default', () => {
    expect(completeExperiment(tinyTraining)).toMatchObject({
      model: { weights: 'none', head: 'linear', dropout: 0, preparation: null }, freezing: 'all', linearProbe: null,
      training: { batch: 8, schedule: { name: 'constant' }, statistics: 'followed', keepBest: false },
      evaluation: { part: 'test', views: 'plain', baselines: [] }, seed: 1,
    })
    expect(completeExperiment({ ...tinyTraining, model: { kind: 'resnet50' } }).model)
      .toMatchObject({ weights: 'fractal', width: 'half', size: 64 })
  })

  const { model, training } = tinyTraining
  test.each([
    ['an unknown setting', { ...tinyTraining, frezing: 'head' }, /a setting of an experiment to be .*'frezing'.*Nearest: 'freezing'/],
    ['one within a setting', { ...tinyTraining, model: { ...model, widht: 'half' } },
      /a setting of model of an experiment.*'widht'.*Nearest: 'width'/],
    ['one deeper', { ...tinyTraining, training: { ...training, optimizer: { name: 'adam', rte: 1 } } },
      /a setting of training\.optimizer of an experiment.*'rte'.*Nearest: 'rate'/],
    ['a word that is none', { ...tinyTraining, freezing: 'conv6' }, /freezing of an experiment.*'conv6'.*Nearest: 'conv5'/],
    ['a kind of split that is none', { ...tinyTraining, split: { kind: 'groups', test: 0.2 } },
      /split\.kind of an experiment.*'groups'.*Nearest: 'group'/],
    ['a missing setting', { split: tinyTraining.split, model }, /data of an experiment to be object, received undefined/],
    ['a word for a number', { ...tinyTraining, seed: 'one' }, /seed of an experiment to be .*number/],
    ['a setting out of range', { ...tinyTraining, training: { ...training, epochs: 0 } }, /epochs.*received 0/],
    ['a network that learns nothing', { ...tinyTraining, training: undefined }, /either training or linearProbe, received neither/],
    ['a network that learns twice', { ...tinyTraining, linearProbe: { stages: ['conv3'] } }, /received both/],
    ['a baseline that trains', { ...tinyBaseline, training }, /a baseline without/],
    ['a probe that freezes', { ...tinyTraining, training: null, linearProbe: { stages: ['conv3'] }, freezing: 'head' },
      /without freezing/],
    ['fractals on top of fractals', { ...tinyTraining, model: { kind: 'resnet50', weights: 'fractal', preparation: {
      kind: 'fractals', steps: 1, classes: 2, images: 2 } } }, /weights 'none'/],
  ])('with %s is refused', (_, settings, message) => {
    expect(() => completeExperiment(settings)).toThrow(expect.objectContaining({ code: 'bad-argument' }) as Error)
    expect(() => completeExperiment(settings)).toThrow(message)
  })

  test('asks for a fold that there is', async () => {
    const split = { kind: 'folds', by: 'group', fold: 3, folds: 2 } as const
    const { split: complete } = completeExperiment({ ...tinyTraining, split })
    expect(() => splitOf({} as never, complete)).toThrow(/split\.fold.*from 1 to 2/)
  })
})

describe('the name of a run', () => {
  const nameOf = async (settings: ExperimentSettings) => {
    const dataset = await openDataset(settings.data.name, { phantom: settings.data.phantom })
    return (await runIdentity(completeExperiment(settings), dataset)).name
  }

  test('tells its settings, and is the same however they are written', async () => {
    const name = await nameOf(tinyTraining)
    expect(name).toMatch(/^phantom-none-quarter-all-group-seed1-[0-9a-f]{8}$/)
    const { training, model, ...rest } = tinyTraining
    expect(await nameOf({ training, seed: 1, freezing: 'all', model, ...rest })).toBe(name)
  })

  test.each<[string, ExperimentSettings]>([
    ['the seed', { ...tinyTraining, seed: 2 }],
    ['the rate', { ...tinyTraining, training: { ...tinyTraining.training!, optimizer: { name: 'adamw', rate: 2e-3 } } }],
    ['the images', { ...tinyTraining, data: { name: 'phantom', phantom: { ...tinyPhantom.phantom, seed: 2 } } }],
    ['the start weights', { ...tinyTraining, model: { kind: 'resnet50', weights: 'fractal', width: 'half', size: 32 } }],
  ])('is another when %s are others', async (_, settings) => {
    expect(await nameOf(settings)).not.toBe(await nameOf(tinyTraining))
  })

  test('equal values give equal text, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[{"d":1}]}')
  })
})

test('shares of training are those of the splits', async () => {
  const dataset = await openDataset('phantom', { phantom: { patients: 40, slicesPerPatient: 2, size: 64 } })
  for (const split of [
    { kind: 'random', validation: 0.2, test: 0.2, seed: 1 }, { kind: 'published', test: 0.2, seed: 1 },
    { kind: 'folds', by: 'random', fold: 1, folds: 5, validation: 0.1, seed: 1 },
  ] as const)
    expect(splitOf(dataset, split).train.indices.length / dataset.items.length).toBeCloseTo(trainingShare(split), 1)
})

test('the config in docs/experiments.md is one', () => {
  const [, json] = /```json\n([^]*?)```/.exec(readFileSync(inProject('docs', 'experiments.md'), 'utf8'))!
  expect(completeExperiment(JSON.parse(json))).toMatchObject({ freezing: 'conv5', training: { epochs: 8, batch: 64 } })
})
