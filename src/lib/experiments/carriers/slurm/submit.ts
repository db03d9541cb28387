/** Submits the runs of a plan as one job array, and a job that records their results. */
import { join } from 'node:path'
import { LabError } from '../../../system/errors'
import { remove, writeFileAtomic } from '../../../system/files'
import { sha256 } from '../../../system/hash'
import { isThere } from '../../../system/is-there'
import { locked } from '../../../system/locked'
import { projectRoot } from '../../../system/project-root'
import type { ExpectedCost } from '../../expected-cost'
import { readEnvironment, runFiles, runFolder, runsFolder } from '../../run-folder'
import type { Job } from '../carrier'
import { arrayFolder, arraysFolder, recorderOf, writeArray, type JobArray } from './array'
import { chunksOf } from './chunks'
import type { SlurmRequest } from './options'
import { mostTasks, slurm } from './programs'
import { isLeft, runStates } from './run-states'
import { afterArrayWords, arrayWords, literalPath, nodeScript } from './script'

/** What belongs to a submission besides the cluster's resources. */
export interface Submission {
  /** The plan's name. */
  plan: string
  /** The words of `npm run experiment --` that record the plan's finished runs. */
  recordWords: readonly string[]
  /** The expected cost of a job; seconds are null where they are unknown. */
  costOf(job: Job): Omit<ExpectedCost, 'seconds'> & { seconds: number | null }
}

/**
 * Submits those of the jobs that are neither finished nor in the queue. Two calls at once submit nothing twice.
 * @returns the array; null where nothing is left to submit
 * @throws LabError 'scheduler-missing'; 'scheduler-failed' where Slurm refuses; 'bad-argument' where a run has a
 *   checkpoint that was made with another number of threads
 */
export async function submitArray(
  jobs: readonly Job[], request: SlurmRequest, submission: Submission,
): Promise<JobArray | null> {
  return locked(join(arraysFolder(), 'submitting.lock'), async () => {
    const left = (await runStates(jobs)).filter(isLeft).map(({ job }) => job)
    if (left.length === 0) return null
    await requireSameThreads(left, request.cpus)
    return submitLeft(left, request, submission)
  }, { onBusy: 'wait', purpose: 'submitting runs' })
}

async function submitLeft(left: readonly Job[], request: SlurmRequest, submission: Submission): Promise<JobArray> {
  const costs = left.map(submission.costOf)
  const chunks = chunksOf(costs.map(({ seconds }) => seconds), { ...request, mostTasks: await mostTasks() })
  const submitted = new Date().toISOString(), { plan } = submission
  const array: JobArray = {
    plan, submitted, name: `lab-${safeName(plan)}-${sha256(JSON.stringify([submitted, process.pid, left])).slice(0, 8)}`,
    job: null, recorder: null, cpus: request.cpus, tasks: chunks.map(runs => runs.map(i => left[i])),
  }
  const folder = arrayFolder(array.name)
  const memory = request.memory ?? expectedMegabytes(costs)
  const job = (name: string, script: string, output: string) =>
    ({ ...request, memory, name, script: join(folder, script), output: join(literalPath(folder), output) })
  const variables = variablesOf(request)
  const command = { project: projectRoot, node: process.execPath, variables, removed: setByEngines }
  try {
    // Before Slurm knows the job: its name is enough to find it, should this process die before the number is written.
    await writeArray(array)
    await writeFileAtomic(join(folder, 'task.sh'),
      nodeScript({ ...command, words: [join('scripts', 'experiment', 'slurm-task.ts'), folder] }))
    await writeFileAtomic(join(folder, 'record.sh'),
      nodeScript({ ...command, words: [join('scripts', 'experiment.ts'), ...submission.recordWords] }))
    array.job = numberOf(await slurm('sbatch', arrayWords(job(array.name, 'task.sh', 'task-%a.txt'), chunks.length)))
  } catch (fault) {
    await remove(folder)
    throw fault
  }
  await writeArray(array)
  const recorder = afterArrayWords(job(recorderOf(array), 'record.sh', 'record.txt'), array.job)
  // The runs are in the queue: if Slurm refuses the second job, the next call of the command records their results.
  array.recorder = await slurm('sbatch', recorder).then(numberOf, () => null)
  await writeArray(array)
  return array
}

/**
 * Engines set these for their own process, and by what they find on their own machine: they must not pass to another
 * one. The project's variables (LAB_DETERMINISTIC, LAB_PRECISION) do pass.
 */
const setByEngines = [
  'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'TF_DETERMINISTIC_OPS', 'NVIDIA_TF32_OVERRIDE', 'TF_CPP_MIN_LOG_LEVEL',
]

/** All that decides a run's bits and where it lies, also where the cluster does not pass the user's variables on. */
function variablesOf({ cpus, gpus }: SlurmRequest): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name, value]) => value !== undefined
    && (/^LAB_[A-Z_]+$/.test(name) || ['GLIBC_TUNABLES', 'LD_LIBRARY_PATH'].includes(name)))
  return {
    ...Object.fromEntries(passed as [string, string][]), LAB_RUNS_FOLDER: runsFolder(), LAB_THREADS: String(cpus),
    // A node's card is another job's unless this one has asked for it.
    ...(gpus ? { LAB_ENGINE: 'gpu' } : { CUDA_VISIBLE_DEVICES: '' }),
  }
}

/** @throws LabError 'bad-argument' naming a run that goes on only with other threads */
async function requireSameThreads(jobs: readonly Job[], cpus: number): Promise<void> {
  for (const { run } of jobs) {
    const folder = runFolder(run)
    if (!isThere(join(folder, runFiles.checkpoint))) continue
    const threads = (await readEnvironment(folder))?.threads
    if (threads !== undefined && threads !== cpus) throw new LabError('bad-argument', {
      expected: `--cpus ${threads}, the threads with which ${run} began`, received: `--cpus ${cpus}`,
      remedy: `Use --cpus ${threads}, leave the run out with --only, or remove it: npm run runs -- remove ${run}`,
    })
  }
}

/** Megabytes for the hungriest run, with room; null where a run's memory is unknown. */
function expectedMegabytes(costs: readonly { memory: number | null }[]): number | null {
  const bytes = costs.map(({ memory }) => memory)
  return bytes.every(memory => memory !== null) ? Math.ceil(1.25 * Math.max(...bytes) / 1024 ** 2) + 256 : null
}

/** @param answer 'NUMBER', or 'NUMBER;CLUSTER' */
function numberOf(answer: string): number {
  const number = parseInt(answer)
  if (number > 0) return number
  throw new LabError('scheduler-failed', {
    expected: 'sbatch to print the number of the job', received: JSON.stringify(answer), remedy: 'squeue shows your jobs',
  })
}

function safeName(text: string): string {
  return text.replace(/[^\w-]+/g, '-').slice(0, 40)
}
