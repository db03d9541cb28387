/** `papers`: published studies as data, and whether a published row can be true. */
export { list, open, rows } from '../../papers/collection'
export { checkPublished } from '../../papers/published-row'
export { checkRow } from '../../evaluation/row-check/check-row'
export { checkTable } from '../../evaluation/row-check/one-test-set'
export { checkClasses } from '../../evaluation/row-check/several-classes'
export { checkFoldMean } from '../../evaluation/row-check/fold-mean'
export { checkMatrix } from '../../evaluation/row-check/printed-matrix'
