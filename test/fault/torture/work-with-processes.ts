/** Kinds of work that several processes carry out. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { follow } from '../../../scripts/experiment/carry-out'
import { LiveTable } from '../../../scripts/experiment/live-table'
import { openDataset } from '../../../src/lib/data/registry'
import { localCarrier } from '../../../src/lib/experiments/carriers/local'
import { completeExperiment } from '../../../src/lib/experiments/config'
import type { Plan, PlannedRun } from '../../../src/lib/experiments/plan'
import { planState } from '../../../src/lib/experiments/plan-state'
import { readTransferRows, recordTransferRow, transferTable } from '../../../src/lib/experiments/plans/pretraining/recorded'
import { ExperimentSession } from '../../../src/lib/experiments/run-experiment'
import { runFolder } from '../../../src/lib/experiments/run-folder'
import { writeFileAtomic } from '../../../src/lib/system/files'
import { sha256 } from '../../../src/lib/system/hash'
import { tinyBaseline, tinyTraining } from '../../fixtures/experiments'
import { makeZip } from '../../fixtures/zip'
import { pictures } from './pictures'

const data = { name: 'phantom' as const, phantom: { patients: 8, slicesPerPatient: 2, size: 32 } }

/** Short runs, so that a plan's end lies near its start. */
function plannedRuns(): PlannedRun[] {
  const training = completeExperiment({ ...tinyTraining, data })
  const baseline = completeExperiment({ ...tinyBaseline, data })
  return [training, baseline, baseline]
    .map((config, i) => ({ name: `run ${i + 1}`, kind: config.model.kind, config: { ...config, seed: i + 1 } }))
}

/** A plan that records a row for each run. */
export function smallPlan(rows: string): Plan {
  const runs = plannedRuns()
  return {
    name: 'small', title: 'Small runs', runs, files: [rows],
    recorded: async () => (await readTransferRows(rows)).map(({ seed }) => ({ name: `run ${seed}`, seconds: null })),
    record: ({ run, finished }) => recordTransferRow({
      task: run.kind, classes: null, images: null, steps: null, bits: null, width: 'quarter', split: 'group',
      minutes: null, heldOutAccuracy: null, seed: run.config.seed,
      validationAccuracy: finished.metrics.accuracy.value, validationLoss: finished.metrics.loss,
    }, rows),
    results: async () => transferTable(await readTransferRows(rows)),
  }
}

/**
 * Carries a plan out with two workers, as `npm run experiment -- PLAN --workers 2` does.
 * @returns a hash of the rows, sorted, and of each run's predictions
 */
export async function planOfTwoWorkers(folder: string): Promise<string> {
  process.env.LAB_RUNS_FOLDER = join(folder, 'runs')
  const rows = join(folder, 'rows.csv'), plan = smallPlan(rows), session = new ExperimentSession()
  const { left } = await planState(plan, plan.runs, session)
  const carrier = localCarrier(2)
  await carrier.submit(left)
  const byName = new Map(plan.runs.map(run => [run.name, run]))
  const table = new LiveTable(left.length, 0), { signal } = new AbortController()
  const { faults } = await follow(plan, left, byName, carrier, table, signal)
  if (faults.length) throw new Error(faults.map(({ job, message }) => `${job}: ${message}`).join('\n'))
  const all = await planState({ ...plan, recorded: async () => [] }, plan.runs, session)
  const predictions = all.left.map(({ run }) => readFileSync(join(runFolder(run), 'predictions.csv'), 'utf8'))
  return sha256([readFileSync(rows, 'utf8').split('\n').sort().join('\n'), ...predictions].join('\n'))
}

/** Imports a zip with `npm run data`, whose bundle lies beside this one. @returns a hash of the set */
export async function zipByCommand(folder: string): Promise<string> {
  const zip = join(folder, 'pictures.zip')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(zip)) await writeFileAtomic(zip, makeZip(await pictures()))
  await new Promise<void>((done, fail) => {
    const words = [join(__dirname, 'data-command.cjs'), 'made-up', '--from', zip]
    spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
      .on('close', status => status === 0 ? done() : fail(new Error(`the command ended with status ${status}`)))
  })
  const set = await openDataset('made-up')
  return sha256(set.contentHash + (await set.read(17)).data.join())
}
