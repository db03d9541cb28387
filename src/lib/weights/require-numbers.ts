/** Numbers from a file with which a network can compute. */
import type { Architecture } from '../model/architecture'
import { findNegativeVariance, findNotFinite } from '../model/finite-weights'
import { badTensorFile } from './formats/header'

/**
 * The weights, if a network can compute with them.
 * @param weights all of the architecture's, or some
 * @param where named in errors, such as the file's path
 * @throws LabError 'bad-tensor-file' where a number is not finite, or a moving variance is negative: such a model
 *   predicts nothing
 */
export function requireNumbers(
  architecture: Architecture, weights: Map<string, Float32Array>, where: string,
): Map<string, Float32Array> {
  const name = findNotFinite(weights)
  if (name !== null) throw badTensorFile(where, 'finite numbers', `${name} with NaN or Infinity`)
  const negative = findNegativeVariance(architecture, weights)
  if (negative) throw badTensorFile(where, 'variances above 0', `${negative.name} with ${negative.value}`)
  return weights
}
