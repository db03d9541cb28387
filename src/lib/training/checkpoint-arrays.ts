/** The arrays of a checkpoint: what steps change, and the best epoch's weights where the run returns those. */
import { findNotFinite } from '../model/finite-weights'
import { LabError } from '../system/errors'
import type { TensorFile, Values } from '../weights/formats/tensor-file'
import type { Variable } from '../engine/variable'

/** Arrays by their names in the model and the optimizer. */
type Arrays = ReadonlyMap<string, Float32Array>

/** A checkpoint that is not whole, or that no run of this program wrote. */
export class DamagedCheckpoint extends LabError {
  constructor(expected: string, received: string) {
    super('bad-checkpoint', { expected, received, remedy: 'Delete this file to start afresh' })
  }
}

/** The arrays under the names that a checkpoint gives them. */
export function arraysToSave(variables: readonly Variable[], best: Arrays): Map<string, Values> {
  const arrays = new Map<string, Values>()
  for (const variable of variables) arrays.set(`variable:${variable.name}`, { shape: variable.shape, values: variable.numbers() })
  for (const [name, values] of best) arrays.set(`best:${name}`, { shape: [values.length], values })
  return arrays
}

/**
 * The arrays of a checkpoint, which must be exactly those that the run needs: whoever took what is there would return
 * the last epoch's weights as the best epoch's, or a model that cannot be saved.
 * @param variables of the run
 * @param like arrays of the names and lengths that the best epoch's weights have; empty where there must be none
 * @param path named in errors
 * @throws DamagedCheckpoint where an array is missing, is not the run's, has another shape, or a number is not finite
 */
export function readArrays(
  tensors: TensorFile['tensors'], variables: readonly Variable[], like: Arrays, path: string,
): { values: Arrays; bestWeights: Arrays } {
  const values = new Map(variables.map(({ name, shape }) => {
    const saved = tensors.get(`variable:${name}`)
    if (!saved) throw new DamagedCheckpoint(`an array ${name} in ${path}`, 'none')
    if (String(saved.shape) !== String(shape))
      throw new DamagedCheckpoint(`an array ${name} of shape ${shape.join(' × ')} in ${path}`, saved.shape.join(' × '))
    return [name, saved.values] as const
  }))
  const broken = findNotFinite(values)
  if (broken !== null) throw new DamagedCheckpoint(`finite numbers in ${path}`, `${broken} with NaN or Infinity`)
  const bestWeights = bestWeightsIn(tensors), fault = findDifference(bestWeights, like)
  if (fault !== null) throw new DamagedCheckpoint(`the best epoch’s weights in ${path}`, fault)
  if (tensors.size !== values.size + bestWeights.size)
    throw new DamagedCheckpoint(`${values.size + bestWeights.size} arrays in ${path}`, String(tensors.size))
  return { values, bestWeights }
}

function bestWeightsIn(tensors: TensorFile['tensors']): Map<string, Float32Array> {
  return new Map([...tensors].filter(([name]) => name.startsWith('best:'))
    .map(([name, { values }]) => [name.slice('best:'.length), values]))
}

/** How a best epoch's weights differ from those that the model has; null where they do not. */
function findDifference(best: Arrays, like: Arrays): string | null {
  if (best.size !== like.size) return `${best.size} arrays, not ${like.size}`
  for (const [name, { length }] of like)
    if (best.get(name)?.length !== length) return `${name} with ${best.get(name)?.length ?? 'no'} numbers, not ${length}`
  const name = findNotFinite(best)
  return name === null ? null : `numbers that are not finite in ${name}`
}
