/** The result of a benchmark: plain data, which is written to a JSON file. */
import { z } from 'zod'
import { median, quantile } from './statistics'
import type { Machine } from './machine'

/** One contender in one row at one number of threads. */
export interface ResultRow {
  row: string
  title: string
  threads: number
  contender: string
  version: string
  /** This project's commit, from `commitOf`. Rows recorded by earlier versions have none. */
  commit?: string
  medianMs: number
  minMs: number
  firstQuartileMs: number
  thirdQuartileMs: number
  /** The number of timed runs. */
  runs: number
  /** Highest resident memory of the process; null if the system does not report it. */
  peakMB: number | null
  /** The median divided by the lower median of PyTorch's two layouts; null without PyTorch. */
  ratioToFasterPyTorch: number | null
  /** Resident memory after the first and the last turn. */
  residentMB: readonly [number, number] | null
  /** Tensors in this library's engine after the first and the last turn. */
  tensors: readonly [number, number] | null
  /** How often a step of this library calls TensorFlow. Only where it was counted. */
  calls?: number
  /** Memory of the process on the graphics card after the last turn, as nvidia-smi tells. Only where it tells. */
  cardMB?: number
  /** Share of the processors that other programs used just before, 0 to 1; null if the system does not report it. */
  othersLoad: number | null
}

/** A goal, and what was measured. */
export interface GoalResult {
  row: string
  threads: number
  goal: string
  limit: number
  measured: number
  met: boolean
}

/** A contender that a row has and that did not run. */
export interface LeftOut {
  row: string
  threads: number
  contender: string
  reason: string
}

/** A goal that was not judged, because something that it compares did not run. */
export interface GoalNotRun {
  row: string
  threads: number
  goal: string
  limit: number
  reason: string
}

export interface BenchResult {
  machine: Machine
  /** ISO 8601. */
  date: string
  /** One number of threads, or several that were measured one after the other. */
  threads: number | readonly number[]
  /** Where the images come from, for rows that read files. */
  images: string
  rows: readonly ResultRow[]
  goals: readonly GoalResult[]
  /** Results of earlier versions have none of these two. */
  leftOut?: readonly LeftOut[]
  goalsNotRun?: readonly GoalNotRun[]
}

const pair = z.tuple([z.number(), z.number()]).nullable()

/** A result as its JSON file holds it. */
export const benchResultSchema = z.object({
  machine: z.object({
    processor: z.string(), cores: z.number(), memoryGB: z.number(), system: z.string(), node: z.string(),
    card: z.string().optional(),
  }),
  date: z.string(), threads: z.union([z.number(), z.array(z.number())]), images: z.string(),
  rows: z.array(z.object({
    row: z.string(), title: z.string(), threads: z.number(), contender: z.string(), version: z.string(),
    commit: z.string().optional(), medianMs: z.number(), minMs: z.number(), firstQuartileMs: z.number(),
    thirdQuartileMs: z.number(), runs: z.number(), peakMB: z.number().nullable(),
    ratioToFasterPyTorch: z.number().nullable(), residentMB: pair, tensors: pair, othersLoad: z.number().nullable(),
    calls: z.number().optional(), cardMB: z.number().optional(),
  })),
  goals: z.array(z.object({
    row: z.string(), threads: z.number(), goal: z.string(), limit: z.number(), measured: z.number(), met: z.boolean(),
  })),
  leftOut: z.array(z.object({
    row: z.string(), threads: z.number(), contender: z.string(), reason: z.string(),
  })).optional(),
  goalsNotRun: z.array(z.object({
    row: z.string(), threads: z.number(), goal: z.string(), limit: z.number(), reason: z.string(),
  })).optional(),
}) satisfies z.ZodType<BenchResult>

/** What was measured in one contender's turns. */
export interface Turns {
  contender: string
  version: string
  ms: readonly number[]
  peakMB: number | null
  residentMB: readonly [number, number] | null
  tensors: readonly [number, number] | null
  othersLoad: number | null
  calls?: number
  cardMB?: number
}

/** Summarizes a row. @param commit this project's commit when the row was measured */
export function summarize(
  row: { name: string; title: string }, threads: number, all: readonly Turns[], commit = '',
): ResultRow[] {
  const rivals = all.filter(turns => ['pytorch', 'pytorch-channels-last'].includes(turns.contender))
  const faster = Math.min(...rivals.map(turns => median(turns.ms)))
  return all.map(({ contender, version, ms, peakMB, residentMB, tensors, othersLoad, calls, cardMB }) => ({
    row: row.name, title: row.title, threads, contender, version, commit,
    medianMs: rounded(median(ms)), minMs: rounded(Math.min(...ms)),
    firstQuartileMs: rounded(quantile(ms, 0.25)), thirdQuartileMs: rounded(quantile(ms, 0.75)),
    runs: ms.length, peakMB,
    ratioToFasterPyTorch: rivals.length ? Number((median(ms) / faster).toPrecision(4)) : null,
    residentMB, tensors, othersLoad: othersLoad === null ? null : Math.round(1000 * othersLoad) / 1000,
    ...(calls !== undefined && { calls }), ...(cardMB !== undefined && { cardMB }),
  }))
}

/** Rounds to a hundredth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
