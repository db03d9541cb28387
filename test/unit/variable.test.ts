/** Variables in the engine. */
import { expect, test } from 'vitest'
import { tensorCount } from '../../src/lib/engine/engine'
import { Variable } from '../../src/lib/engine/variable'

test('closed variables leave no memory behind: 20,000 of them took 66 MiB while each had a name of its own', () => {
  const makeAndClose = (count: number) => {
    for (let i = 0; i < count; i++) new Variable(`variable ${i}`, [2], Float32Array.of(1, 2)).close()
  }
  makeAndClose(2000)
  const before = process.memoryUsage.rss(), tensors = tensorCount()
  makeAndClose(20_000)
  expect(tensorCount()).toBe(tensors)
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(30)
})

test('two variables of one name and shape are two', () => {
  const [a, b] = [1, 2].map(value => new Variable('same', [1], Float32Array.of(value)))
  a.write(Float32Array.of(3))
  expect([a.numbers(), b.numbers()]).toEqual([Float32Array.of(3), Float32Array.of(2)])
  a.close()
  expect(b.numbers()).toEqual(Float32Array.of(2))
  b.close()
})
