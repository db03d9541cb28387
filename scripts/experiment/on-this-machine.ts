/** Carries a plan's runs out on this machine: overview, live table, recorded rows, results. */
import { sum } from 'd3-array'
import { toText } from '../../src/lib/display/tables'
import { localCarrier, threadsOf } from '../../src/lib/experiments/carriers/local'
import { completeSlurmOptions, type SlurmOptions } from '../../src/lib/experiments/carriers/slurm/options'
import { measuredSpeed } from '../../src/lib/experiments/estimated-time'
import { expectedCosts, measuredCostsOf, measuredRuns } from '../../src/lib/experiments/expected-cost'
import { chosenRuns, type Plan, type PlannedRun } from '../../src/lib/experiments/plan'
import { planState, type PlanState } from '../../src/lib/experiments/plan-state'
import { ExperimentSession } from '../../src/lib/experiments/run-experiment'
import type { Width } from '../../src/lib/model/architecture'
import { LabError } from '../../src/lib/system/errors'
import { follow, showResults } from './carry-out'
import { LiveTable } from './live-table'
import { overview } from './overviews'

/** A plan, and who carries it out. */
export interface Request {
  plan: Plan
  workers: number
  /** Null where runs are carried out on this machine. */
  slurm: SlurmOptions | null
}

/** A plan's runs, done and left. */
export interface Work {
  options: Request
  session: ExperimentSession
  chosen: readonly PlannedRun[]
  state: PlanState
  /** The chosen runs by name. */
  runs: ReadonlyMap<string, PlannedRun>
}

/** @param only a pattern of run names; see `chosenRuns` */
export async function workOf<Options extends Request>(
  options: Options, only: string,
): Promise<Work & { options: Options }> {
  const session = new ExperimentSession()
  const chosen = chosenRuns(options.plan.runs, only)
  const state = await planState(options.plan, chosen, session)
  return { options, session, chosen, state, runs: new Map(chosen.map(run => [run.name, run])) }
}

/** @param results whether the plan's results are shown at the end. @returns the exit status */
export async function onThisMachine(work: Work, signal: AbortSignal, results = true): Promise<number> {
  const { options: { plan, workers }, session, chosen, state, runs } = work
  const carrier = localCarrier(workers)
  const { seconds } = await showOverview(work)
  if (state.left.length) console.log(`\nOn this machine: ${carrier.description}. Ctrl-C saves the runs under way.`)
  await carrier.submit(state.left)
  const table = new LiveTable(state.left.length, seconds ?? 0)
  const { stopped, faults } = await follow(plan, state.left, runs, carrier, table, signal)
  if (stopped) {
    console.log('Saved. The same command goes on from there.')
    return 0
  }
  if (results) await showResults(plan, chosen, session)
  return report(faults)
}

/** Prints what went wrong. @returns the exit status */
export function report(faults: readonly { job: string; message: string }[]): number {
  for (const { job, message } of faults) console.error(`${job}: ${message}`)
  return faults.length ? 1 : 0
}

/** Prints what is left. @returns expected costs of the jobs that are left, and seconds until all have ended */
export async function showOverview({ options, session, chosen, state, runs }: Work) {
  const { plan, workers, slurm } = options
  const left = state.left.map(job => runs.get(job.name)!)
  const costs = await costsOf(options, left, session)
  const times = costs.map(cost => cost.seconds)
  const lanes = slurm ? Math.min(completeSlurmOptions(slurm).atOnce, left.length) : workers
  const seconds = times.every(time => time !== null) ? sum(times) / Math.max(1, lanes) : null
  console.log(toText(overview(plan, left, costs, chosen.length - left.length, times, seconds)))
  return { costs, seconds }
}

/** Expected costs. The time is unknown (null) where it would have to be measured on a card that this machine lacks. */
async function costsOf(options: Request, left: readonly PlannedRun[], session: ExperimentSession) {
  const { plan } = options
  const sources = await measurements(options, session)
  try {
    return await expectedCosts(left, plan.runs, { ...sources, speed: remembered(measuredSpeed) })
  } catch (fault) {
    if (!options.slurm?.gpus || !(fault instanceof LabError) || fault.code !== 'engine-missing') throw fault
    return measuredCostsOf(left, plan.runs, sources)
  }
}

export async function measurements({ plan, slurm, workers }: Request, session: ExperimentSession) {
  return {
    datasetOf: (config: PlannedRun['config']) => session.dataset(config), measured: await measuredRuns(),
    recorded: await plan.recorded(), threads: slurm ? completeSlurmOptions(slurm).cpus : threadsOf(workers),
  }
}

/** A function that asks once for each width. */
function remembered(ask: (width: Width) => Promise<number>): (width: Width) => Promise<number> {
  const answers = new Map<Width, Promise<number>>()
  return width => {
    const answer = answers.get(width) ?? ask(width)
    answers.set(width, answer)
    return answer
  }
}
