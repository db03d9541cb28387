/** The record that `npm start` writes about one run of the notebooks: results/SET/run.json. */
import { z } from 'zod'
import { listOf } from '../system/json-parts'

/** The data set of a run. */
const dataDescription = z.object({
  name: z.string(),
  /** The value of LAB_DATA that opens the data set again. */
  open: z.string(),
  /** The name of the run's folder under results/. */
  folder: z.string().regex(/^[\w.-]+$/),
  title: z.string(),
  evidence: z.enum(['real', 'phantom', 'planted']),
  notice: z.string(),
  licence: z.string(),
  source: z.string(),
  labels: listOf(z.string()),
  images: z.number().int().nonnegative(),
})

/** The engine of a run; see `EngineDescription` in engine/tensor.ts. */
const engineDescription = z.object({
  engine: z.enum(['native', 'gpu', 'wasm']),
  tensorflow: z.string().nullable(),
  tensorflowJs: z.string(),
  node: z.string(),
  threads: z.number(),
  operations: z.string(),
  card: z.object({
    model: z.string().nullable(), precision: z.enum(['float32', 'tf32']), deterministic: z.boolean(),
    cudnn: z.string().nullable(), driver: z.string().nullable(),
  }).optional(),
  cardMissing: z.string().optional(),
  nativeMissing: z.string().optional(),
})

/** One notebook of a run. */
const notebookRecord = z.object({
  name: z.string().regex(/^[\w.-]+$/),
  seconds: z.number(),
  cells: z.number(),
  /** Peak memory of the notebook's Jupyter process; null where the operating system does not report it. */
  peakBytes: z.number().nullable(),
  /** The first cell that failed, counted from 1 among the code cells; 0 where the runner itself stopped. */
  failure: z.object({ cell: z.number(), title: z.string(), text: z.string() }).nullable(),
})

/** One run of the notebooks on one data set. */
export const runRecord = z.object({
  /** ISO 8601, in UTC. */
  started: z.string(),
  seconds: z.number(),
  profile: z.string(),
  data: dataDescription,
  engine: engineDescription.nullable(),
  /** Why there was no engine; null where there was one. */
  engineMissing: z.string().nullable(),
  notebooks: listOf(notebookRecord),
})

export type DataDescription = z.infer<typeof dataDescription>
export type NotebookRecord = z.infer<typeof notebookRecord>
export type RunRecord = z.infer<typeof runRecord>
