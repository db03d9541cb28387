/** Which numbers of a model training moved: two models compared bit by bit. */
import { sum } from 'd3-array'
import { parameters, stages, type ParameterSpec, type Stage } from './architecture'
import type { Model } from './model'

/** What training moved in one stage. */
export interface MovedRow {
  stage: Stage
  /** How many numbers the stage holds. */
  numbers: number
  /** How many of them gradients may change. */
  trainable: number
  /** How many differ between the two models, compared bit by bit. */
  moved: number
}

/**
 * Counts, stage by stage, which numbers differ between a model before and after training.
 * @param after a model with the layers of `before`; its frozen layers count as not trainable
 * @example show(countMovedNumbers(network, trained.model))   // one row a stage, from the stem to the head
 */
export function countMovedNumbers(before: Model, after: Model): MovedRow[] {
  const stageOf = new Map(before.architecture.layers.map(layer => [layer.name, layer.stage]))
  const count = ({ name }: ParameterSpec) => before.weights.get(name)!.length
  return stages.map(stage => {
    const inStage = parameters(before.architecture).filter(({ layer }) => stageOf.get(layer) === stage)
    return {
      stage,
      numbers: sum(inStage, count),
      trainable: sum(inStage.filter(({ trainable, layer }) => trainable && !after.frozen.has(layer)), count),
      moved: sum(inStage, ({ name }) => differences(before.weights.get(name)!, after.weights.get(name)!)),
    }
  })
}

/** How many numbers of two arrays differ in any bit. */
function differences(a: Float32Array, b: Float32Array): number {
  const left = new Uint32Array(a.buffer, a.byteOffset, a.length)
  const right = new Uint32Array(b.buffer, b.byteOffset, b.length)
  return left.reduce((count, bits, i) => count + (bits === right[i] ? 0 : 1), 0)
}
