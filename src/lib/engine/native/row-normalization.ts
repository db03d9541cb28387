/** Rows scaled to length 1, forward and backward, on TensorFlow's operations. */
import type { NormalizedRows } from '../operations'
import { donate, type Tensor } from '../tensor'
import { subtract, times } from './arithmetic'
import { float } from './attributes'
import { nativeEngine, run } from './native-engine'
import { reduce } from './reduction'

const { release } = nativeEngine

/** Divides by the largest number first: squares of large numbers overflow, squares of small ones vanish. */
export function normalizeRows(x: Tensor): NormalizedRows {
  const largest = overRows('Max', donate(run('Abs', [float], x)))
  const scaled = divideOrZero(x, largest)
  const length = run('Sqrt', [float], donate(overRows('Sum', donate(times(scaled, scaled)))))
  const y = divideOrZero(donate(scaled), length)
  return { y, lengths: times(donate(length), donate(largest)) }
}

export function normalizeRowsGradient(dy: Tensor, { y, lengths }: NormalizedRows): Tensor {
  const along = overRows('Sum', donate(times(y, dy)))
  const across = subtract(dy, donate(times(y, along)))
  release(along)
  return divideOrZero(donate(across), lengths)
}

/** The sum or the largest number of each row: [rows, width] → [rows, 1]. */
function overRows(operation: 'Sum' | 'Max', x: Tensor): Tensor {
  return reduce(operation, x, [1], { keep: true })
}

/** a / b; 0 where b is 0. */
function divideOrZero(a: Tensor, b: Tensor): Tensor {
  return run('DivNoNan', [float], a, b)
}
