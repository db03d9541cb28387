/** The comparison of strategies: its plan, its runs at a tiny size, its records and what is made of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { openDataset } from '../../src/lib/data/registry'
import { presets } from '../../src/lib/training/presets'
import { expectedSeconds, measuredSpeed } from '../../src/lib/experiments/estimated-time'
import { chosenRuns } from '../../src/lib/experiments/plan'
import { strategyConfig, strategyResult, type StrategyRecipe } from '../../src/lib/experiments/plans/four-strategies/experiment'
import { fourStrategies, strategyPlan } from '../../src/lib/experiments/plans/four-strategies/plan'
import { readResults, recordStrategyResult, strategyFiles } from '../../src/lib/experiments/plans/four-strategies/recorded'
import { runExperiment, type ExperimentControl } from '../../src/lib/experiments/run-experiment'
import { splitOf as shareOut } from '../../src/lib/experiments/split'
import type { NetworkConfig } from '../../src/lib/experiments/config'
import { runName, type StrategyResult, type StrategyRun } from '../../src/lib/experiments/plans/four-strategies/strategy-run'
import '../fixtures/one-thread'
import { temporaryFolder } from '../fixtures/temporary'

const inFolder = temporaryFolder()
const data = { name: 'phantom', phantom: { patients: 20, slicesPerPatient: 3, size: 64 } }
const phantom = openDataset(data.name, { phantom: data.phantom })
const tiny: StrategyRecipe = {
  ...presets.best, train: { ...presets.best.train, epochs: 1, batch: 16 }, contrastive: { epochs: 1, batch: 8 },
}

/** The run's experiment in a runs folder of its own, and its rows; null where it was cancelled. */
async function carryOut(
  run: StrategyRun, { runs = 'runs', recipe = tiny, ...control }: ExperimentControl & { runs?: string; recipe?: StrategyRecipe } = {},
): Promise<StrategyResult | null> {
  process.env.LAB_RUNS_FOLDER = inFolder(runs)
  const finished = await runExperiment(strategyConfig(run, { data, recipe }), control)
  return finished && strategyResult(run, finished)
}

/** The images of a run. */
async function splitOf(run: Pick<StrategyRun, 'split' | 'fold' | 'seed'>) {
  return shareOut(await phantom, strategyConfig({ ...scratch, ...run }, { data }).split)
}

const scratch: StrategyRun =
  { strategy: 'scratch', weights: 'none', width: 'quarter', depth: 'all', split: 'blocks', fold: 2, seed: 1 }

describe('the plan', () => {
  const plan = strategyPlan('half')

  test('names every run once', () => {
    expect(new Set(plan.map(runName)).size).toBe(plan.length)
  })

  test.each(['scratch', 'frozen-features', 'fine-tuning', 'unsupervised'])('%s: five folds, three seeds', strategy => {
    const kinds = new Map<string, StrategyRun[]>()
    for (const run of plan.filter(one => one.strategy === strategy)) {
      const kind = `${run.weights} ${run.depth} ${run.split}`
      kinds.set(kind, [...kinds.get(kind) ?? [], run])
    }
    expect(kinds.size).toBeGreaterThan(0)
    for (const [kind, runs] of kinds)
      expect(runs.map(({ fold, seed }) => [fold, seed]), kind).toEqual(kind.endsWith('blocks')
        ? [[1, 1], [2, 1], [3, 1], [4, 1], [5, 1]] : [[null, 1], [null, 2], [null, 3]])
  })

  test('the comparison declared beforehand comes first of all that trains a network', () => {
    const networks = plan.filter(({ strategy }) => strategy !== 'baseline').slice(0, 10)
    expect(new Set(networks.map(({ strategy, depth, split }) => `${strategy} ${depth} ${split}`)))
      .toEqual(new Set(['fine-tuning all blocks', 'fine-tuning head blocks']))
  })

  test('a pattern chooses runs by name; one that fits none, or is none, is refused', () => {
    const { runs } = fourStrategies()
    expect(chosenRuns(runs, '^scratch.*fold3').map(({ name }) => name)).toEqual(['scratch-none-half-all-blocks-fold3-seed1'])
    expect(() => chosenRuns(runs, 'no such run')).toThrow(/bad-argument.*--dry/)
    expect(() => chosenRuns(runs, '(')).toThrow(/bad-argument/)
  })
})

