/** Softmax and log-sum-exp on plain arrays. */
import { describe, expect, it } from 'vitest'
import { logSumExp, softmax } from '../../src/lib/model/softmax'

describe('softmax', () => {
  it('gives equal scores equal probabilities', () => {
    expect([...softmax(Float32Array.of(3, 3, 3, 3), 4)]).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('works row by row, in the type of the scores', () => {
    const probabilities = softmax(Float64Array.of(0, Math.log(3), 5, 5), 2)
    expect(probabilities).toBeInstanceOf(Float64Array)
    // exp(log 3) / (1 + exp(log 3)) = 3/4, exact to the last digits of float64.
    probabilities.forEach((value, i) => expect(value).toBeCloseTo([0.25, 0.75, 0.5, 0.5][i], 15))
  })

  it('does not overflow', () => {
    expect([...softmax(Float32Array.of(1000, -1000), 2)]).toEqual([1, 0])
  })

  it('does not change the scores', () => {
    const scores = Float32Array.of(1, 2)
    softmax(scores, 2)
    expect([...scores]).toEqual([1, 2])
  })
})

it('log-sum-exp is the logarithm of the sum of exponentials, without overflow', () => {
  expect(logSumExp(Float64Array.of(0, 0))).toBeCloseTo(Math.LN2, 15)
  expect(logSumExp(Float64Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 12)
})
