/**
 * `npm run experiment -- PLAN`: carries out the experiments of a plan, on this machine or on a Slurm cluster. It shows
 * the plan, the time and the memory that the plan will take, then how the runs go. Finished runs are recorded and are
 * never computed again. Ctrl-C saves the runs under way; the same command goes on with them.
 */
import { sum } from 'd3-array'
import { toText } from '../src/lib/display/tables'
import { localCarrier, threadsOf } from '../src/lib/experiments/carriers/local'
import { completeSlurmOptions } from '../src/lib/experiments/carriers/slurm/options'
import { requireSlurm } from '../src/lib/experiments/carriers/slurm/programs'
import { SlurmCarrier } from '../src/lib/experiments/carriers/slurm/slurm'
import { measuredSpeed } from '../src/lib/experiments/estimated-time'
import { expectedCosts, measuredCostsOf, measuredRuns } from '../src/lib/experiments/expected-cost'
import { chosenRuns, type PlannedRun } from '../src/lib/experiments/plan'
import { planState, type PlanState } from '../src/lib/experiments/plan-state'
import { ExperimentSession } from '../src/lib/experiments/run-experiment'
import type { Width } from '../src/lib/model/architecture'
import { LabError } from '../src/lib/system/errors'
import { runCommand } from './command/main.mjs'
import { follow, recordFinished, showResults } from './experiment/carry-out'
import { LiveTable } from './experiment/live-table'
import { cancel, showStatus, submit } from './experiment/on-slurm'
import { readWords, type ExperimentOptions } from './experiment/options'
import { overview, plansTable, priceTable } from './experiment/overviews'

void runCommand(async (words, signal) => {
  const options = await readWords(words)
  if (!options) return console.log(toText(plansTable()))
  const { plan, only, task, slurm } = options
  const session = new ExperimentSession()
  const chosen = chosenRuns(plan.runs, only)
  const state = await planState(plan, chosen, session)
  const work: Work = { options, session, chosen, state, runs: new Map(chosen.map(run => [run.name, run])) }
  switch (task) {
    case 'status': return showStatus(plan, state)
    case 'cancel': return cancel(state.left)
    case 'cost': return showCost(work)
    case 'collect': {
      await recordFinished(plan, state.left, work.runs)
      return showResults(plan, chosen, session)
    }
    case 'dry': return void await showOverview(work)
    default: return slurm ? onSlurm(work, signal) : onThisMachine(work, signal)
  }
}, { savesOnInterrupt: true })

interface Work {
  options: ExperimentOptions
  session: ExperimentSession
  chosen: readonly PlannedRun[]
  state: PlanState
  /** The chosen runs by name. */
  runs: ReadonlyMap<string, PlannedRun>
}

async function onThisMachine(work: Work, signal: AbortSignal): Promise<number> {
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
  await showResults(plan, chosen, session)
  return report(faults)
}

async function onSlurm(work: Work, signal: AbortSignal): Promise<number> {
  const { options: { plan, slurm, wait, planWords }, session, chosen, state, runs } = work
  await requireSlurm()
  const { costs, seconds } = await showOverview(work)
  const byName = new Map(state.left.map(({ name }, i) => [name, costs[i]]))
  const carrier = new SlurmCarrier(slurm!, {
    plan: plan.name, recordWords: [...planWords, '--collect'], costOf: ({ name }) => byName.get(name)!,
  })
  await recordFinished(plan, state.left, runs)
  const { left } = await planState(plan, chosen, session)
  if (left.length === 0) {
    await showResults(plan, chosen, session)
    return 0
  }
  await submit(carrier, left)
  if (!wait) return 0
  console.log('Ctrl-C ends the waiting; the cluster goes on.')
  const table = new LiveTable(left.length, seconds ?? 0)
  const { stopped, faults } = await follow(plan, left, runs, carrier, table, signal)
  if (stopped) return 0
  await showResults(plan, chosen, session)
  return report(faults)
}

function report(faults: readonly { job: string; message: string }[]): number {
  for (const { job, message } of faults) console.error(`${job}: ${message}`)
  return faults.length ? 1 : 0
}

/** Prints what is left. @returns expected costs of the jobs that are left, and seconds until all have ended */
async function showOverview({ options, session, chosen, state, runs }: Work) {
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
async function costsOf(options: ExperimentOptions, left: readonly PlannedRun[], session: ExperimentSession) {
  const { plan } = options
  const sources = await measurements(options, session)
  try {
    return await expectedCosts(left, plan.runs, { ...sources, speed: remembered(measuredSpeed) })
  } catch (fault) {
    if (!options.slurm?.gpus || !(fault instanceof LabError) || fault.code !== 'engine-missing') throw fault
    return measuredCostsOf(left, plan.runs, sources)
  }
}

async function measurements({ plan, slurm, workers }: ExperimentOptions, session: ExperimentSession) {
  return {
    datasetOf: (config: PlannedRun['config']) => session.dataset(config), measured: await measuredRuns(),
    recorded: await plan.recorded(), threads: slurm ? completeSlurmOptions(slurm).cpus : threadsOf(workers),
  }
}

async function showCost({ options, session, state, runs }: Work): Promise<void> {
  const { plan, nodes } = options
  const left = state.left.map(job => runs.get(job.name)!)
  const sources = await measurements(options, session)
  const costs = await measuredCostsOf(left, plan.runs, sources)
  console.log(toText(priceTable(plan, left, costs, nodes, sources.threads), Infinity))
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
