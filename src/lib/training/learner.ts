/** A model in the engine together with its optimizer: takes the steps of a training run. */
import { read, release, releasingOnFailure, tensor, type Tensor } from '../engine/engine'
import { OneCall, runsAsOneCall } from '../engine/one-call'
import type { Variable } from '../engine/variable'
import { parameters, type Stage } from '../model/architecture'
import { findNotFinite, requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import type { LayerRange } from '../network/plan'
import { LabError, requireInRange } from '../system/errors'
import type { EngineGradient, Found, Objective } from './objective'
import { checkOptimizer, Optimizer, type OptimizerConfig } from './optimizer'

/** Sees each gradient by its parameter's name, but neither stores nor releases it. */
export type GradientListener = (name: string, gradient: Tensor) => void

/** Occupies the engine's memory until it is closed. */
export class Learner {
  private readonly network: Network
  private readonly optimizer: Optimizer
  /** Names the random choices of dropout. */
  private readonly seed: number
  /** How many images a full batch has; a step on one may run as one call. */
  private readonly batch: number | undefined
  private readonly wholeStep = new OneCall(inputs => this.engineStep(inputs))
  /** The objective's part of the step that is being recorded. */
  private engineGradient: EngineGradient | null = null

  /**
   * @param config `batch`: how many images a full batch has; a step on one may run as one call
   * @param layerRange the layers that a batch passes; default all
   * @throws LabError 'bad-argument' if all layers are frozen, for an optimizer outside its ranges, or for a
   *   model whose numbers are not finite
   */
  constructor(
    model: Model, config: { optimizer: OptimizerConfig; seed?: number; batch?: number }, layerRange?: LayerRange,
  ) {
    checkOptimizer(config.optimizer)
    requireFiniteWeights(model)
    this.seed = config.seed ?? 0
    this.batch = config.batch
    const { network, optimizer } = releasingOnFailure(() => {
      const network = new Network(model, 'train', layerRange)
      if (network.trainable.size === 0)
        throw new LabError('bad-argument', {
          expected: 'a model with at least one layer that trains', received: 'all layers frozen',
          remedy: "Freeze less, for example freeze(model, { through: 'conv5' })",
        })
      return { network, optimizer: new Optimizer(config.optimizer, network.trainable, stagesByParameter(model)) }
    })
    this.network = network
    this.optimizer = optimizer
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.optimizer.step
  }

  /**
   * One step: forward pass, loss, backward pass, update of all variables. A step whose loss is not finite ends the run:
   * the variables are of no more use.
   * @param input the caller releases it
   * @param rate 0 to 100
   * @param objective the loss of the network's outputs, [batch, …]
   * @returns what `objective` found
   * @throws LabError 'bad-argument' for a rate that is no number from 0 to 100; no variable has changed then
   */
  step<Measured extends Found>(
    input: Tensor, rate: number, objective: Objective<Measured>, onGradient?: GradientListener,
  ): Measured {
    requireInRange(`the learning rate of step ${this.steps + 1}`, rate, { low: 0, high: 100 }, 'Change the schedule')
    const asOneCall = input.shape[0] === this.batch && !onGradient && runsAsOneCall()
    const engineGradient = asOneCall ? objective.inEngine?.() : undefined
    return releasingOnFailure(() => (engineGradient ? this.stepAsOneCall(input, rate, objective, engineGradient)
      : this.stepByOperations(input, rate, objective, onGradient)))
  }

  private stepByOperations<Measured extends Found>(
    input: Tensor, rate: number, objective: Objective<Measured>, onGradient?: GradientListener,
  ): Measured {
    const outputs = this.network.trainForward(input, { seed: this.seed, step: this.steps })
    const tensors = [outputs]
    try {
      const found = objective.measure(read(outputs))
      if (!Number.isFinite(found.loss)) return found
      const outputGradient = tensor(found.gradient, outputs.shape)
      tensors.push(outputGradient)
      const gradients = this.network.backward(outputGradient)
      this.optimizer.apply(onGradient ? shown(gradients, onGradient) : gradients, rate)
      return found
    } finally {
      release(...tensors)
    }
  }

  /** As `step`, by one call of the engine. The loss is read afterwards. */
  private stepAsOneCall<Measured extends Found>(
    images: Tensor, rate: number, objective: Objective<Measured>, engineGradient: EngineGradient,
  ): Measured {
    const drawn = this.network.draw(images.shape[0], { seed: this.seed, step: this.steps })
    const settings = this.optimizer.nextSettings(rate)
    const numbers = [{ numbers: settings, shape: [settings.length] }, ...engineGradient.inputs, ...drawn.values()]
    this.engineGradient = engineGradient
    const tensors: Tensor[] = []
    try {
      for (const one of numbers) tensors.push(tensor(one.numbers, one.shape))
      const [outputs] = this.wholeStep.run([images, ...tensors], engineGradient.name)
      tensors.push(outputs)
      this.optimizer.step++
      return objective.measure(read(outputs))
    } finally {
      release(...tensors)
    }
  }

  /** The engine's part of a step: from the inputs of `stepAsOneCall` to the network's outputs. */
  private engineStep([images, settings, ...more]: readonly Tensor[]): Tensor[] {
    const { network, optimizer, engineGradient } = this
    const { inputs, gradient } = engineGradient!
    const layers = [...network.draw(images.shape[0], { seed: this.seed, step: this.steps }).keys()]
    const drawn = new Map(layers.map((layer, i) => [layer, more[inputs.length + i]]))
    return network.withFreshValues(() => {
      const tensors = [network.trainForwardWith(images, drawn)]
      try {
        tensors.push(gradient(tensors[0], more))
        optimizer.update(network.backward(tensors[1]), settings)
        return [tensors.shift()!]
      } finally {
        release(...tensors)
      }
    })
  }

  /**
   * The model's current weights by name.
   * @throws LabError 'engine-failed' where a number of them is not finite: the network's answers would mean nothing,
   *   and may look perfect
   */
  weights(): Map<string, Float32Array> {
    const weights = this.network.weights()
    const name = findNotFinite(weights)
    if (name !== null)
      throw new LabError('engine-failed', {
        expected: 'weights that are finite numbers', received: `other numbers in ${name} after step ${this.steps}`,
        remedy: 'Lower the learning rate',
      })
    return weights
  }

  /** Everything that steps change, besides the number of steps. */
  variables(): Variable[] {
    return [...this.network.state(), ...this.optimizer.slots.values()]
  }

  /** Continues from saved variables, as if this learner had taken the steps that led to them. */
  resume(valuesOf: (name: string) => Float32Array, steps: number): void {
    for (const variable of this.variables()) variable.write(valuesOf(variable.name))
    this.optimizer.step = steps
  }

  close(): void {
    this.wholeStep.close()
    this.optimizer.close()
    this.network.close()
  }
}

/** The stage of each parameter, by the parameter's name. */
function stagesByParameter({ architecture }: Model): Map<string, Stage> {
  const stageOf = new Map(architecture.layers.map(({ name, stage }) => [name, stage]))
  return new Map(parameters(architecture).map(({ name, layer }) => [name, stageOf.get(layer)!]))
}

function* shown(
  gradients: Iterable<readonly [string, Tensor]>, onGradient: GradientListener,
): Generator<readonly [string, Tensor]> {
  for (const [name, gradient] of gradients) {
    onGradient(name, gradient)
    yield [name, gradient]
  }
}
