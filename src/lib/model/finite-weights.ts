/** Whether a model's numbers are finite. ReLU turns NaN into 0: a broken network can give answers that look sound. */
import { LabError } from '../system/errors'

/** The name of the first parameter that holds a number that is not finite; null where there is none. */
export function findNotFinite(weights: ReadonlyMap<string, Float32Array>): string | null {
  for (const [name, values] of weights) if (!areFinite(values)) return name
  return null
}

/** @throws LabError 'bad-argument' where one of the model's numbers is not finite */
export function requireFiniteWeights({ weights }: { weights: ReadonlyMap<string, Float32Array> }): void {
  const name = findNotFinite(weights)
  if (name !== null)
    throw new LabError('bad-argument', {
      expected: 'a model whose weights are finite numbers', received: `other numbers in ${name}`,
      remedy: 'Make or train the model again, with a lower learning rate',
    })
}

/** Zero times a number that is not finite is NaN, and so is every sum with it: one pass without a branch. */
function areFinite(values: Float32Array): boolean {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]
  return sum === 0
}
