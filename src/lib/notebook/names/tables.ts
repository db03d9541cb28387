/** `tables`: nouns are tables for `show`, each named after its rows; verbs find, list or add up rows. */
export { auditNumbers } from '../../display/audit-numbers-table'
export { auditScores } from '../../display/audit-scores-table'
export { classes } from '../../display/class-table'
export { findGreatest, findLeast, sumColumn } from '../../display/column-summary'
export { findings } from '../../display/findings-table'
export { comparison } from '../../display/comparison-table'
export { duplicates, patients } from '../../display/duplicate-tables'
export { mapScores, sanity } from '../../display/heat-map-tables'
export { imageIssues, labelIssues } from '../../display/issue-tables'
export { layers } from '../../display/model-overviews'
export {
  baselines, calibration, decisions, depthProbes, losses, prevalences, probes, receptiveFields, recognitions,
  recommendations, repeatedBaselines, results, runs,
} from '../../display/result-tables'
export { declared, operatingPoints, scores, subgroups, thresholds } from '../../display/judging-tables'
export { listLastEpochs } from '../../training/histories'
export { listLateLosses } from '../../training/watched-run'
export { rowCheck } from '../../display/row-check-table'
export { papers, protocols, publishedRows } from '../../papers/tables'
export { reproductions } from '../../experiments/plans/papers/table'
