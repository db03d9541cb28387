/** `strategies`: reads and compares the recorded runs of four training strategies. */
export { readStrategyResults } from '../../experiments/plans/four-strategies/recorded'
export { strategyLadder } from '../../experiments/plans/four-strategies/ladder'
export { comparePaired, primaryComparison, runsLike, summarize } from '../../experiments/plans/four-strategies/summary'
export { strategyTable } from '../../experiments/plans/four-strategies/table'