test('every image is tested in one fold, and no group is torn', async () => {
  const dataset = await phantom
  const folds = await Promise.all([1, 2, 3, 4, 5].map(fold => splitOf({ split: 'blocks', fold, seed: 1 })))
  const tested = folds.flatMap(({ test: { indices } }) => indices)
  expect([...tested].sort((a, b) => a - b)).toEqual(dataset.items.map((_, i) => i))
  for (const { train, validation, test: held } of folds) {
    const groups = [train, validation, held].map(({ indices }) => new Set(indices.map(i => dataset.items[i].group)))
    expect(new Set(groups.flatMap(set => [...set])).size).toBe(groups.reduce((sum, { size }) => sum + size, 0))
  }
})

test('a random split is another for each seed, its shares the same as the folds’', async () => {
  const dataset = await phantom
  const [a, b] = await Promise.all([1, 2].map(seed => splitOf({ split: 'random', fold: null, seed })))
  expect(a.test.indices).not.toEqual(b.test.indices)
  expect([a.train, a.validation, a.test].map(({ indices }) => indices.length / dataset.items.length))
    .toEqual([0.72, 0.08, 0.2].map(share => expect.closeTo(share, 1)))
})

describe('a run', () => {
  const runs: readonly [string, Partial<StrategyRun>, number | null][] = [
    // 33 weights and 33 of a second class would be fitted, but a baseline is no network.
    ['baseline', { strategy: 'baseline', width: 'none', depth: 'histogram, logistic regression' }, null],
    // By hand from He et al. (2016), table 1, as for full width and 1,000 classes, where Keras counts 25,583,592.
    ['scratch', {}, 1_488_642],
    ['unsupervised', { strategy: 'unsupervised', weights: 'contrastive' }, 1_488_642],
  ]
  test.each(runs)('%s: figures of the test part, and counts by group that add up to them', async (_, change, trained) => {
    const run = { ...scratch, ...change }
    const { row, groups } = (await carryOut(run))!
    expect(row).toMatchObject({ ...run, trainedParameters: trained })
    const images = groups.reduce((sum, group) => sum + group.images, 0)
    expect(images).toBe((await splitOf(run)).test.indices.length)
    expect(row.accuracy).toBeCloseTo(groups.reduce((sum, group) => sum + group.correct, 0) / images, 12)
    expect(row.auc).toBeGreaterThanOrEqual(0)
    expect(row.auc).toBeLessThanOrEqual(1)
    expect(row.loss).toBeGreaterThan(0)
  })

  test('a cancelled run leaves nothing; taken up again it ends as if it had never stopped', async () => {
    const recipe = { ...tiny, train: { ...tiny.train, epochs: 2 } }
    const straight = (await carryOut(scratch, { recipe, runs: 'straight' }))!
    const cancel = new AbortController()
    const interrupted = { recipe, runs: 'interrupted' }
    const control = { signal: cancel.signal, onProgress: () => cancel.abort() }
    expect(await carryOut(scratch, { ...interrupted, ...control })).toBeNull()
    const resumed = (await carryOut(scratch, interrupted))!
    expect({ ...resumed.row, seconds: 0 }).toEqual({ ...straight.row, seconds: 0 })
    expect(resumed.groups).toEqual(straight.groups)
  })

  test('cancelled before it begins does not begin', async () => {
    const run: StrategyRun = { ...scratch, strategy: 'baseline', width: 'none', depth: 'majority class' }
    expect(await carryOut(run, { signal: AbortSignal.abort() })).toBeNull()
  })

  test('cancelled while statistics are measured reads no features', async () => {
    const run: StrategyRun =
      { ...scratch, strategy: 'frozen-features', weights: 'fractal-reestimated', width: 'half', depth: 'conv2' }
    const cancel = new AbortController()
    const notes: string[] = []
    const onProgress = ({ note }: { note: string }) => {
      notes.push(note)
      cancel.abort()
    }
    expect(await carryOut(run, { signal: cancel.signal, onProgress })).toBeNull()
    expect(notes).toEqual(['statistics of the training images'])
  })
})

