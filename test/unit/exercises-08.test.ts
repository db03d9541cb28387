import { expect, test } from 'vitest'
import { fourStrategies } from '../../src/lib/notebook/exercises/four-strategies'
import { verdict } from '../../src/lib/notebook/check'

test.each([
  // Keras: ResNet50's stages end in 64, 256, 512, 1,024 and 2,048 channels; half as many at half width.
  ['numbers of a head on every stage', 3906, 3904],
  ['numbers of a head on every stage', 3906, 7812],
  ['five folds agree by chance', 0.0625, 0.03125],
  ['five folds agree by chance', 1 / 16, 0.1],
  ['at least one false find', (count: number, level: number) => 1 - (1 - level) ** count, (count: number, level: number) => count * level],
])('%s', (name, right, wrong) => {
  expect(verdict(fourStrategies, name, right).state).toBe('right')
  expect(verdict(fourStrategies, name, wrong).state).toBe('wrong')
})
