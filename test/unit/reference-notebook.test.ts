import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { describeEngine, engineName } from '../../src/lib/engine/engine'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { readReferenceRows, recordReferenceRow, referenceFile } from '../../src/lib/experiments/plans/reference-notebook/recorded'
import { referenceExperiment, referenceNotebook, referenceRow } from '../../src/lib/experiments/plans/reference-notebook/plan'
import { runExperiment, type ExperimentControl } from '../../src/lib/experiments/run-experiment'
import { referenceConfig, referenceSplit } from '../../src/lib/papers/reference-notebook'
import { publishedRow, type ReferenceRow } from '../../src/lib/experiments/plans/reference-notebook/row'
import '../fixtures/one-thread'
import { temporaryFolder } from '../fixtures/temporary'

const measured: ReferenceRow = {
  start: 'random', width: 'half', epochs: 50, accuracy: 0.9, loss: 0.25, highestAccuracy: 0.91, lowestLoss: 0.24,
  auc: 0.96, minutes: 30.5, engine: 'TensorFlow 2.20.0, native', threads: 4, seed: 42, nearestNeighbour: 0.934,
}

const inFolder = temporaryFolder()

test('a results file holds the published line first, then each run once', async () => {
  const path = inFolder('rows.csv')
  expect(await readReferenceRows(path)).toEqual([publishedRow])
  await recordReferenceRow({ ...measured, accuracy: 0.8 }, path)
  await recordReferenceRow({ ...measured, start: 'fractal' }, path)
  await recordReferenceRow(measured, path)
  expect(await readReferenceRows(path)).toEqual([publishedRow, measured, { ...measured, start: 'fractal' }])
})

test('a comma in a cell and an unknown figure survive the file', async () => {
  const path = inFolder('more-rows.csv')
  await recordReferenceRow({ ...measured, auc: null }, path)
  expect(await readFile(path, 'utf8')).toContain('"TensorFlow 2.20.0, native"')
  expect((await readReferenceRows(path))[1]).toEqual({ ...measured, auc: null })
})

test('the protocol is the notebook’s: what steers it also judges it', async () => {
  const split = referenceSplit(await openPhantom({ patients: 10 }))
  expect(split.validation.indices).toEqual(split.test.indices)
  expect(split.seed).toBe(42)
  expect(referenceConfig({ epochs: 50, seed: 1 })).toMatchObject({
    epochs: 50, batch: 64, optimizer: { name: 'adam', rate: 0.003, epsilon: 0.1 },
    schedule: { name: 'plateau', watch: 'validationAccuracy', factor: 0.7, patience: 5, least: 1e-4 },
    augment: { rotation: 360, shift: 0.2, zoom: 0.2, horizontalFlip: true, verticalFlip: true },
  })
})

test('a cancelled run leaves no line; taken up again it ends as if it had never stopped', async () => {
  const run = { weights: 'none', width: 'quarter', epochs: 2, seed: 1 } as const
  const config = referenceExperiment(run, { name: 'phantom', phantom: { patients: 10 } })
  const carryOut = async (runs: string, control: ExperimentControl = {}) => {
    process.env.LAB_RUNS_FOLDER = inFolder(runs)
    const finished = await runExperiment(config, control)
    return finished && referenceRow(run, finished)
  }
  const straight = await carryOut('straight')
  const cancel = new AbortController()
  const onProgress = () => cancel.abort()
  expect(await carryOut('interrupted', { onProgress, signal: cancel.signal })).toBeNull()
  expect({ ...await carryOut('interrupted'), minutes: 0 }).toEqual({ ...straight, minutes: 0 })
  expect(straight).toMatchObject({ start: 'random', width: 'quarter', epochs: 2, seed: 1 })
})

test('the committed rows come out byte for byte when one is recorded again, and count as done', async () => {
  const committed = await readFile(referenceFile(), 'utf8'), path = inFolder('again.csv')
  await writeFile(path, committed)
  const rows = await readReferenceRows(path)
  await recordReferenceRow(rows[2], path)
  expect(await readFile(path, 'utf8')).toBe(committed)
  const plan = referenceNotebook()
  expect(plan.runs.map(({ name }) => name))
    .toEqual(['scratch-half-50-42', 'fractal-half-50-42', 'scratch-full-50-42', 'fractal-full-50-42'])
  const engines = new Set(rows.map(({ engine }) => engine))
  const done = engines.has(engineName(describeEngine())) ? plan.runs.map(({ name }) => name) : []
  expect((await plan.recorded()).map(({ name }) => name)).toEqual(done)
})
