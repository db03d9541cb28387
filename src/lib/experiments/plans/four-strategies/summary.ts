/** Means over runs of one kind, and paired comparisons of two kinds. */
import { group } from 'd3-array'
import { bootstrap, resamplingUnits, type Estimate, type Interval, type Level } from '../../../evaluation/intervals'
import { mean } from '../../../evaluation/metrics'
import { requireKnownKeys } from '../../../system/options'
import {
  armName, compareArms, type Arm, type SplitKind, type StrategyResult, type StrategyRun, type TrainingDepth,
} from './strategy-run'

/** Runs that differ only in their images and seeds. Figures are means over runs. */
export interface StrategySummary extends Arm {
  split: SplitKind
  runs: number
  /** 95 % interval by bootstrap over the groups that were tested: see {@link summarizeRuns}. */
  accuracy: number
  low: number
  high: number
  loss: number
  auc: number
  seconds: number
  trainedParameters: number | null
}

/**
 * One line for each kind of run and split, by strategy, start and depth.
 *
 * The interval tells how much the mean accuracy depends on which groups were tested. The bootstrap draws groups (number
 * blocks, patients) and not images; it draws a group that several runs tested for all of these runs at once. The
 * interval does not include how much the seed of training matters.
 * @example strategies.summarizeRuns(results)[0].accuracy
 */
export function summarizeRuns(results: readonly StrategyResult[]): StrategySummary[] {
  const kinds = group(results, ({ row }) => `${armName(row)} ${row.split}`)
  return [...kinds.values()].map(runs => {
    const [{ row: { strategy, weights, width, depth, split, trainedParameters } }] = runs
    const meanOf = (key: 'loss' | 'auc' | 'seconds') => mean(runs.map(({ row }) => row[key]))
    return {
      strategy, weights, width, depth, split, runs: runs.length, ...intervalOf(runs.map(countsOf)),
      accuracy: mean(runs.map(({ row }) => row.accuracy)), loss: meanOf('loss'), auc: meanOf('auc'),
      seconds: meanOf('seconds'), trainedParameters,
    }
  }).sort(compareArms)
}

/** Two kinds of run on the same test images. */
export interface PairedComparison {
  /** Accuracy of the second kind minus the first's: one number a pair, in the order of folds and seeds. */
  pairs: { fold: number | null; seed: number; difference: number }[]
  /** Their mean, with its 95 % interval by bootstrap over the groups tested, the same groups drawn for both kinds. */
  mean: Estimate
}

/**
 * Compares two kinds of run, pair by pair: runs of the same split, fold and seed, which saw the same images.
 * Pairs of which one run is missing are left out.
 * @example
 * const [head, all] = ['head', 'all'].map(depth => strategies.selectRuns(results, { depth }))
 * strategies.comparePaired(head, all)
 */
export function comparePaired(first: readonly StrategyResult[], second: readonly StrategyResult[]): PairedComparison {
  const placeOf = ({ row: { split, fold, seed } }: StrategyResult) => `${split} ${fold} ${seed}`
  const pairs = first.flatMap(one => {
    const other = second.find(candidate => placeOf(candidate) === placeOf(one))
    return other ? [{ one, other }] : []
  })
  const counts = pairs.map(({ one, other }) => {
    const mine = countsOf(one), theirs = new Map(countsOf(other).map(count => [countKey(count), count.gained]))
    return mine.map(count => ({ ...count, gained: theirs.get(countKey(count))! - count.gained }))
  })
  const differences = pairs.map(({ one, other }) => ({
    fold: one.row.fold, seed: one.row.seed, difference: other.row.accuracy - one.row.accuracy,
  }))
  return { pairs: differences, mean: { value: mean(differences.map(pair => pair.difference)), ...intervalOf(counts) } }
}

/** The one comparison that was declared before any test part was looked at. All others are exploratory. */
export const primary: Readonly<{ split: SplitKind; first: TrainingDepth; second: TrainingDepth }> =
  { split: 'blocks', first: 'head', second: 'all' }

/**
 * The primary comparison: what training all layers gains over training the head only, on number blocks, by fold.
 * @example strategies.comparePrimary(results).mean.value
 */
export function comparePrimary(results: readonly StrategyResult[], width: Arm['width'] = 'half'): PairedComparison {
  const { split, first, second } = primary
  const runs = (depth: string) => selectRuns(results, { strategy: 'fine-tuning', width, split, depth })
  return comparePaired(runs(first), runs(second))
}

/**
 * The results that are as described.
 * @example strategies.selectRuns(results, { strategy: 'scratch', split: 'blocks' })
 */
export function selectRuns(results: readonly StrategyResult[], like: Partial<StrategyRun>): StrategyResult[] {
  requireKnownKeys('selectRuns', like ?? null, {
    strategy: true, weights: true, width: true, depth: true, split: true, fold: true, seed: true,
  })
  const described = Object.entries(like) as [keyof StrategyRun, unknown][]
  return results.filter(({ row }) => described.every(([key, value]) => row[key] === value))
}

/** Images of one group and class in one run's test part. */
interface Count {
  group: string
  label: number
  images: number
  /** Images counted for the run: those that it called what they are; of a pair, those by which one run is ahead. */
  gained: number
}

function countsOf({ groups }: StrategyResult): Count[] {
  return groups.map(({ group, label, images, correct }) => ({ group, label, images, gained: correct }))
}

function countKey({ group, label }: Count): string {
  return JSON.stringify([group, label])
}

/** The interval of the mean accuracy of runs of one kind, as `summarizeRuns` gives it, at another level. */
export function accuracyInterval(results: readonly StrategyResult[], level: Level): Interval {
  return intervalOf(results.map(countsOf), level)
}

/** Of the mean over runs of the share of images gained. */
function intervalOf(runs: readonly (readonly Count[])[], level?: Level): Interval {
  const counts = runs.flat()
  const share = (weights: Float64Array) => {
    let at = 0
    return mean(runs.map(run => {
      let gained = 0, images = 0
      for (const count of run) {
        gained += weights[at] * count.gained
        images += weights[at++] * count.images
      }
      return gained / images
    }))
  }
  const units = resamplingUnits(counts.map(count => count.group), counts.map(count => count.label))
  return bootstrap(units, weights => [share(weights)], { level })[0]
}
