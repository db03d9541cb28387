/** Carries out the jobs of a plan on a carrier, records their results, and shows them. */
import { relative } from 'node:path'
import { formatEstimate } from '../../src/lib/display/format'
import { toText } from '../../src/lib/display/tables'
import { collectFromFolder, type Carrier, type Job } from '../../src/lib/experiments/carriers/carrier'
import { recordRun, type Plan, type PlannedRun, type PlanResult } from '../../src/lib/experiments/plan'
import { ExperimentSession } from '../../src/lib/experiments/run-experiment'
import { runsFolder } from '../../src/lib/experiments/run-folder'
import { projectRoot } from '../../src/lib/system/project-root'
import { LiveTable } from './live-table'

/** How the jobs ended. */
export interface Outcome {
  stopped: boolean
  faults: { job: string; message: string }[]
}

/** Follows submitted jobs to their end, and records each that finishes. The signal ends the following. */
export async function follow(
  plan: Plan, jobs: readonly Job[], runs: ReadonlyMap<string, PlannedRun>, carrier: Carrier, table: LiveTable,
  signal: AbortSignal,
): Promise<Outcome> {
  const faults: Outcome['faults'] = []
  const byName = new Map(jobs.map(job => [job.name, job]))
  signal.addEventListener('abort', () => carrier.leave())
  try {
    for await (const event of carrier.watch()) {
      if (event.kind === 'failed') faults.push({ job: event.job, message: event.fault.message })
      const finished = event.kind === 'finished' ? await carrier.collect(byName.get(event.job)!) : null
      if (finished) await recordRun(plan, { run: runs.get(event.job)!, finished })
      table.show(event, finished ? `accuracy ${formatEstimate(finished.metrics.accuracy)}` : '')
    }
  } finally {
    // Results that cannot be recorded end the command: the other runs are saved, or go on elsewhere.
    carrier.leave()
    table.close()
  }
  return { stopped: signal.aborted, faults }
}

/** Records those of the jobs that are finished. @returns how many */
export async function recordFinished(
  plan: Plan, jobs: readonly Job[], runs: ReadonlyMap<string, PlannedRun>,
): Promise<number> {
  let count = 0
  for (const job of jobs) {
    const finished = await collectFromFolder(job)
    if (!finished) continue
    await recordRun(plan, { run: runs.get(job.name)!, finished })
    count++
  }
  return count
}

/** Shows the plan's results. */
export async function showResults(
  plan: Plan, chosen: readonly PlannedRun[], session: ExperimentSession,
): Promise<void> {
  console.log(`\n${toText(await plan.results(plan.files.length ? [] : await finishedResults(chosen, session)), Infinity)}`)
  console.log(plan.files.length
    ? `Recorded in ${plan.files.map(file => relative(projectRoot, file)).join(' and ')}`
    : `The runs are in ${relative(projectRoot, runsFolder())}: npm run runs`)
}

/** Results from run folders. */
export async function finishedResults(
  chosen: readonly PlannedRun[], session: ExperimentSession,
): Promise<PlanResult[]> {
  const results: PlanResult[] = []
  for (const run of chosen) {
    const finished = await session.finished(run.config)
    if (finished) results.push({ run, finished })
  }
  return results
}
