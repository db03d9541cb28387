/** What convolutions cost: numbers to keep, multiplications to do. */
import { parameters, stages, type Stage } from './architecture'
import { sizeOf } from '../system/shape'
import type { Model } from './model'

/** The shape of one convolution. */
export interface ConvolutionShape {
  /** Side of its square kernels in pixels. */
  kernel: number
  /** Channels it reads. */
  inputs: number
  /** Channels it makes. */
  outputs: number
  /** Side of the square it makes, in pixels. */
  side: number
}

/** What it costs. */
export interface ConvolutionCost {
  /** Numbers in its kernels, biases not counted. */
  weights: number
  /** For one image, forward. */
  multiplications: number
}

/** Each output number is a sum of kernel² · inputs products. */
export function countConvolution({ kernel, inputs, outputs, side }: ConvolutionShape): ConvolutionCost {
  const weights = kernel ** 2 * inputs * outputs
  return { weights, multiplications: weights * side ** 2 }
}

/** Convolutions of a stage and what they cost together. */
export interface StageCost extends ConvolutionCost {
  stage: Stage
  convolutions: number
}

/** A model's convolutions, stage by stage. */
export function countStageCosts({ architecture }: Pick<Model, 'architecture'>): StageCost[] {
  const kernels = parameters(architecture).filter(({ name, shape }) => name.endsWith('/kernel') && shape.length === 4)
  const shapes = new Map(architecture.layers.map(layer => [layer.name, layer]))
  return stages.slice(0, -1).map(stage => {
    const own = kernels.filter(({ layer }) => shapes.get(layer)!.stage === stage)
    const area = (layer: string) => shapes.get(layer)!.shape[0] * shapes.get(layer)!.shape[1]
    return {
      stage, convolutions: own.length,
      weights: own.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      multiplications: own.reduce((sum, { shape, layer }) => sum + sizeOf(shape) * area(layer), 0),
    }
  })
}
