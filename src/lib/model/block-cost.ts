/** What a block of convolutions costs, one convolution a row. */
import { countConvolution } from './convolution-cost'

/** One convolution of a block. */
export interface BlockCostRow {
  block: string
  /** Such as '3 × 3, 64 → 64'. */
  convolution: string
  weights: number
  multiplications: number
}

/**
 * Counts the weights and multiplications of each convolution of a block. Biases are not counted.
 * @param block a name for the first column
 * @param convolutions [side of the kernel, channels in, channels out] of each
 * @param side width and height of the block's output, in pixels
 * @example byHand.countBlock('two 3 × 3', [[3, 256, 256], [3, 256, 256]], 56)
 */
export function countBlock(
  block: string, convolutions: readonly (readonly [kernel: number, inputs: number, outputs: number])[], side: number,
): BlockCostRow[] {
  return convolutions.map(([kernel, inputs, outputs]) => ({
    block, convolution: `${kernel} × ${kernel}, ${inputs} → ${outputs}`, ...countConvolution({ kernel, inputs, outputs, side }),
  }))
}