test('records hold each run once, in the columns that were promised, and come back as they were', async () => {
  const files = { rows: inFolder('rows.csv'), groups: inFolder('groups.csv') }
  expect(await readResults(files)).toEqual([])
  const result = (seed: number, accuracy: number) => {
    const run: StrategyRun = { ...scratch, split: 'random', fold: null, seed }
    const counts = { group: 'COVID 1, "a"', label: 0, images: 4, correct: 4 * accuracy }
    const row = { ...run, accuracy, loss: 0.5, auc: 0.75, seconds: 12.5, trainedParameters: seed === 1 ? null : 66 }
    return { row, groups: [{ run: runName(run), ...counts }] }
  }
  for (const one of [result(1, 0.25), result(2, 0.5), result(1, 1)]) await recordStrategyResult(one, files)
  expect(await readResults(files)).toEqual([result(1, 1), result(2, 0.5)])
  expect((await readFile(files.rows, 'utf8')).split('\r\n')[0])
    .toBe('strategy,weights,width,depth,split,fold,seed,accuracy,loss,auc,seconds,trainedParameters')
})

test('the expected time grows with what trains, and is about what a run takes', async () => {
  const dataset = await phantom
  const expected = (depth: string) => {
    const config = strategyConfig({ ...scratch, strategy: 'fine-tuning', depth }, { data })
    return expectedSeconds(config, config.model as NetworkConfig, dataset, 1e9)
  }
  const depths = ['head', 'conv5', 'conv4', 'conv3', 'conv2', 'all'].map(expected)
  expect(depths).toEqual([...depths].sort((a, b) => a - b))
  // All layers: three times the forward pass.
  expect(depths[5] / depths[0]).toBeCloseTo(3, 6)
  expect(await measuredSpeed('quarter')).toBeGreaterThan(1e8)
})

describe('the committed rows', () => {
  const recorded = readFileSync(strategyFiles().rows, 'utf8'), groups = readFileSync(strategyFiles().groups, 'utf8')

  test('are all recognized as done: 200 at half width, and one at full', async () => {
    for (const [width, count] of [['half', 200], ['full', 1]] as const) {
      const plan = fourStrategies({ width })
      const names = new Set((await plan.recorded()).map(({ name }) => name))
      const networks = plan.runs.filter(({ config }) => config.model.kind === 'resnet50' || width === 'half')
      expect(networks.filter(({ name }) => names.has(name))).toHaveLength(count)
      expect(names.size).toBe(201)
    }
  })

  test('come out byte for byte when a row is recorded again; another row is not there before it is recorded', async () => {
    const files = { rows: inFolder('again.csv'), groups: inFolder('again-groups.csv') }
    writeFileSync(files.rows, recorded)
    writeFileSync(files.groups, groups)
    const results = await readResults(files)
    expect(results).toHaveLength(201)
    for (const result of [results[0], results[100], results[200]]) await recordStrategyResult(result, files)
    expect(readFileSync(files.rows, 'utf8')).toBe(recorded)
    expect(readFileSync(files.groups, 'utf8')).toBe(groups)
    const { row, groups: counts } = results[100]
    const better = { row: { ...row, accuracy: 1 }, groups: counts.map(one => ({ ...one, correct: one.images })) }
    await recordStrategyResult(better, files)
    expect(await readResults(files)).toEqual(results.map((one, i) => (i === 100 ? better : one)))
  })
})
