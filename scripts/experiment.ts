/**
 * `npm run experiment -- PLAN`: carries out the experiments of a plan, on this machine or on a Slurm cluster. It shows
 * the plan, the time and the memory that the plan will take, then how the runs go. Finished runs are recorded and are
 * never computed again. Ctrl-C saves the runs under way; the same command goes on with them.
 */
import { toText } from '../src/lib/display/tables'
import { requireSlurm } from '../src/lib/experiments/carriers/slurm/programs'
import { SlurmCarrier } from '../src/lib/experiments/carriers/slurm/slurm'
import { measuredCostsOf } from '../src/lib/experiments/expected-cost'
import { planState } from '../src/lib/experiments/plan-state'
import { runCommand } from './command/main.mjs'
import { follow, recordFinished, showResults } from './experiment/carry-out'
import { LiveTable } from './experiment/live-table'
import { cancel, showStatus, submit } from './experiment/on-slurm'
import { measurements, onThisMachine, report, showOverview, workOf, type Work } from './experiment/on-this-machine'
import { readWords, type ExperimentOptions } from './experiment/options'
import { plansTable, priceTable } from './experiment/overviews'

type PlanWork = Work & { options: ExperimentOptions }

void runCommand(async (words, signal) => {
  const options = await readWords(words)
  if (!options) return console.log(toText(await plansTable()))
  const { plan, only, task, slurm } = options
  const work = await workOf(options, only)
  const { state, chosen, session, runs } = work
  switch (task) {
    case 'status': return showStatus(plan, state)
    case 'cancel': return cancel(state.left)
    case 'cost': return showCost(work)
    case 'collect': {
      await recordFinished(plan, state.left, runs)
      return showResults(plan, chosen, session)
    }
    case 'dry': return void await showOverview(work)
    default: return slurm ? onSlurm(work, signal) : onThisMachine(work, signal)
  }
}, { savesOnInterrupt: true })

async function onSlurm(work: PlanWork, signal: AbortSignal): Promise<number> {
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

async function showCost({ options, session, state, runs }: PlanWork): Promise<void> {
  const { plan, nodes } = options
  const left = state.left.map(job => runs.get(job.name)!)
  const sources = await measurements(options, session)
  const costs = await measuredCostsOf(left, plan.runs, sources)
  console.log(toText(priceTable(plan, left, costs, nodes, sources.threads), Infinity))
}
