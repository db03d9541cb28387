/** Linear heads on the features of every stage. */
import { measurePredictions } from '../evaluation/evaluation'
import { featureStages } from '../inference/stage-features'
import { fitProbe, type Probe, type SplitFeatures } from './linear-probe'

/** A linear head, and what it reaches on the validation part. */
export interface ProbeResult extends Probe {
  /** 'stem', 'conv2', …, 'conv5', or 'every stage'. */
  reads: string
  /** On the validation part, with its 95 % interval (by group where groups are known). */
  accuracy: number
  low: number
  high: number
}

/**
 * Fits a linear head on each stage's features, and one on the features of all stages side by side. The validation part
 * chooses each head's penalty.
 * @param features see `computeFeatures`
 * @returns one row a head; the last one reads every stage
 * @example strategies.fitProbes(features).map(probe => probe.reads)
 */
export function fitProbes(features: SplitFeatures): ProbeResult[] {
  return [...featureStages.map(stage => [stage]), featureStages].map(stages => {
    const probe = fitProbe(features, stages)
    const { accuracy } = measurePredictions(probe.validation)
    const reads = stages.length > 1 ? 'every stage' : stages[0]
    return { ...probe, reads, accuracy: accuracy.value, low: accuracy.low, high: accuracy.high }
  })
}

/**
 * A linear head as a row beside runs: its loss and accuracy on the validation part, with the 95 % interval.
 * @param run the name in the row
 * @example strategies.measureProbe('frozen features', strategies.fitProbe(features, ['conv3'])).accuracy
 */
export function measureProbe(run: string, probe: Probe) {
  const { loss, accuracy } = measurePredictions(probe.validation)
  return { run, loss, accuracy: accuracy.value, low: accuracy.low, high: accuracy.high }
}
