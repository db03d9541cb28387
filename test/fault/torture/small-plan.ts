/** A plan of short runs that records a row for each, so that its end lies near its start. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { follow } from '../../../scripts/experiment/carry-out'
import { LiveTable } from '../../../scripts/experiment/live-table'
import { localCarrier } from '../../../src/lib/experiments/carriers/local'
import { completeExperiment } from '../../../src/lib/experiments/config'
import type { Plan } from '../../../src/lib/experiments/plan'
import { planState } from '../../../src/lib/experiments/plan-state'
import {
  readTransferRows, recordTransferRow, transferTable, type TransferRow,
} from '../../../src/lib/experiments/plans/pretraining/recorded'
import { ExperimentSession } from '../../../src/lib/experiments/run-experiment'
import { runFolder } from '../../../src/lib/experiments/run-folder'
import { sha256 } from '../../../src/lib/system/hash'
import { tinyBaseline, tinyTraining } from '../../fixtures/experiments'

const data = { name: 'phantom' as const, phantom: { patients: 8, slicesPerPatient: 2, size: 32 } }

/** A row of the table of pre-training, which needs no figures of its own. */
export function rowOf(task: string, seed: number, accuracy = 0.5, loss = 1): TransferRow {
  return {
    task, seed, classes: null, images: null, steps: null, bits: null, width: 'quarter', split: 'blocks', minutes: null,
    heldOutAccuracy: null, validationAccuracy: accuracy, validationLoss: loss,
  }
}

/** @param rows the path of the recorded rows @param kinds of runs: with a training, or baselines alone */
export function smallPlan(rows: string, kinds: 'with a training' | 'baselines' = 'with a training'): Plan {
  const training = completeExperiment({ ...tinyTraining, data })
  const baseline = completeExperiment({ ...tinyBaseline, data })
  const runs = [kinds === 'baselines' ? baseline : training, baseline, baseline]
    .map((config, i) => ({ name: `run ${i + 1}`, kind: config.model.kind, config: { ...config, seed: i + 1 } }))
  return {
    name: 'small', title: 'Small runs', runs, files: [rows],
    recorded: async () => (await readTransferRows(rows)).map(({ seed }) => ({ name: `run ${seed}`, seconds: null })),
    record: ({ run: { kind, config }, finished: { metrics } }) =>
      recordTransferRow(rowOf(kind, config.seed, metrics.accuracy.value, metrics.loss), rows),
    results: async () => transferTable(await readTransferRows(rows)),
  }
}

/** Carries a plan out as `npm run experiment -- PLAN` does. @throws where a run fails */
export async function carryOutPlan(plan: Plan, folder: string, workers: number): Promise<void> {
  process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
  const { left } = await planState(plan, plan.runs, new ExperimentSession())
  const carrier = localCarrier(workers), byName = new Map(plan.runs.map(run => [run.name, run]))
  await carrier.submit(left)
  const table = new LiveTable(left.length, 0), { signal } = new AbortController()
  const { faults } = await follow(plan, left, byName, carrier, table, signal)
  if (faults.length) throw new Error(faults.map(({ job, message }) => `${job}: ${message}`).join('\n'))
}

/** @returns a hash of a plan's rows, sorted, and of each run's predictions */
export async function hashOfRuns(plan: Plan, folder: string): Promise<string> {
  process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
  const all = await planState({ ...plan, recorded: async () => [] }, plan.runs, new ExperimentSession())
  const predictions = all.left.map(({ run }) => readFileSync(join(runFolder(run), 'predictions.csv'), 'utf8'))
  return sha256([readFileSync(plan.files[0], 'utf8').split('\n').sort().join('\n'), ...predictions].join('\n'))
}
