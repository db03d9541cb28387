/** The environment of a run: all that decides its numbers besides the config, and what the run cost. */
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Dataset } from '../data/dataset'
import { describeEngine, engineName } from '../engine/engine'
import { projectRoot } from '../system/project-root'
import type { RunIdentity } from './identity'
import { listOf } from '../system/json-parts'

/** environment.json. */
export const environmentSchema = z.object({
  node: z.string(),
  /** Such as 'TensorFlow 2.20.0, native'. */
  engine: z.string(),
  /** Threads that one operation may use. Another number of threads rounds sums differently. */
  threads: z.number(),
  processor: z.string(),
  /** The commit, with a '+' where tracked files differ from it; null outside a git repository. */
  revision: z.string().nullable(),
  data: z.object({
    name: z.string(), title: z.string(), notice: z.string(), labels: listOf(z.string()),
    grouping: z.enum(['patient', 'number block', 'none']),
    /** SHA-256 of the images. */
    hash: z.string(),
  }),
  /** Hash of the file of start weights; null where there was none. */
  weights: z.string().nullable(),
  /** When the run first began, in ISO 8601. */
  started: z.string(),
  /** Wall-clock time of all sessions of the run. A session that was killed is not counted. */
  seconds: z.number(),
  /** The process's peak of resident memory, in bytes; null until the run has ended or paused. */
  peakMemory: z.number().nullable(),
  /** Bytes of the run's folder with its checkpoints when the run ended; null before, and in earlier versions' runs. */
  peakDisk: z.number().nullable().default(null),
  /**
   * Bytes that all sessions of the run read from files and wrote to them, from the cache too; null where nobody
   * measured them. A session that was killed is not counted.
   */
  traffic: z.number().nullable().default(null),
})
export type RunEnvironment = z.infer<typeof environmentSchema>

/** The environment of a run that begins now, in this process. */
export async function describeEnvironment(dataset: Dataset, { data, weights }: RunIdentity): Promise<RunEnvironment> {
  const engine = describeEngine()
  const { name, title, notice, labels, grouping } = dataset
  return {
    node: engine.node, engine: engineName(engine), threads: engine.threads, processor: cpus()[0]?.model.trim() ?? 'unknown',
    revision: await gitRevision(), data: { name, title, notice, labels: [...labels], grouping, hash: data }, weights,
    started: new Date().toISOString(), seconds: 0, peakMemory: null,
    peakDisk: null, traffic: null,
  }
}

const run = promisify(execFile)

async function gitRevision(): Promise<string | null> {
  const git = async (...words: string[]) => (await run('git', words, { cwd: projectRoot })).stdout.trim()
  try {
    const [commit, changes] = await Promise.all([
      git('rev-parse', 'HEAD'), git('status', '--porcelain', '--untracked-files=no'),
    ])
    return commit + (changes ? '+' : '')
  } catch {
    return null
  }
}
