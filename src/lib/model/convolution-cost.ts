/** The cost of convolutions: how many weights they hold, how many multiplications they take. */
import { sum } from 'd3-array'
import { parameters, stages, type Stage } from './architecture'
import { sizeOf } from '../system/shape'
import type { Model } from './model'

/** The shape of one convolution. */
export interface ConvolutionShape {
  /** Side of its square kernels in pixels. */
  kernel: number
  /** Input channels. */
  inputs: number
  /** Output channels. */
  outputs: number
  /** Side of the square output in pixels. */
  side: number
}

/** The cost of one convolution, or of several. */
export interface ConvolutionCost {
  /** Numbers in the kernels; biases are not counted. */
  weights: number
  /** For one image, forward. */
  multiplications: number
}

/**
 * The cost of one convolution: each of its output numbers is a sum of kernel² · inputs products.
 * @example countConvolution({ kernel: 3, inputs: 64, outputs: 64, side: 56 }).weights   // 36,864
 */
export function countConvolution({ kernel, inputs, outputs, side }: ConvolutionShape): ConvolutionCost {
  const weights = kernel ** 2 * inputs * outputs
  return { weights, multiplications: weights * side ** 2 }
}

/** The convolutions of a stage and their cost together. */
export interface StageCost extends ConvolutionCost {
  stage: Stage
  convolutions: number
}

/**
 * The cost of a model's convolutions, stage by stage; the head has none.
 * @example tables.sumColumn(anatomy.countStageCosts(network), 'multiplications')
 */
export function countStageCosts({ architecture }: Pick<Model, 'architecture'>): StageCost[] {
  const kernels = parameters(architecture).filter(({ name, shape }) => name.endsWith('/kernel') && shape.length === 4)
  const layers = new Map(architecture.layers.map(layer => [layer.name, layer]))
  return stages.slice(0, -1).map(stage => {
    const inStage = kernels.filter(({ layer }) => layers.get(layer)!.stage === stage)
    const area = (layer: string) => layers.get(layer)!.shape[0] * layers.get(layer)!.shape[1]
    return {
      stage, convolutions: inStage.length,
      weights: sum(inStage, ({ shape }) => sizeOf(shape)),
      multiplications: sum(inStage, ({ shape, layer }) => sizeOf(shape) * area(layer)),
    }
  })
}

/**
 * Each stage's share of all weights and of all multiplications.
 * @param costs as `anatomy.countStageCosts` gives them
 * @returns rows that `figures.barChart` draws as they are, in pairs
 * @example anatomy.shareCosts(anatomy.countStageCosts(network)).map(bar => bar.group)
 */
export function shareCosts(costs: readonly StageCost[]): { label: string; group: string; value: number }[] {
  const keys = ['weights', 'multiplications'] as const
  const total = (key: (typeof keys)[number]) => costs.reduce((sum, row) => sum + row[key], 0)
  return costs.flatMap(row => keys.map(key => ({ label: row.stage, group: key, value: row[key] / total(key) })))
}
