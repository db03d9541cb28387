/** The plans that have a name. */
import type { Plan } from '../plan'
import type { PlanOptions } from '../plan-options'
import { fourStrategies } from './four-strategies/plan'
import { pretrainingComparison } from './pretraining/plan'
import { referenceNotebook } from './reference-notebook/plan'

/** Each makes its plan, at the width, on the data set and by the seed that are asked for. */
export const plans: Readonly<Record<string, (options?: Omit<PlanOptions, 'files'>) => Plan>> = {
  'four-strategies': fourStrategies, 'reference-notebook': referenceNotebook, 'pretraining': pretrainingComparison,
}
