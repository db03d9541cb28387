/** The state of a plan: which of its runs are done, and which are still to do. */
import type { Job } from './carriers/carrier'
import { runIdentity } from './identity'
import type { Plan, PlannedRun } from './plan'
import type { ExperimentSession } from './run-experiment'
import { isFinished, runFolder } from './run-folder'

export interface PlanState {
  /** Runs whose rows are recorded; where the plan records nothing, runs whose folders are finished. */
  done: PlannedRun[]
  /** All other runs, in the plan's order. One that is finished already is only recorded. */
  left: Job[]
}

/**
 * @param chosen some of the plan's runs
 * @throws LabError 'data-missing'; 'unknown-weights' where a run's start weights do not exist
 */
export async function planState(
  plan: Plan, chosen: readonly PlannedRun[], session: ExperimentSession,
): Promise<PlanState> {
  const recorded = new Set((await plan.recorded()).map(({ name }) => name))
  const state: PlanState = { done: [], left: [] }
  for (const planned of chosen) {
    if (recorded.has(planned.name)) {
      state.done.push(planned)
      continue
    }
    const { name: run } = await runIdentity(planned.config, await session.dataset(planned.config))
    if (plan.files.length === 0 && isFinished(runFolder(run))) state.done.push(planned)
    else state.left.push({ name: planned.name, config: planned.config, run })
  }
  return state
}
