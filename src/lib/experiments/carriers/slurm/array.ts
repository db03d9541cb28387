/**
 * Job arrays that were submitted, each a folder beside the run folders: array.json, which says what each task carries
 * out, the scripts, what the tasks print, and what failed. Slurm's queue says which tasks are alive; the run folders
 * say which runs are finished.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../../system/files'
import { isThere, namesIn } from '../../../system/is-there'
import { readJson } from '../../../system/json'
import { experimentSchema } from '../../config'
import { runsFolder } from '../../run-folder'
import { listOf } from '../../../system/json-parts'

const jobSchema = z.object({ name: z.string(), run: z.string(), config: experimentSchema })

export const arraySchema = z.object({
  /** The plan's name. */
  plan: z.string(),
  /** The name under which Slurm knows the array. No other array has it. */
  name: z.string(),
  /** When it was submitted, in ISO 8601. */
  submitted: z.string(),
  /** The number of Slurm's job, and of the one that records results; null until Slurm has answered. */
  job: z.number().nullable(),
  recorder: z.number().nullable(),
  /** Threads of each run. */
  cpus: z.number(),
  /** The runs of each task. */
  tasks: listOf(listOf(jobSchema)),
})
export type JobArray = z.infer<typeof arraySchema>

const faultsSchema = listOf(z.object({ run: z.string(), message: z.string() }))
/** Runs that failed in a task, and why. */
export type Faults = z.infer<typeof faultsSchema>

/** The folder of all arrays. It holds no config.json, so it is no run. */
export function arraysFolder(): string {
  return join(runsFolder(), 'slurm')
}

export function arrayFolder(name: string): string {
  return join(arraysFolder(), name)
}

const arrayFile = 'array.json'

export function writeArray(array: JobArray): Promise<void> {
  return writeFileAtomic(join(arrayFolder(array.name), arrayFile), JSON.stringify(array, null, 1) + '\n')
}

/** @throws LabError 'data-missing', 'damaged-file' */
export function readArray(folder: string): Promise<JobArray> {
  return readJson(join(folder, arrayFile), arraySchema)
}

/** The arrays that were to carry out one of these runs, the earliest first. @throws LabError 'damaged-file' */
export async function arraysWith(runs: Iterable<string>): Promise<JobArray[]> {
  const folder = arraysFolder()
  const names = namesIn(folder).filter(name => isThere(join(folder, name, arrayFile)))
  const arrays = await Promise.all(names.map(name => readArray(join(folder, name))))
  const wanted = new Set(runs)
  return arrays.filter(({ tasks }) => tasks.flat().some(({ run }) => wanted.has(run)))
    .sort((a, b) => (a.submitted < b.submitted ? -1 : 1))
}

/** The name of the job that records an array's results. */
export function recorderOf({ name }: Pick<JobArray, 'name'>): string {
  return `${name}-record`
}

/** Replaces what failed in a task. */
export function writeFaults(folder: string, task: number, faults: Faults): Promise<void> {
  return writeFileAtomic(faultsFile(folder, task), JSON.stringify(faults, null, 1) + '\n')
}

/** What failed in a task. @throws LabError 'damaged-file' */
export async function readFaults(folder: string, task: number): Promise<Faults> {
  const file = faultsFile(folder, task)
  return isThere(file) ? readJson(file, faultsSchema) : []
}

/** What failed in all tasks of an array. @throws LabError 'damaged-file' */
export async function faultsOf({ name, tasks }: JobArray): Promise<Faults> {
  return (await Promise.all(tasks.map((_, task) => readFaults(arrayFolder(name), task)))).flat()
}

function faultsFile(folder: string, task: number): string {
  return join(folder, `faults-${task}.json`)
}
