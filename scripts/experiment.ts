/**
 * `npm run experiment -- PLAN`: carries out the experiments of a plan. It shows the plan, the time and the memory that
 * the plan will take, then how the runs go. Finished runs are recorded and are never computed again. Ctrl-C saves the
 * runs under way; the same command goes on with them.
 */
import { relative } from 'node:path'
import { widths, type Width } from '../src/lib/model/architecture'
import { formatEstimate, formatNumber } from '../src/lib/display/format'
import { dataTable, toText } from '../src/lib/display/tables'
import { localCarrier, threadsOf } from '../src/lib/experiments/carriers/local'
import type { Carrier, Job } from '../src/lib/experiments/carriers/carrier'
import { measuredSpeed } from '../src/lib/experiments/estimated-time'
import { expectedCosts, measuredRuns, type ExpectedCost } from '../src/lib/experiments/expected-cost'
import { chosenRuns, recordRun, type Plan, type PlannedRun, type PlanResult } from '../src/lib/experiments/plan'
import { planState } from '../src/lib/experiments/plan-state'
import { readPlan } from '../src/lib/experiments/plans/plan-file'
import { plans } from '../src/lib/experiments/plans/plans'
import { ExperimentSession } from '../src/lib/experiments/run-experiment'
import { runsFolder } from '../src/lib/experiments/run-folder'
import { oneOf } from '../src/lib/system/errors'
import { projectRoot } from '../src/lib/system/project-root'
import { runCommand } from './command/main.mjs'
import { readOptions, UsageError } from './command/options.mjs'
import { size } from './command/text.mjs'
import { LiveTable } from './experiment/live-table'

const usage = 'npm run experiment -- PLAN [--only PATTERN] [--dry] [--workers N], or npm run experiment -- --list'

interface Options {
  plan: Plan
  only: string
  dry: boolean
  workers: number
}

void runCommand(async (words, signal) => {
  const options = await readWords(words)
  if (!options) return listPlans()
  const { plan, only, dry, workers } = options
  const carrier = localCarrier(workers)
  const session = new ExperimentSession()
  const chosen = chosenRuns(plan.runs, only)
  const state = await planState(plan, chosen, session)
  const byName = new Map(chosen.map(run => [run.name, run]))
  const left = state.left.map(job => byName.get(job.name)!)
  const costs = await expectedCosts(left, plan.runs, {
    datasetOf: config => session.dataset(config), threads: threadsOf(workers), measured: await measuredRuns(),
    recorded: await plan.recorded(), speed: remembered(measuredSpeed),
  })
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0) / workers
  console.log(toText(overview(plan, left, costs, state.done.length, seconds)))
  if (dry) return
  if (left.length) console.log(`\nOn this machine: ${carrier.description}. Ctrl-C saves the runs under way.`)
  const table = new LiveTable(left.length, seconds)
  const outcome = await carryOut(plan, state.left, byName, carrier, table, signal)
  return end(plan, chosen, session, outcome)
}, { savesOnInterrupt: true })

/** How the jobs ended. */
interface Outcome {
  paused: boolean
  faults: { job: string; message: string }[]
}

async function carryOut(
  plan: Plan, jobs: readonly Job[], runs: ReadonlyMap<string, PlannedRun>, carrier: Carrier, table: LiveTable,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome: Outcome = { paused: false, faults: [] }
  const byName = new Map(jobs.map(job => [job.name, job]))
  signal.addEventListener('abort', () => carrier.cancel())
  carrier.submit(jobs)
  try {
    for await (const event of carrier.watch()) {
      if (event.kind === 'failed') outcome.faults.push({ job: event.job, message: event.fault.message })
      const finished = event.kind === 'finished' ? await carrier.collect(byName.get(event.job)!) : null
      if (finished) await recordRun(plan, { run: runs.get(event.job)!, finished })
      table.show(event, finished ? `accuracy ${formatEstimate(finished.metrics.accuracy)}` : '')
    }
  } finally {
    // Results that cannot be recorded end the command: the other runs are saved.
    carrier.cancel()
    table.close()
  }
  return { ...outcome, paused: signal.aborted }
}

