/** Images as rows of numbers, as classifiers without a network read them. */

/** Rows of numbers, [count, dimensions], row by row. */
export interface Features {
  count: number
  dimensions: number
  values: Float32Array
}

/** Features whose classes are known: whole numbers from 0. */
export interface Examples extends Features {
  labels: ArrayLike<number>
}
