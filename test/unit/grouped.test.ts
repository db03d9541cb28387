import { expect, it } from 'vitest'
import { grouped } from '../../src/lib/system/grouped'

it('keeps the order of names and of items', () => {
  const words = ['pear', 'apple', 'plum', 'fig', 'apricot']
  expect([...grouped(words, word => word[0])]).toEqual([
    ['p', ['pear', 'plum']], ['a', ['apple', 'apricot']], ['f', ['fig']],
  ])
  expect(grouped([], String).size).toBe(0)
})
