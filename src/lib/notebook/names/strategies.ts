/** `strategies`: frozen features, learning without labels, and the recorded runs of four training strategies. */
export { computeFeatures, planContrastive, trainContrastively } from '../live/features'
export { fitProbe } from '../../training/linear-probe'
export { fitProbes, measureProbe } from '../../training/probe-results'
export { removeLabels } from '../../training/contrastive/images'
export { ladderFigure } from '../../experiments/plans/four-strategies/ladder'
export {
  advantageTable, blockTable, compareSplits, compareWithOthers, findHardestBlocks, goalTable,
} from '../../experiments/plans/four-strategies/questions'
export { readResults } from '../../experiments/plans/four-strategies/recorded'
export { comparePaired, comparePrimary, selectRuns, summarizeRuns } from '../../experiments/plans/four-strategies/summary'
export { summaryTable } from '../../experiments/plans/four-strategies/table'
