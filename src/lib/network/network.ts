/**
 * A model in the engine: its layers in order, run forward and backward on batches of images.
 *
 * A network occupies the engine's memory until `close`. It never changes the model that it was made from; `weights`
 * reads the numbers back.
 */
import { donate, read, release, releasingOnFailure, tensor, type Tensor } from '../engine/engine'
import { OneCall, runsAsOneCall } from '../engine/one-call'
import { operations } from '../engine/operations-in-use'
import type { Variable } from '../engine/variable'
import type { Model } from '../model/model'
import { planInput } from './layer-graph'
import { LayerOutputs } from './layer-outputs'
import type { BatchStatistics, Numbers, Pass, RunningStatistics, StepSeed } from './layers/layer'
import { requireObservable } from './observable'
import { planLayers, type LayerRange, type Plan, type Purpose } from './plan'
import { ReferenceCounts } from './reference-counts'
import { Tape } from './tape'

/** What a caller wants to see of a forward pass besides the scores. */
interface Observer {
  /** Layers whose outputs are collected instead of released. */
  layers?: ReadonlySet<string>
  /** The collected outputs, by layer name; filled during the pass. */
  outputs?: Map<string, Tensor>
  /** Whether a backward pass follows a pass without training. Default false. */
  backwardFollows?: boolean
  /** Called for each batch normalization in training mode. The statistics are released after the call. */
  onStatistics?(running: RunningStatistics, batch: BatchStatistics): void
}

/** A pass without training: no dropout, nothing saved for a backward pass. */
const inference: Pass = { training: false, drawn: new Map() }

export class Network {
  /** The variables that training changes by their gradients, by parameter name. */
  readonly trainable: ReadonlyMap<string, Variable>
  private readonly plan: Plan
  /** Names of the model's parameters, in the model's order. */
  private readonly names: readonly string[]
  /** Parameters that training does not change. Trainable ones live in the engine only, to avoid a second copy. */
  private readonly frozenWeights: ReadonlyMap<string, Float32Array>
  /** How many layers read each layer's output, by layer name. */
  private readonly readers = new Map<string, number>()
  /**
   * Names of the layers that train, and of those whose output depends on a layer that trains; with the purpose
   * 'explain' the input, and all layers.
   */
  private readonly needsGradient = new Set<string>()
  private readonly references = new ReferenceCounts()
  private readonly tape = new Tape(this.references)
  private readonly wholeForward = new OneCall(([images]) =>
    this.withFreshValues(() => [this.forward(images, inference)]))

  /**
   * @param range which layers of the model; default all. If the range begins after a layer, the network reads that
   *   layer's outputs in place of images.
   */
  constructor(model: Model, purpose: Purpose, range?: LayerRange) {
    this.plan = releasingOnFailure(() => planLayers(model, purpose, range))
    if (purpose === 'explain') this.needsGradient.add(planInput)
    for (const layer of this.plan.layers) {
      for (const input of layer.inputs) this.readers.set(input, (this.readers.get(input) ?? 0) + 1)
      if (layer.trainable || layer.inputs.some(input => this.needsGradient.has(input)))
        this.needsGradient.add(layer.name)
    }
    const trainable = this.plan.layers.filter(layer => layer.trainable).flatMap(layer => layer.variables)
    this.trainable = new Map(trainable.map(variable => [variable.name, variable]))
    const changing = new Set([...this.trainable.keys(), ...this.plan.averages.names])
    this.names = [...model.weights.keys()]
    this.frozenWeights = new Map([...model.weights].filter(([name]) => !changing.has(name)))
  }

  /**
   * Class scores (before softmax), [batch, classes], for images [batch, size, size, 3]. The caller releases both.
   * @param often whether many batches of this size come: see `OneCall`
   */
  infer(images: Tensor, often = false): Tensor {
    return often && runsAsOneCall() ? this.wholeForward.run([images])[0] : this.forward(images, inference)
  }

  /**
   * Outputs of the named layers for a batch of images, by layer name. The caller releases them. The network must have
   * been made with the purpose 'observe'.
   * @throws LabError 'unknown-layer' naming the nearest layers that there are
   */
  observe(images: Tensor, layers: readonly string[]): Map<string, Tensor> {
    requireObservable(layers, this.plan.layers.map(layer => layer.name))
    const outputs = new Map<string, Tensor>()
    const scores = this.forward(images, inference, { layers: new Set(layers), outputs })
    if (![...outputs.values()].includes(scores)) release(scores)
    return outputs
  }