async function end(
  plan: Plan, chosen: readonly PlannedRun[], session: ExperimentSession, { paused, faults }: Outcome,
): Promise<number> {
  if (paused) {
    console.log('Saved. The same command goes on from there.')
    return 0
  }
  console.log(`\n${toText(await plan.results(await finishedResults(plan, chosen, session)), Infinity)}`)
  for (const { job, message } of faults) console.error(`${job}: ${message}`)
  console.log(plan.files.length
    ? `Recorded in ${plan.files.map(file => relative(projectRoot, file)).join(' and ')}`
    : `The runs are in ${relative(projectRoot, runsFolder())}: npm run runs`)
  return faults.length ? 1 : 0
}

/** The results of a plan that records no rows, from its run folders. */
async function finishedResults(
  plan: Plan, chosen: readonly PlannedRun[], session: ExperimentSession,
): Promise<PlanResult[]> {
  if (plan.files.length) return []
  const results: PlanResult[] = []
  for (const run of chosen) {
    const finished = await session.finished(run.config)
    if (finished) results.push({ run, finished })
  }
  return results
}

/** The runs that are left, by kind. */
function overview(
  { name, title }: Plan, runs: readonly PlannedRun[], costs: readonly ExpectedCost[], done: number, seconds: number,
) {
  const kinds = new Map<string, { kind: string; runs: number; seconds: number; bytes: number | null }>()
  runs.forEach(({ kind }, i) => {
    const { memory, seconds } = costs[i]
    const before = kinds.get(kind) ?? { kind, runs: 0, seconds: 0, bytes: memory }
    kinds.set(kind, { ...before, runs: before.runs + 1, seconds: before.seconds + seconds })
  })
  const rows = [...kinds.values()].map(row => ({ ...row, memory: row.bytes === null ? 'unknown' : size(row.bytes) }))
  const words = runs.length ? `${runs.length} runs to do, about ${formatNumber(seconds, 'seconds')}` : 'nothing to do'
  return dataTable('plan', `${name}: ${title}\n${words}; ${done} done before`, rows, rows.length ? [
    'kind', 'runs', { key: 'seconds', title: 'about', format: 'seconds' as const }, 'memory',
  ] : [])
}

function listPlans(): void {
  const rows = Object.values(plans).map(makePlan => {
    const { name, title, runs } = makePlan()
    return { name, runs: runs.length, title }
  })
  console.log(toText(dataTable('plans', 'Plans. You can also write one as a JSON file: see docs/experiments.md', rows)))
}

/** @returns null for --list */
async function readWords(words: string[]): Promise<Options | null> {
  const options = readOptions(words, {
    usage, words: [0, 1],
    does: 'Carries out the experiments of a plan. PLAN is the name of a plan (--list shows them), or the path of a JSON file.',
    values: {
      only: 'a regular expression; runs whose names do not match it are left out', workers: 'how many runs go on at once; default 1',
      width: `the networks’ width: ${Object.keys(widths).join(', ')}; the default is the plan’s`,
      data: 'another data set; its results are not recorded', seed: 'the seed of start weights, order and augmentation',
    },
    flags: { dry: 'shows the plan, its time and its memory, and carries out nothing', list: 'lists the plans' },
  })
  if (options.flag('list')) return null
  const [name] = options.words
  if (name === undefined) throw new UsageError(usage, 'no plan', `Plans: ${Object.keys(plans).join(', ')}`)
  const chosen = {
    width: options.oneOf('width', Object.keys(widths) as Width[], undefined), data: options.text('data'),
    seed: options.whole('seed', undefined),
  }
  const fromFile = name.endsWith('.json')
  if (fromFile && Object.values(chosen).some(value => value !== undefined))
    options.refuse('--width, --data and --seed beside a plan with a name only', name)
  return {
    plan: fromFile ? await readPlan(name) : namedPlan(name)(chosen),
    only: options.text('only') ?? '', dry: options.flag('dry'), workers: options.whole('workers', 1),
  }
}

function namedPlan(name: string) {
  if (!Object.hasOwn(plans, name)) throw oneOf('a plan', name, Object.keys(plans))
  return plans[name]
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
