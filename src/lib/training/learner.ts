/** A model in the engine beside the optimizer that changes it: what takes the steps of a training run. */
import { read, release, tensor, type Tensor } from '../engine/engine'
import { LabError } from '../system/errors'
import { frozenThrough } from '../model/freeze'
import type { Batch } from '../batches/batch'
import { crossEntropy } from '../network/loss'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { checkOptimizer, Optimizer } from './optimizer'
import type { LayerRange } from '../network/plan'
import type { TrainConfig } from './config'
import type { Variable } from '../engine/variable'

/** Holds memory of the engine until it is closed. */
export class Learner {
  /** What trains: the layers behind those that are frozen from the first on. */
  readonly layerRange: LayerRange
  private readonly network: Network
  private readonly optimizer: Optimizer

  /** @throws LabError 'bad-argument' where all layers are frozen, or for an optimizer outside its ranges */
  constructor(model: Model, private readonly config: TrainConfig) {
    checkOptimizer(config.optimizer)
    this.layerRange = { after: frozenThrough(model) ?? undefined }
    this.network = new Network(model, 'train', this.layerRange)
    if (this.network.trainable.size === 0) {
      this.network.close()
      throw new LabError('bad-argument', {
        expected: 'a model with at least one layer that trains', received: 'all layers frozen',
        remedy: "Freeze less, for example freeze(model, { through: 'conv5' })",
      })
    }
    this.optimizer = new Optimizer(config.optimizer, this.network.trainable)
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.optimizer.step
  }

  /**
   * One step: forward, loss, backward, and every variable moved. The batch stays the caller's.
   * @param look is shown each gradient by its parameter's name; it neither keeps nor releases it
   * @returns the batch's mean loss before the step, and how many of its images were right
   */
  step(
    { input, labels, count }: Batch, rate: number, look?: (name: string, gradient: Tensor) => void,
  ): { loss: number; correct: number } {
    const { seed = 0, labelSmoothing } = this.config
    const scores = this.network.trainForward(input, { seed, step: this.steps })
    const classes = scores.shape[1]
    const held = [scores]
    try {
      const { loss, correct, gradient } = crossEntropy(read(scores), labels, classes, labelSmoothing)
      const start = tensor(gradient, [count, classes])
      held.push(start)
      const gradients = this.network.backward(start)
      this.optimizer.apply(look ? looked(gradients, look) : gradients, rate)
      return { loss, correct }
    } finally {
      release(...held)
    }
  }

  /** The model's numbers as they are now. */
  weights(): Map<string, Float32Array> {
    return this.network.weights()
  }

  /** All that steps change: what a checkpoint keeps, beside the number of steps. */
  variables(): Variable[] {
    return [...this.network.state(), ...this.optimizer.slots.values()]
  }

  /** Goes on from where another one stood. */
  takeUp(values: (name: string) => Float32Array, steps: number): void {
    for (const variable of this.variables()) variable.write(values(variable.name))
    this.optimizer.step = steps
  }

  close(): void {
    this.optimizer.close()
    this.network.close()
  }
}

function* looked(
  gradients: Iterable<readonly [string, Tensor]>, look: (name: string, gradient: Tensor) => void,
): Generator<readonly [string, Tensor]> {
  for (const [name, gradient] of gradients) {
    look(name, gradient)
    yield [name, gradient]
  }
}