  /**
   * The mean and the biased variance that each batch normalization in training mode finds in a batch, by the names of
   * the moving averages that follow them. No number of the network changes, and dropout is switched off.
   */
  batchStatistics(images: Tensor): Map<string, Float32Array> {
    const found = new Map<string, Float32Array>()
    const onStatistics = ({ mean, variance }: RunningStatistics, batch: BatchStatistics) =>
      found.set(mean.name, this.withBias(mean.name, read(batch.mean))).set(variance.name, read(batch.variance))
    release(this.forward(images, inference, { onStatistics }))
    return found
  }

  /**
   * As `infer`, but in training mode: dropout drops numbers, moving averages move, and the tensors that `backward`
   * reads stay in the engine until it has run. The caller keeps the images until then, too.
   */
  trainForward(images: Tensor, seed: StepSeed): Tensor {
    const drawn = new Map<string, Tensor>()
    try {
      for (const [layer, { numbers, shape }] of this.draw(images.shape[0], seed))
        drawn.set(layer, tensor(numbers, shape))
      return this.trainForwardWith(images, drawn)
    } finally {
      release(...drawn.values())
    }
  }

  /** What layers draw for a training step on so many images, such as dropout's masks, by layer name. */
  draw(batch: number, seed: StepSeed): Map<string, Numbers> {
    return new Map(this.plan.layers.flatMap(layer => (layer.draw ? [[layer.name, layer.draw(batch, seed)]] : [])))
  }

  /** As `trainForward`, with what layers drew. The caller releases it. */
  trainForwardWith(images: Tensor, drawn: ReadonlyMap<string, Tensor>): Tensor {
    // A step whose loss was no number had no backward pass.
    this.tape.clear()
    return this.forward(images, { training: true, drawn })
  }

  /**
   * Backpropagation: from the last layer to the first trainable one, each layer computes the gradients of its
   * parameters and of its inputs from the gradient of its output.
   *
   * Yields one parameter's gradient at a time, once the parameter's value is no longer read, so that the optimizer can
   * change it at once and release the gradient. The caller must take all of them and release them.
   * @param scoresGradient gradient of the loss with respect to the scores, [batch, classes]; the caller releases it
   */
  *backward(scoresGradient: Tensor): Generator<readonly [string, Tensor]> {
    const outputGradients = this.startingWith(scoresGradient)
    try {
      yield* this.runBackward(outputGradients)
    } finally {
      release(...outputGradients.values())
    }
  }

  /**
   * The gradient of a number made from the class scores with respect to the network's input, as at inference: dropout
   * is switched off, batch normalization uses its moving averages, frozen or not. The network must have been made with
   * the purpose 'explain'.
   * @param input images, or the outputs of the layer behind which the network begins; the caller releases them
   * @param startWith the gradient of that number with respect to the scores, from the scores, both [batch, classes]
   * @returns the scores, [batch, classes], and the gradient in the shape of `input`, which the caller releases
   */
  inputGradient(
    input: Tensor, startWith: (scores: Float32Array) => Float32Array,
  ): { scores: Float32Array; gradient: Tensor } {
    try {
      return releasingOnFailure(() => {
        const output = this.forward(input, inference, { backwardFollows: true })
        const scores = read(output), scoresGradient = tensor(startWith(scores), output.shape)
        const outputGradients = this.startingWith(scoresGradient)
        // No layer trains, so that there is no gradient of a parameter.
        for (const [, parameter] of this.runBackward(outputGradients)) release(parameter)
        const gradient = outputGradients.get(planInput)!
        outputGradients.delete(planInput)
        release(output, scoresGradient, ...outputGradients.values())
        return { scores, gradient }
      })
    } finally {
      this.tape.clear()
    }
  }

  /** The model's parameters as they are now, by name. Arrays of frozen layers are the model's own arrays. */
  weights(): Map<string, Float32Array> {
    const averages = this.plan.averages.numbers()
    const numbersOf = (name: string): Float32Array => {
      const average = averages.get(name)
      if (average) return this.withBias(name, average)
      return this.frozenWeights.get(name) ?? this.trainable.get(name)!.numbers()
    }
    return new Map(this.names.map(name => [name, numbersOf(name)]))
  }

  /** All variables that training changes, the moving averages included. */
  state(): Variable[] {
    return [...this.trainable.values(), ...this.plan.averages.variables]
  }

