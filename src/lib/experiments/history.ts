/** history.csv and contrastive-history.csv: the epochs of a run, one row each. */
import { z } from 'zod'
import type { EpochRecord } from '../training/config'
import type { ContrastiveRecord } from '../training/contrastive/config'
import { figure } from './results-file'

export const epochSchema = z.object({
  epoch: z.number(), loss: figure, accuracy: figure, validationLoss: figure, validationAccuracy: figure, rate: figure,
  seconds: figure,
}) satisfies z.ZodType<EpochRecord>

export const contrastiveEpochSchema = z.object({
  epoch: z.number(), loss: figure, found: figure, spread: figure, dimensions: figure, seconds: figure,
}) satisfies z.ZodType<ContrastiveRecord>
