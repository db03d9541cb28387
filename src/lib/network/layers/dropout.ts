/**
 * Dropout (Srivastava et al. 2014). In training, each number becomes 0 with probability `rate`, and the remaining
 * numbers are multiplied by 1 / (1 − rate), so that the expected sum stays the same. At inference nothing changes.
 * Each training step draws a new mask.
 */
import { donate } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import { stream } from '../../system/random'
import { sizeOf } from '../../system/shape'
import { noParameters, type Layer, type StepSeed } from './layer'

/**
 * @param rate probability that a number becomes 0, from 0, below 1
 * @param shape of the input, without the batch
 */
export function dropout(name: string, inputs: readonly string[], rate: number, shape: readonly number[]): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [0],
    savedForBackward: { inputs: [], y: false },
    draw: rate === 0 ? undefined : (batch, seed) => {
      const maskShape = [batch, ...shape]
      return { numbers: drawMask(name, maskShape, rate, seed), shape: maskShape }
    },
    forward: ([x], { drawn }) => {
      const mask = drawn.get(name)
      if (!mask) return { y: operations().reshape(x, x.shape), saved: [] }
      return { y: operations().times(x, mask), saved: [operations().reshape(mask, mask.shape)] }
    },
    backward: (dy, { saved: [mask] }) =>
      ({ inputs: [mask ? operations().times(donate(dy), mask) : dy], parameters: noParameters }),
  }
}

function drawMask(name: string, shape: readonly number[], rate: number, { seed, step }: StepSeed): Float32Array {
  const numbers = stream(`dropout ${name}`, seed, step)
  return Float32Array.from({ length: sizeOf(shape) }, () => (numbers.uniform() < rate ? 0 : 1 / (1 - rate)))
}
