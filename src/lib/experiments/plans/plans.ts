/** The plans of the project. */
import type { Plan } from '../plan'
import type { PlanOptions } from '../plan-options'
import { fourStrategies } from './four-strategies/plan'
import { allPapers } from './papers/all'
import { pretrainingComparison } from './pretraining/plan'
import { referenceNotebook } from './reference-notebook/plan'

/** Functions that make the plans, by name. */
export const plans: Readonly<Record<string, (options?: Omit<PlanOptions, 'files'>) => Plan | Promise<Plan>>> = {
  'four-strategies': fourStrategies, 'reference-notebook': referenceNotebook, 'pretraining': pretrainingComparison,
  'papers': allPapers,
}
