/** One experiment from config to folder: what lies there, what it says, and that it is not computed twice. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDataset } from '../../src/lib/data/registry'
import { splitByGroup } from '../../src/lib/data/split/split'
import { completeExperiment } from '../../src/lib/experiments/config'
import { listRuns } from '../../src/lib/experiments/run-list'
import { ExperimentSession, runExperiment } from '../../src/lib/experiments/run-experiment'
import { readRun, removeRun, runFolder, runNames, type FinishedRun } from '../../src/lib/experiments/run-folder'
import { evaluate } from '../../src/lib/inference/evaluate'
import { freeze } from '../../src/lib/model/freeze'
import { withLock } from '../../src/lib/system/lock.mjs'
import { train } from '../../src/lib/training/train'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { tinyBaseline, tinyPhantom, tinyTraining } from '../fixtures/experiments'
import { temporaryFolder } from '../fixtures/temporary'

process.env.LAB_RUNS_FOLDER = temporaryFolder()('runs')
const settings = { ...tinyTraining, freezing: 'conv5' as const }

describe('a finished run', () => {
  let run: FinishedRun
  beforeAll(async () => { run = (await runExperiment(settings))! })

  test('has left its folder, and no checkpoint or lock', () => {
    expect(readdirSync(run.folder).sort()).toEqual([
      'config.json', 'environment.json', 'figures', 'history.csv', 'metrics.json', 'predictions.csv', 'split.csv',
    ])
    expect(readdirSync(join(run.folder, 'figures')).sort())
      .toEqual(['confusion-matrix.svg', 'learning-curves.svg', 'roc-curve.svg'])
  })

  test('says what training and evaluating by hand say, bit for bit', async () => {
    const dataset = await openDataset('phantom', { phantom: tinyPhantom.phantom })
    const split = splitByGroup(dataset, { validation: 0.25, test: 0.25, seed: 42 })
    const start = await resnet50({ classes: dataset.labels, weights: 'none', width: 'quarter', size: 32, seed: 1 })
    const { model, history } = await train(freeze(start, { through: 'conv4' }), split, { ...settings.training!, seed: 1 })
    const { predictions, accuracy, loss, perClass } = await evaluate(model, split.test)
    expect(run.evaluation.predictions).toEqual({ ...predictions, classes: [...predictions.classes] })
    expect(run.metrics).toMatchObject({ accuracy, loss, part: 'test', images: 6 })
    expect(run.evaluation.perClass[0].auc).toEqual(perClass[0].auc)
    const untimed = (epochs: typeof history) => epochs.map(epoch => ({ ...epoch, seconds: 0 }))
    expect(untimed(run.history)).toEqual(untimed(history))
    const lines = readFileSync(join(run.folder, 'split.csv'), 'utf8').trim().split('\r\n').slice(1)
    expect(lines.filter(line => line.endsWith(',test')).map(line => line.split(',')[0])).toEqual(predictions.names)
    expect(lines).toHaveLength(dataset.items.length)
  })

  test('says where it took place and what it cost', () => {
    expect(run.environment).toMatchObject({
      node: process.versions.node, threads: 2, weights: null, data: { name: 'phantom', grouping: 'patient' },
      revision: expect.stringMatching(/^[0-9a-f]{40}\+?$/) as string,
    })
    expect(run.environment.seconds).toBeGreaterThan(run.metrics.seconds)
    expect(run.environment.peakMemory).toBeGreaterThan(50e6)
    // 17 MB of weights and of the optimizer's averages: read and written at each epoch's end.
    expect(run.environment.peakDisk).toBeGreaterThan(1e6)
    expect(run.environment.traffic).toBeGreaterThan(run.environment.peakDisk!)
    expect(Date.parse(run.environment.started)).toBeLessThan(Date.now())
  })

  test('is not computed again: its result is read', async () => {
    const written = statSync(join(run.folder, 'metrics.json')).mtimeMs
    const again = await runExperiment(settings, { onProgress: () => { throw new Error('computes') } })
    expect(again).toEqual(run)
    expect(statSync(join(run.folder, 'metrics.json')).mtimeMs).toBe(written)
    expect(await new ExperimentSession().finished(completeExperiment(settings))).toEqual(run)
  })

  test('is refused where its folder holds another config, or a file is damaged', async () => {
    const path = join(run.folder, 'config.json'), config = readFileSync(path, 'utf8')
    writeFileSync(path, config.replace('"seed": 1', '"seed": 3'))
    await expect(runExperiment(settings)).rejects.toMatchObject({ code: 'damaged-file' })
    writeFileSync(path, config)
    const metrics = readFileSync(join(run.folder, 'metrics.json'), 'utf8')
    writeFileSync(join(run.folder, 'metrics.json'), metrics.replace('"loss"', '"lost"'))
    await expect(runExperiment(settings)).rejects.toMatchObject({ code: 'damaged-file' })
    expect((await listRuns()).rows.map(({ state }) => state)).toEqual(['damaged'])
    writeFileSync(join(run.folder, 'metrics.json'), metrics)
  })
})

test('a baseline, a probe and a validation part: each in a folder of its own, each listed', async () => {
  const before = runNames().length
  const session = new ExperimentSession()
  const baseline = (await runExperiment(tinyBaseline, { session }))!
  expect(baseline.history).toEqual([])
  expect(baseline.metrics).toMatchObject({ trainedParameters: null, fractals: null })
  const { training: _, ...network } = tinyTraining
  const probe = (await runExperiment({
    ...network, linearProbe: { stages: ['conv2', 'conv3'] },
    evaluation: { part: 'validation', positive: 'non-COVID', baselines: ['majority class'] },
  }, { session }))!
  expect(probe.metrics).toMatchObject({ part: 'validation', positive: 'non-COVID', trainedParameters: 2 * (64 + 128 + 1) })
  expect(probe.metrics.baselines.map(({ name, accuracy }) => [name, accuracy.value])).toEqual([['majority class', 0.5]])
  expect(runNames()).toHaveLength(before + 2)
  expect((await listRuns()).rows.map(({ state }) => state)).toEqual(Array(before + 2).fill('finished'))
  await removeRun(baseline.name)
  expect(existsSync(baseline.folder)).toBe(false)
  await expect(readRun(baseline.name)).rejects.toMatchObject({ code: 'bad-argument' })
})

test('a run that another process carries out is neither begun nor removed', async () => {
  const { name } = (await runExperiment(tinyBaseline))!
  const folder = runFolder(name)
  const metrics = readFileSync(join(folder, 'metrics.json'))
  await removeRun(name)
  await withLock(join(folder, 'running.lock'), async () => {
    await expect(runExperiment(tinyBaseline)).rejects.toThrow(/one process at a time/)
    writeFileSync(join(folder, 'config.json'), '{}')
    await expect(removeRun(name)).rejects.toThrow(/no process is carrying out/)
  }, { onBusy: 'refuse' })
  await removeRun(name)
  expect(metrics.length).toBeGreaterThan(0)
})

test('a run that another process carries out can be waited for, with a word, until a signal', async () => {
  const { name } = (await runExperiment(tinyBaseline))!
  const { metrics } = await readRun(name), lock = join(runFolder(name), 'running.lock')
  await removeRun(name)
  const notes: string[] = [], stop = new AbortController()
  const onProgress = ({ note }: { note: string }) => { notes.push(note) }
  let waiting!: ReturnType<typeof runExperiment>
  await withLock(lock, async () => {
    waiting = runExperiment(tinyBaseline, { whenUnderWay: 'wait', onProgress, signal: stop.signal })
    while (notes.length === 0) await pause(20)
    expect(notes).toEqual([`waiting for process ${process.pid}, which is carrying this run out`])
    stop.abort()
    expect(await waiting).toBeNull()
    waiting = runExperiment(tinyBaseline, { whenUnderWay: 'wait' })
    await pause(50)
  }, { onBusy: 'refuse' })
  expect((await waiting)!.metrics.accuracy).toEqual(metrics.accuracy)
})

test('cancelled before it begins, or with a class that the images do not have, leaves nothing', async () => {
  const names = runNames()
  await expect(runExperiment({ ...tinyTraining, seed: 8, evaluation: { positive: 'covid' } })).rejects.toThrow(/Nearest: 'COVID'/)
  await expect(runExperiment({ ...tinyTraining, seed: 8, split: { kind: 'given' } })).rejects.toThrow(/every image to have a part/)
  expect(await runExperiment({ ...tinyTraining, seed: 9 }, { signal: AbortSignal.abort() })).toBeNull()
  expect(runNames()).toEqual(names)
  expect(readdirSync(process.env.LAB_RUNS_FOLDER!).some(name => name.includes('seed8'))).toBe(false)
})