  /** Runs work in which layers read the values of their variables anew, and keep none of them. */
  withFreshValues<Result>(work: () => Result): Result {
    const forget = () => this.plan.layers.forEach(({ variables }) => variables.forEach(one => one.releaseValue()))
    forget()
    try {
      return work()
    } finally {
      forget()
    }
  }

  /** Gives the network's memory back to the engine. */
  close(): void {
    this.tape.clear()
    this.wholeForward.close()
    for (const layer of this.plan.layers) layer.variables.forEach(variable => variable.close())
    this.plan.averages.variables.forEach(variable => variable.close())
  }

  /** The gradients with which a backward pass starts: that of the last layer's output. */
  private startingWith(scoresGradient: Tensor): Map<string, Tensor> {
    const lastLayer = this.plan.layers[this.plan.layers.length - 1].name
    return new Map([[lastLayer, operations().reshape(scoresGradient, scoresGradient.shape)]])
  }

  /**
   * Takes the tape off, last layer first.
   * @param outputGradients gradients of layer outputs that no layer has used yet, by layer name; changed on the way
   */
  private *runBackward(outputGradients: Map<string, Tensor>): Generator<readonly [string, Tensor]> {
    const parameterGradients: (readonly [string, Tensor])[] = []
    try {
      for (let entry = this.tape.last; entry; entry = this.tape.last) {
        const { layer, inputs, y, saved } = entry
        const dy = outputGradients.get(layer.name)!
        outputGradients.delete(layer.name)
        const needsInputGradient = layer.inputs.some(input => this.needsGradient.has(input))
        const result = layer.backward(dy, { inputs, y, saved, needsInputGradient })
        result.inputs.forEach((gradient, i) => this.accumulate(outputGradients, layer.inputs[i], gradient))
        this.tape.pop()
        parameterGradients.push(...result.parameters)
        while (parameterGradients.length) yield parameterGradients.shift()!
      }
    } finally {
      // Where a layer or the caller failed, entries are left.
      this.tape.clear()
      release(...parameterGradients.map(([, gradient]) => gradient))
    }
  }

  private forward(images: Tensor, pass: Pass, observer: Observer = {}): Tensor {
    const outputs = new LayerOutputs(images, this.readers, this.references)
    try {
      return releasingOnFailure(() => this.runLayers(outputs, pass, observer))
    } catch (fault) {
      this.tape.clear()
      for (const output of observer.outputs?.values() ?? []) this.references.release(output)
      throw fault
    }
  }

  private runLayers(outputs: LayerOutputs, pass: Pass, observer: Observer): Tensor {
    const statistics = new Map<RunningStatistics, BatchStatistics>()
    const saves = pass.training || observer.backwardFollows
    let y = outputs.images
    for (const layer of this.plan.layers) {
      const inputs = outputs.inputsOf(layer)
      const result = layer.forward(outputs.donateTo(layer), pass)
      y = result.y
      outputs.add(layer.name, y)
      if (layer.runningStatistics) {
        statistics.set(layer.runningStatistics, result.statistics!)
        observer.onStatistics?.(layer.runningStatistics, result.statistics!)
      }
      if (saves && this.needsGradient.has(layer.name)) this.tape.push(layer, inputs, result)
      else release(...result.saved)
      if (observer.layers?.has(layer.name)) {
        observer.outputs!.set(layer.name, y)
        this.references.retain(y)
      }
      outputs.releaseFinished(layer)
    }
    for (const output of observer.outputs?.values() ?? []) this.references.forget(output)
    if (pass.training) this.plan.averages.update(statistics)
    return y
  }

  /** A moving mean plus the convolution bias that the plan folded into it; any other average as it is. */
  private withBias(name: string, average: Float32Array): Float32Array {
    const bias = this.plan.biasesFoldedIntoMean.get(name)
    return bias ? average.map((value, i) => value + bias[i]) : average
  }

  /** Adds a gradient to the gradient of a layer's output: an output with several readers receives one from each. */
  private accumulate(outputGradients: Map<string, Tensor>, layer: string, gradient: Tensor): void {
    const sum = outputGradients.get(layer)
    // Whoever releases the gradients after a failed sum must not find the donated one.
    outputGradients.delete(layer)
    if (!this.needsGradient.has(layer)) release(gradient)
    else outputGradients.set(layer, sum ? operations().add(donate(sum), donate(gradient)) : gradient)
  }
}
