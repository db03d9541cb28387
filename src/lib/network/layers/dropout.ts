/**
 * Dropout (Srivastava et al. 2014): in training each number is set to zero with probability `rate` and
 * the others grow by 1 / (1 − rate); at inference nothing happens. Every step draws its own mask.
 */
import { donate, tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import { stream } from '../../system/random'
import { sizeOf } from '../../system/shape'
import { noParameters, type Layer, type Pass } from './layer'

export function dropout(name: string, inputs: readonly string[], rate: number): Layer {
  return {
    name, inputs, trainable: false, variables: [], takes: [0],
    remembers: { inputs: [], y: false },
    forward: ([x], pass) => {
      if (!pass.training || rate === 0) return { y: operations().reshape(x, x.shape), saved: [] }
      const kept = tensor(mask(name, x.shape, rate, pass), x.shape)
      return { y: operations().times(x, kept), saved: [kept] }
    },
    backward: (dy, { saved: [kept] }) =>
      ({ inputs: [kept ? operations().times(donate(dy), kept) : dy], parameters: noParameters }),
  }
}

function mask(name: string, shape: readonly number[], rate: number, pass: Pass): Float32Array {
  const numbers = stream(`dropout ${name}`, pass.seed, pass.step)
  return Float32Array.from({ length: sizeOf(shape) }, () => (numbers.uniform() < rate ? 0 : 1 / (1 - rate)))
}
