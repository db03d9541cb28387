/** Optimizer steps against Keras in float64. */
import { afterEach, describe, expect, it } from 'vitest'
import { tensor, tensorCount } from '../../src/lib/engine/engine'
import { Optimizer, type OptimizerConfig } from '../../src/lib/training/optimizer'
import { Variable } from '../../src/lib/engine/variable'
import golden from './optimizers.json'

const configs: Record<keyof typeof golden.runs, OptimizerConfig> = {
  'adam': { name: 'adam', rate: 0.001 },
  'adam as in the reference': { name: 'adam', rate: 0.003, epsilon: 0.1 },
  'adamw': { name: 'adamw', rate: 0.001, decay: 0.05 },
  'sgd': { name: 'sgd', rate: 0.01 },
  'sgd with momentum': { name: 'sgd', rate: 0.01, momentum: 0.9 },
}

describe('five steps of an optimizer, against Keras in float64', () => {
  let open: { close(): void }[] = []
  afterEach(() => {
    open.forEach(resource => resource.close())
    open = []
  })

  /** The vector after each step; a name that ends in 'kernel' is subject to weight decay. */
  function steps(config: OptimizerConfig, name: string): Float32Array[] {
    const start = Float32Array.from(golden.start)
    const variable = new Variable(name, [start.length], start)
    const optimizer = new Optimizer(config, new Map([[name, variable]]))
    open.push(optimizer, variable)
    return golden.gradients.map(gradient => {
      optimizer.apply(new Map([[name, tensor(Float32Array.from(gradient), [start.length])]]), config.rate)
      return variable.numbers()
    })
  }

  it.each(Object.entries(configs))('%s', (name, config) => {
    const after = steps(config, 'layer/kernel')
    golden.runs[name as keyof typeof golden.runs].after.forEach((expected, step) => expected.forEach((value, i) => {
      // Numbers below 1 in float32, rounded at each of five steps: half a unit of 6e-8, five times.
      expect(Math.abs(after[step][i] - value), `step ${step}, element ${i}`).toBeLessThan(3e-7)
    }))
  })

  it('weight decay changes kernels only', () => {
    expect(steps(configs.adamw, 'layer/gamma')).toEqual(steps(configs.adam, 'layer/gamma'))
  })

  it('releases the gradients', () => {
    const variable = new Variable('a/kernel', [1], Float32Array.of(1))
    const optimizer = new Optimizer(configs.adamw, new Map([['a/kernel', variable]]))
    open.push(optimizer, variable)
    const step = () => optimizer.apply(new Map([['a/kernel', tensor(Float32Array.of(1), [1])]]), 0.1)
    step()
    const before = tensorCount()
    step()
    expect(tensorCount()).toBe(before)
  })
})
