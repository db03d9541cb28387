/** Shapes of arrays and tensors, as lists of the lengths of their axes. */

/** How many numbers an array of this shape holds: the product of its axes. @example sizeOf([3, 3, 64, 64]) // 36,864 */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
