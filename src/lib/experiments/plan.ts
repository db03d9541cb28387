/** A plan: experiments that belong together under a name, and what becomes of their results. */
import { LabError } from '../system/errors'
import { withLock } from '../system/lock.mjs'
import { inProject } from '../system/project-root'
import type { Table } from '../display/tables'
import type { ExperimentConfig } from './config'
import type { FinishedRun } from './run-folder'

/** One experiment of a plan. */
export interface PlannedRun {
  /** Unique within the plan, such as 'scratch-none-half-all-blocks-fold3-seed1'. */
  name: string
  /** What runs that differ only in their images and seeds have in common: a line of the plan's overview. */
  kind: string
  config: ExperimentConfig
}

/** A run that the plan's tables in results/tables hold already. */
export interface RecordedRun {
  name: string
  /** What it took; null where the table does not say. */
  seconds: number | null
}

/** What a run of a plan came to. */
export interface PlanResult {
  run: PlannedRun
  finished: FinishedRun
}

export interface Plan {
  /** As one types it, such as 'four-strategies'. */
  name: string
  title: string
  /** In the order in which they are carried out: the most telling first. */
  runs: readonly PlannedRun[]
  /** The files that finished runs are recorded in; none where only their folders remain. */
  files: readonly string[]
  /** The runs that are recorded: they count as done, with or without a folder. */
  recorded(): Promise<readonly RecordedRun[]>
  /** Records a finished run in `files` in place of one of the same name. Called under a lock: see `recordRun`. */
  record(result: PlanResult): Promise<void>
  /** What the plan has found out, for reading: what is recorded, or, where nothing is, the runs given. */
  results(finished: readonly PlanResult[]): Promise<Table>
}

/**
 * Records a finished run. Recording reads, adds and writes: of two processes at once, one would lose the other's row,
 * so that it happens under a lock.
 */
export function recordRun(plan: Plan, result: PlanResult): Promise<void> {
  const lock = inProject('.cache', 'experiments', 'recording.lock')
  return withLock(lock, () => plan.record(result), { onBusy: 'wait', purpose: 'recording a run' })
}

/**
 * The runs of a plan whose names a pattern fits.
 * @param pattern a regular expression, such as 'fine-tuning.*blocks'
 * @throws LabError 'bad-argument' where it is none, or fits no run
 */
export function chosenRuns(runs: readonly PlannedRun[], pattern: string): PlannedRun[] {
  const wrong = (received: string) => new LabError('bad-argument', {
    expected: `a pattern that fits some run, such as ${runs[runs.length - 1].name}`, received,
    remedy: 'Look at the plan: --dry shows it',
  })
  let expression: RegExp
  try {
    expression = new RegExp(pattern)
  } catch (fault) {
    throw wrong((fault as Error).message)
  }
  const chosen = runs.filter(({ name }) => expression.test(name))
  if (chosen.length === 0) throw wrong(pattern)
  return chosen
}
