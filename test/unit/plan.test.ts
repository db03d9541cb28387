/**
 * Plans: which of their runs are done, what the rest is expected to cost, who carries them out, and how runs compare.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { localCarrier, requireMemoryFor, threadsOf } from '../../src/lib/experiments/carriers/local'
import { completeExperiment, type ExperimentConfig } from '../../src/lib/experiments/config'
import { estimatedMemory } from '../../src/lib/experiments/estimated-memory'
import { expectedCosts, measuredCostsOf, type CostSources, type MeasuredRun } from '../../src/lib/experiments/expected-cost'
import type { Plan } from '../../src/lib/experiments/plan'
import { planState } from '../../src/lib/experiments/plan-state'
import { readPlan } from '../../src/lib/experiments/plans/plan-file'
import { fourStrategies } from '../../src/lib/experiments/plans/four-strategies/plan'
import { compareFinished } from '../../src/lib/experiments/run-comparison'
import { ExperimentSession } from '../../src/lib/experiments/run-experiment'
import { readRun, runFiles, runFolder } from '../../src/lib/experiments/run-folder'
import { writeTensorboard } from '../../src/lib/experiments/tensorboard'
import { withLock } from '../../src/lib/system/lock.mjs'
import { tinyBaseline, tinyTraining } from '../fixtures/experiments'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
process.env.LAB_RUNS_FOLDER = folder('runs')
const broken = { ...tinyBaseline, split: { kind: 'given' } }
const experiments = { baseline: tinyBaseline, training: tinyTraining, broken }

describe('a plan in a file', () => {
  let plan: Plan
  const session = new ExperimentSession()
  beforeAll(async () => {
    writeFileSync(folder('tiny.json'), JSON.stringify({ title: 'Tiny', experiments }))
    plan = await readPlan(folder('tiny.json'))
  })

  test('names its runs; one with an experiment that cannot be is refused', async () => {
    expect([plan.name, plan.title, plan.runs.map(({ name }) => name)]).toEqual(['tiny', 'Tiny', Object.keys(experiments)])
    writeFileSync(folder('wrong.json'), JSON.stringify({ title: 'Wrong', experiments: { one: { ...tinyBaseline, sede: 1 } } }))
    await expect(readPlan(folder('wrong.json'))).rejects.toThrow(/Nearest: 'seed'/)
    writeFileSync(folder('wrong.json'), JSON.stringify({ experiments: {} }))
    await expect(readPlan(folder('wrong.json'))).rejects.toMatchObject({ code: 'damaged-file' })
  })

  test('is carried out run by run; one that fails does not keep the others from ending', async () => {
    const { left, done } = await planState(plan, plan.runs, session)
    expect([done.length, left.map(({ name }) => name)]).toEqual([0, Object.keys(experiments)])
    const carrier = localCarrier()
    carrier.submit(left)
    const events: string[] = []
    for await (const event of carrier.watch()) if (event.kind !== 'progress') events.push(`${event.kind} ${event.job}`)
    expect(events).toEqual([
      'started baseline', 'finished baseline', 'started training', 'finished training', 'started broken', 'failed broken',
    ])
    expect((await carrier.collect(left[1]))!.history).toHaveLength(2)
    expect(await carrier.collect(left[2])).toBeNull()
    const after = await planState(plan, plan.runs, session)
    expect([after.done.map(({ name }) => name), after.left.map(({ name }) => name)]).toEqual([['baseline', 'training'], ['broken']])
    const finished = await readRun(left[1].run)
    expect((await plan.results([{ run: plan.runs[1], finished }])).rows)
      .toMatchObject([{ run: 'training', accuracy: finished.metrics.accuracy.value, part: 'test' }])
  })

  test('begins the runs that nobody carries out, and waits for the others, with a word', async () => {
    const [first, second] = [{ ...tinyBaseline, seed: 5 }, { ...tinyBaseline, seed: 6 }].map(completeExperiment)
    const runs = [first, second].map(config => ({ name: `seed ${config.seed}`, kind: 'baseline', config }))
    const { left } = await planState({ ...plan, runs }, runs, session)
    const carrier = localCarrier(), events: string[] = []
    await withLock(join(runFolder(left[0].run), runFiles.lock), async () => {
      await carrier.submit(left)
      for await (const event of carrier.watch()) {
        events.push(event.kind === 'progress' ? event.progress.note : `${event.kind} ${event.job}`)
        if (events.at(-1)!.startsWith('waiting')) break
      }
    }, { onBusy: 'refuse' })
    for await (const { kind, job } of carrier.watch()) events.push(`${kind} ${job}`)
    expect(events).toEqual([
      'started seed 6', 'finished seed 6', 'started seed 5',
      `waiting for process ${process.pid}, which is carrying this run out`, 'finished seed 5',
    ])
  })

  test('cancelled, begins no further run', async () => {
    const carrier = localCarrier()
    carrier.cancel()
    carrier.submit((await planState(plan, plan.runs, session)).left)
    const events = []
    for await (const event of carrier.watch()) events.push(event)
    expect(events).toEqual([])
  })

  test('its runs compare: settings that differ, metrics, the difference on the same images, curves', async () => {
    const names = (await planState(plan, plan.runs, session)).done.map(({ config }) => session.finished(config))
    const runs = (await Promise.all(names)).map(run => run!)
    const { settings, metrics, differences, curves } = compareFinished(runs)
    expect(settings.rows).toContainEqual({ setting: 'model.kind', 'run 1': 'baseline', 'run 2': 'resnet50' })
    expect(settings.rows.map(({ setting }) => setting)).not.toContain('seed')
    expect(metrics.rows.map(({ loss }) => loss)).toEqual(runs.map(run => run.metrics.loss))
    // Two patients are too few for an interval.
    expect(differences.rows).toEqual([{ runs: '2 minus 1', difference: expect.stringMatching(/points$/) as string }])
    expect(curves!.svg).toContain(runs[1].name)
    expect(await writeTensorboard(runs[1])).toMatch(/tfevents/)
  })
})

describe('expected costs', () => {
  const { runs } = fourStrategies({ data: 'phantom' })
  const dataset = { contentHash: 'images', items: { length: 1000 } }
  const sources: CostSources = {
    datasetOf: async () => dataset as never, threads: 2, measured: [], recorded: [], speed: async () => 1e9,
  }
  const measured = (config: ExperimentConfig, more: Partial<MeasuredRun> = {}): MeasuredRun =>
    ({ config, data: 'images', seconds: 100, threads: 2, peakMemory: 1e9, disk: 1e5, peakDisk: 9e6, traffic: 5e7, ...more })
  const tuned = runs.filter(({ kind }) => kind === 'fine-tuning-fractal-half-all-blocks')
  const cost = async (change: Partial<CostSources>) =>
    (await expectedCosts([tuned[0]], runs, { ...sources, ...change }))[0]

  test('are those of measured runs that differ in fold and seed only: time by threads, the most memory', async () => {
    const others = [measured(tuned[1].config), measured(tuned[2].config, { seconds: 300, peakMemory: 2e9 })]
    expect(await cost({ measured: others })).toEqual({ seconds: 200, memory: 2e9 })
    expect(await cost({ measured: others, threads: 1 })).toEqual({ seconds: 400, memory: 2e9 })
  })

  test('other images tell of memory, not of time; recorded rows tell of time', async () => {
    const other = measured(tuned[1].config, { data: 'others' }), recorded = [{ name: tuned[3].name, seconds: 70 }]
    expect(await cost({ measured: [other], recorded })).toEqual({ seconds: 70, memory: 1e9 })
    expect(await cost({ recorded: [{ name: runs[0].name, seconds: 70 }] })).toMatchObject({ memory: null })
  })

  test('measured alone, are unknown where nothing was measured', async () => {
    const one = measured(tuned[1].config, { traffic: null })
    expect(await measuredCostsOf([tuned[0], runs[0]], runs, { ...sources, measured: [one] })).toEqual([
      { seconds: 100, memory: 1e9, disk: 1e5, peakDisk: 9e6, traffic: null },
      { seconds: null, memory: null, disk: null, peakDisk: null, traffic: null },
    ])
  })

  test('are estimated from the network where nothing is measured', async () => {
    const { seconds } = await cost({})
    expect(seconds).toBeGreaterThan(0)
    expect((await cost({ speed: async () => 2e9 })).seconds).toBeCloseTo(seconds / 2, 6)
    const [baseline] = await expectedCosts([runs[0]], runs, { ...sources, speed: () => Promise.reject(new Error('asked')) })
    expect(baseline).toEqual({ seconds: 5, memory: null })
  })
})

test('workers share the threads; impossible numbers of them are refused', () => {
  expect([1, 2, 3].map(threadsOf)).toEqual([2, 1, 1])
  expect(localCarrier(2).description).toBe('2 runs at a time, each a process on 1 thread')
  for (const workers of [0, 1.5, 65]) expect(() => localCarrier(workers)).toThrow(/workers/)
})

test('runs at a time that need more memory than is free are refused before the first one begins', () => {
  const jobs = ['a', 'b', 'c'].map(name => ({ name, run: name, config: completeExperiment(tinyTraining) }))
  const need = estimatedMemory(jobs[0].config)
  expect(() => requireMemoryFor(jobs, 2, 1.5 * need)).toThrow('too-large: expected 2 runs at a time to fit into')
  expect(() => requireMemoryFor(jobs, 2, 2.1 * need)).not.toThrow()
  expect(() => requireMemoryFor(jobs, 1, 0)).not.toThrow()
  expect(estimatedMemory(completeExperiment(tinyBaseline))).toBeLessThan(need)
})
