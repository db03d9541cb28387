/** How many numbers a model holds. */
import { sum } from 'd3-array'
import { sizeOf } from '../system/shape'
import { parameters, type ParameterSpec } from './architecture'
import type { Model } from './model'

/** How many numbers a model holds: all of them, and how many training may change. */
export interface ParameterCount {
  total: number
  /** Numbers that gradients change. */
  trainable: number
  /** Moving averages, and all numbers of frozen layers. */
  fixed: number
}

/**
 * Counts a model's numbers. The full-width ResNet50 without its head holds 23,587,712.
 * @example countParameters(freeze(network, { through: 'conv4' })).trainable
 */
export function countParameters(model: Model): ParameterCount {
  const specs = parameters(model.architecture)
  const count = (list: readonly ParameterSpec[]) => sum(list, ({ shape }) => sizeOf(shape))
  const total = count(specs)
  const trainable = count(specs.filter(({ layer, trainable }) => trainable && !model.frozen.has(layer)))
  return { total, trainable, fixed: total - trainable }
}
