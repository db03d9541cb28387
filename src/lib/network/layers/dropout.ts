/**
 * Dropout (Srivastava et al. 2014). In training, each number becomes 0 with probability `rate`, and the remaining
 * numbers are multiplied by 1 / (1 − rate), so that the expected sum stays the same. At inference nothing changes.
 * Each training step draws a new mask.
 */
import { donate, tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import { stream } from '../../system/random'
import { sizeOf } from '../../system/shape'
import { noParameters, type Layer, type Pass } from './layer'

/** @param rate probability that a number becomes 0, from 0, below 1 */
export function dropout(name: string, inputs: readonly string[], rate: number): Layer {
  return {
    name, inputs, trainable: false, variables: [], overwritableInputs: [0],
    savedForBackward: { inputs: [], y: false },
    forward: ([x], pass) => {
      if (!pass.training || rate === 0) return { y: operations().reshape(x, x.shape), saved: [] }
      const mask = tensor(drawMask(name, x.shape, rate, pass), x.shape)
      return { y: operations().times(x, mask), saved: [mask] }
    },
    backward: (dy, { saved: [mask] }) =>
      ({ inputs: [mask ? operations().times(donate(dy), mask) : dy], parameters: noParameters }),
  }
}

function drawMask(name: string, shape: readonly number[], rate: number, pass: Pass): Float32Array {
  const numbers = stream(`dropout ${name}`, pass.seed, pass.step)
  return Float32Array.from({ length: sizeOf(shape) }, () => (numbers.uniform() < rate ? 0 : 1 / (1 - rate)))
}
