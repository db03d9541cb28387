/** Submits a plan's runs to a Slurm cluster, shows how far the cluster is, and cancels its jobs. */
import { relative } from 'node:path'
import { toText } from '../../src/lib/display/tables'
import { arrayFolder, type JobArray } from '../../src/lib/experiments/carriers/slurm/array'
import { isLeft, runStates } from '../../src/lib/experiments/carriers/slurm/run-states'
import { cancelArrays, type SlurmCarrier } from '../../src/lib/experiments/carriers/slurm/slurm'
import type { Job } from '../../src/lib/experiments/carriers/carrier'
import type { Plan } from '../../src/lib/experiments/plan'
import type { PlanState } from '../../src/lib/experiments/plan-state'
import { projectRoot } from '../../src/lib/system/project-root'
import { statusTable } from './overviews'

/** Submits what is missing, and says what happens next. */
export async function submit(carrier: SlurmCarrier, jobs: readonly Job[]): Promise<void> {
  await carrier.submit(jobs)
  console.log(`\n${carrier.array ? submitted(carrier.array, carrier.description) : 'Nothing to submit.'}`)
  const inQueue = jobs.length - (carrier.array?.tasks.flat().length ?? 0)
  if (inQueue) console.log(`${inQueue} runs are in the queue already, or under way.`)
}

function submitted({ name, job, recorder, tasks }: JobArray, description: string): string {
  const runs = tasks.flat().length
  return [
    `Slurm job ${job}: ${runs} ${runs === 1 ? 'run' : 'runs'} in ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}; ${description}.`,
    recorder === null ? 'Slurm refused the job that records the results: --collect records them.'
      : `Job ${recorder} records the results at the end.`,
    `--status shows how far it is, and ${relative(projectRoot, arrayFolder(name))} holds what the tasks print.`,
  ].join('\n')
}

export async function showStatus(plan: Plan, { left, done }: PlanState): Promise<void> {
  const states = await runStates(left)
  console.log(toText(statusTable(plan, states, done.length), Infinity))
  const count = states.filter(isLeft).length
  if (count) console.log(`\nThe same command with --on slurm submits the ${count} that are not in the queue.`)
}

export async function cancel(jobs: readonly Job[]): Promise<void> {
  const numbers = await cancelArrays(jobs.map(({ run }) => run))
  console.log(numbers.length
    ? `Cancelled: ${numbers.join(', ')}. Runs under way are saved; --on slurm goes on with them.`
    : 'None of the plan’s jobs is in the queue.')
}
