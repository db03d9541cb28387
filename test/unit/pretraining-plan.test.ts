import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import type { NetworkConfig } from '../../src/lib/experiments/config'
import { pretrainingComparison, transferExperiment, transferSplit } from '../../src/lib/experiments/plans/pretraining/plan'
import { readTransferRows, recordTransferRow, transferFile } from '../../src/lib/experiments/plans/pretraining/recorded'
import { splitOf } from '../../src/lib/experiments/split'
import { startModel } from '../../src/lib/experiments/start-model'
import { inProject } from '../../src/lib/system/project-root'
import { readProjectWeights } from '../../src/lib/weights/project-weights'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const dataset = openPhantom({ patients: 20, slicesPerPatient: 2, size: 64 })
const control = { folder: path('checkpoint'), onProgress: () => {}, countOf: () => () => {} }

describe('an experiment of the comparison', () => {
  const cache = inProject('.cache', 'experiments', 'fractals')
  // A seed that nobody else takes keeps the run's files in the cache apart.
  const made = () => (existsSync(cache) ? readdirSync(cache) : []).filter(name => name.startsWith('quarter-4-4-24-plain-40785-'))
  afterAll(() => { for (const name of made()) rmSync(join(cache, name), { recursive: true, force: true }) })

  test('starts from what fractals taught, or from scratch, with the same head', async () => {
    const { model, split } = transferExperiment({
      task: 'plain', classes: 4, images: 24, steps: 4, bits: 16, width: 'quarter', split: 'blocks', seed: 1,
    }, { name: 'phantom' })
    const network = model as NetworkConfig, images = splitOf(await dataset, split)
    const preparation = { ...network.preparation, seed: 40785 } as NetworkConfig['preparation']
    const learnt = (await startModel({ ...network, preparation }, images, 1, control))!
    const scratch = (await startModel({ ...network, preparation: null }, images, 1, control))!
    expect([scratch.model.start, learnt.model.start]).toEqual(['random', 'resnet50-fractal-quarter'])
    expect(learnt.model.weights.get('predictions/kernel')).toEqual(scratch.model.weights.get('predictions/kernel'))
    const { card, weights } = await readProjectWeights(join(cache, made()[0], 'weights-16-bits', 'resnet50-fractal-quarter.tensors'))
    expect(learnt.fractals).toEqual({ seconds: card.seconds, heldOutAccuracy: card.result.testAccuracy })
    const kernel = 'conv1_conv/kernel'
    expect(learnt.model.weights.get(kernel)).toEqual(weights.get(kernel)!.values)
    expect(learnt.model.weights.get(kernel)).not.toEqual(scratch.model.weights.get(kernel))
  })

  test.each(['random', 'blocks'] as const)('%s: a fifth is left for tests, a fifth of the rest validates', async kind => {
    const config = transferExperiment({
      task: 'none', classes: null, images: null, steps: null, bits: null, width: 'quarter', split: kind, seed: 1,
    }, { name: 'phantom' })
    expect(config.split).toEqual(transferSplit(kind))
    expect(config.evaluation.part).toBe('validation')
    const { train, validation, test: unseen } = splitOf(await dataset, config.split)
    const counts = [train, validation, unseen].map(({ indices }) => indices.length)
    // Of 40 images: 8, then a fifth of 32 as far as whole patients allow.
    expect(counts[2]).toBe(8)
    expect(Math.abs(counts[1] - 6.4)).toBeLessThan(2)
    expect(new Set([train, validation, unseen].flatMap(({ indices }) => [...indices])).size).toBe(40)
  })
})

test('the committed rows come out byte for byte when one is recorded again, and count as done', async () => {
  const committed = await readFile(transferFile(), 'utf8'), again = path('again.csv')
  writeFileSync(again, committed)
  const rows = await readTransferRows(again)
  await recordTransferRow(rows[5], again)
  expect(await readFile(again, 'utf8')).toBe(committed)
  const plans = ['quarter', 'half', 'full'].flatMap(width => [1, 2].map(seed =>
    pretrainingComparison({ width: width as 'quarter', seed })))
  const done = await Promise.all(plans.map(async plan => (await plan.recorded()).length))
  expect(done[0]).toBe(pretrainingComparison().runs.length)
  expect(done.reduce((sum, count) => sum + count, 0)).toBe(rows.length)
})
