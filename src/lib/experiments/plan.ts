/** A plan: a list of experiments with a name, and the tables that record their results. */
import { LabError } from '../system/errors'
import { locked } from '../system/locked'
import { inProject } from '../system/project-root'
import type { Table } from '../display/tables'
import type { ExperimentConfig } from './config'
import type { FinishedRun } from './run-folder'

/** One experiment of a plan. */
export interface PlannedRun {
  /** Unique within the plan, such as 'scratch-none-half-all-blocks-fold3-seed1'. */
  name: string
  /** The same for runs that differ only in their images and seeds: a row of the plan's overview. */
  kind: string
  config: ExperimentConfig
}

/** A run whose row is in the plan's tables already. */
export interface RecordedRun {
  name: string
  /** Seconds that the run took; null where the table does not say. */
  seconds: number | null
}

/** A run of a plan with its results. */
export interface PlanResult {
  run: PlannedRun
  finished: FinishedRun
}

export interface Plan {
  /** As one types it, such as 'four-strategies'. */
  name: string
  title: string
  /** In the order in which they are carried out: the most informative first. */
  runs: readonly PlannedRun[]
  /** The files that record finished runs; empty where only the run folders do. */
  files: readonly string[]
  /** The recorded runs. They count as done, with or without a run folder. */
  recorded(): Promise<readonly RecordedRun[]>
  /** Records a finished run in `files` in place of one of the same name. Called under a lock: see `recordRun`. */
  record(result: PlanResult): Promise<void>
  /** The results as a table: of the recorded runs, or, where the plan records nothing, of `finished`. */
  results(finished: readonly PlanResult[]): Promise<Table>
}

/**
 * Records a finished run, under a lock. Recording reads a file, adds a row and writes the file: two processes that did
 * so at once would lose a row.
 */
export function recordRun(plan: Plan, result: PlanResult): Promise<void> {
  const lock = inProject('.cache', 'experiments', 'recording.lock')
  return locked(lock, () => plan.record(result), { onBusy: 'wait', purpose: 'recording a run' })
}

/**
 * The runs of a plan whose names match a pattern.
 * @param pattern a regular expression, such as 'fine-tuning.*blocks'
 * @throws LabError 'bad-argument' where the pattern is no regular expression, or matches no run
 */
export function chosenRuns(runs: readonly PlannedRun[], pattern: string): PlannedRun[] {
  const wrong = (received: string) => new LabError('bad-argument', {
    expected: `a pattern that matches a run, such as ${runs[runs.length - 1].name}`, received,
    remedy: '--dry shows the plan',
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
