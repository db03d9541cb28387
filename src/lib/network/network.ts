/**
 * A model in the engine: its layers in order, run forward and backward on batches of images.
 *
 * Open one, use it, close it: it holds memory of the engine until then. The model it was made from is
 * never changed; `weights` reads the numbers back.
 */
import { donate, read, release, type Tensor } from '../engine/engine'
import { LabError, nearest } from '../system/errors'
import { operations } from '../engine/operations-in-use'
import type { Follower, Forward, Layer, Pass } from './layers/layer'
import type { Model } from '../model/model'
import { MovingAverages } from './moving-averages'
import { planInput, planLayers, type Plan, type Purpose, type LayerRange } from './plan'
import type { Variable } from '../engine/variable'

/** What a training pass leaves for the backward pass. */
interface Step {
  layer: Layer
  inputs: readonly Tensor[]
  y: Tensor
  saved: readonly Tensor[]
  /** Those of the above that other steps may hold too. */
  held: readonly Tensor[]
}

type Statistics = NonNullable<Forward['statistics']>

/** What is looked at while a batch goes through. */
interface Watch {
  /** Layers whose outputs go to `kept` in place of being released. */
  keep?: ReadonlySet<string>
  kept?: Map<string, Tensor>
  /** Told the batch statistics of each batch normalization that trains, which are released after it. */
  note?(follower: Follower, statistics: Statistics): void
}

export class Network {
  /** The variables that gradients reach, by parameter name. */
  readonly trainable: ReadonlyMap<string, Variable>
  private readonly plan: Plan
  private readonly averages: MovingAverages
  /** The model's parameters, in its order. */
  private readonly names: readonly string[]
  /** Those that nothing here changes. The others are not held, so that they need not be twice in memory. */
  private readonly still: ReadonlyMap<string, Float32Array>
  /** How many layers read each layer's output. */
  private readonly readers = new Map<string, number>()
  /** Layers whose output depends on something that trains. */
  private readonly reached = new Set<string>()
  private readonly tape: Step[] = []
  /** How many backward steps still need a tensor, by its id. */
  private readonly holds = new Map<number, number>()

  /** @param layerRange which layers; where it begins after one, that layer's outputs take the images' place */
  constructor(model: Model, purpose: Purpose, layerRange?: LayerRange) {
    this.plan = planLayers(model, purpose, layerRange)
    for (const layer of this.plan.layers) {
      for (const input of layer.inputs) this.readers.set(input, (this.readers.get(input) ?? 0) + 1)
      if (layer.trainable || layer.inputs.some(input => this.reached.has(input))) this.reached.add(layer.name)
    }
    const trainable = this.plan.layers.filter(layer => layer.trainable).flatMap(layer => layer.variables)
    this.trainable = new Map(trainable.map(variable => [variable.name, variable]))
    this.averages = new MovingAverages(this.plan.layers.flatMap(({ follower }) => follower ?? []))
    const moving = new Set([...this.trainable.keys(), ...this.averages.names])
    this.names = [...model.weights.keys()]
    this.still = new Map([...model.weights].filter(([name]) => !moving.has(name)))
  }

  /** Class scores (before softmax), [batch, classes], for images [batch, size, size, 3]. Caller releases both. */
  infer(images: Tensor): Tensor {
    return this.forward(images, { training: false, seed: 0, step: 0 })
  }

  /** Outputs of the named layers for a batch of images, as a network opened to 'observe' gives them. */
  observe(images: Tensor, layers: readonly string[]): Map<string, Tensor> {
    const has = this.plan.layers.map(layer => layer.name)
    for (const name of layers)
      if (!has.includes(name))
        throw new LabError('unknown-layer', {
          expected: `a layer whose output can be looked at, such as ${nearest(name, has).join(', ')}`,
          received: name,
          remedy: 'show(summary(model)) lists the layers; padding has no output of its own',
        })
    const observed = new Map<string, Tensor>()
    const keep = new Set(layers)
    const scores = this.forward(images, { training: false, seed: 0, step: 0 }, { keep, kept: observed })
    if (![...observed.values()].includes(scores)) release(scores)
    return observed
  }

  /**
   * The mean and biased variance that each batch normalization that trains finds in a batch, by the names of the moving
   * averages that they would enter. Nothing moves, and dropout lets all through.
   */
  batchStatistics(images: Tensor): Map<string, Float32Array> {
    const found = new Map<string, Float32Array>()
    const note = ({ mean, variance }: Follower, batch: Statistics) =>
      found.set(mean.name, this.withBias(mean.name, read(batch.mean))).set(variance.name, read(batch.variance))
    release(this.forward(images, { training: false, seed: 0, step: 0 }, { note }))
    return found
  }

  /** As `infer`, but in training mode: what `backward` needs is kept until it has run. */
  trainForward(images: Tensor, pass: { seed: number; step: number }): Tensor {
    return this.forward(images, { ...pass, training: true })
  }

  /**
   * Gradients by parameter name, each as soon as it is known and its parameter no longer needed, from the gradient of
   * the loss with respect to the scores. Caller releases them, and goes through all.
   */
  *backward(scoresGradient: Tensor): Generator<readonly [string, Tensor]> {
    const last = this.plan.layers[this.plan.layers.length - 1].name
    const own = operations().reshape(scoresGradient, scoresGradient.shape)
    const waiting = new Map<string, Tensor>([[last, own]])
    const gradients: (readonly [string, Tensor])[] = []
    try {
      for (let step: Step | undefined; (step = this.tape.at(-1));) {
        const { layer, inputs, y, saved } = step
        const dy = waiting.get(layer.name)!
        waiting.delete(layer.name)
        const inputGradient = layer.inputs.some(input => this.reached.has(input))
        const result = layer.backward(dy, { inputs, y, saved, inputGradient })
        result.inputs.forEach((gradient, i) => this.accumulate(waiting, layer.inputs[i], gradient))
        this.forgetLast()
        gradients.push(...result.parameters)
        while (gradients.length) yield gradients.shift()!
      }
    } finally {
      release(...waiting.values(), ...gradients.map(([, gradient]) => gradient))
    }
  }

  /** The model's numbers as they are now; arrays of layers that do not train are the model's own. */
  weights(): Map<string, Float32Array> {
    const averages = this.averages.numbers()
    const numbers = (name: string): Float32Array => {
      const average = averages.get(name)
      if (average) return this.withBias(name, average)
      return this.still.get(name) ?? this.trainable.get(name)!.numbers()
    }
    return new Map(this.names.map(name => [name, numbers(name)]))
  }

  /** Every variable of the layers that train, moving averages included, as the engine holds them. */
  state(): Variable[] {
    return [...this.trainable.values(), ...this.averages.variables]
  }

  close(): void {
    this.forgetAll()
    for (const layer of this.plan.layers) layer.variables.forEach(variable => variable.close())
    this.averages.variables.forEach(variable => variable.close())
  }

  /** A moving mean with the bias of the convolution before it, which the plan leaves out; any other as it is. */
  private withBias(name: string, average: Float32Array): Float32Array {
    const bias = this.plan.absorbed.get(name)
    return bias ? average.map((value, i) => value + bias[i]) : average
  }

  private forward(images: Tensor, pass: Pass, watch: Watch = {}): Tensor {
    const values = new Map<string, Tensor>()
    try {
      return this.forwardInto(values, images, pass, watch)
    } catch (fault) {
      for (const value of new Set(values.values())) if (!this.holds.has(value.id)) release(value)
      this.forgetAll()
      for (const value of watch.kept?.values() ?? []) {
        this.holds.delete(value.id)
        release(value)
      }
      throw fault
    }
  }

  /** @param values what layers gave and nobody has released or taken over yet, by their names; empty at first */
  private forwardInto(values: Map<string, Tensor>, images: Tensor, pass: Pass, { keep, kept, note }: Watch): Tensor {
    const valueOf = (input: string) => (input === planInput ? images : values.get(input)!)
    const unread = new Map(this.readers)
    const statistics = new Map<Follower, Statistics>()
    let y = images
    for (const layer of this.plan.layers) {
      for (const input of layer.inputs) unread.set(input, unread.get(input)! - 1)
      const done = (input: string) =>
        unread.get(input) === 0 && input !== planInput && !this.holds.has(values.get(input)!.id)
      const inputs = layer.inputs.map(valueOf)
      const given = layer.inputs.map((input, place) => layer.takes.includes(place) && done(input))
      const finished = new Set(layer.inputs.filter((input, place) => !given[place] && done(input)))
      layer.inputs.forEach((input, place) => { if (given[place]) values.delete(input) })
      const result = layer.forward(inputs.map((input, place) => (given[place] ? donate(input) : input)), pass)
      y = result.y
      values.set(layer.name, y)
      if (layer.follower) {
        statistics.set(layer.follower, result.statistics!)
        note?.(layer.follower, result.statistics!)
      }
      if (pass.training && this.reached.has(layer.name)) this.remember(layer, inputs, result)
      else release(...result.saved)
      if (keep?.has(layer.name)) {
        kept!.set(layer.name, y)
        this.hold(y)
      }
      for (const input of finished)
        if (done(input)) {
          release(values.get(input)!)
          values.delete(input)
        }
    }
    for (const value of kept?.values() ?? []) this.holds.delete(value.id)
    if (pass.training) this.averages.follow(statistics)
    return y
  }

  private remember(layer: Layer, inputs: readonly Tensor[], { y, saved }: Forward): void {
    const held = layer.remembers.inputs.filter(place => layer.inputs[place] !== planInput).map(place => inputs[place])
    if (layer.remembers.y) held.push(y)
    held.forEach(one => this.hold(one))
    this.tape.push({ layer, inputs, y, saved, held })
  }

  /** Lets go of what the last step that a training pass left needs. */
  private forgetLast(): void {
    const { saved, held } = this.tape.pop()!
    release(...saved)
    held.forEach(one => this.letGo(one))
  }

  private forgetAll(): void {
    while (this.tape.length) this.forgetLast()
  }

  private hold({ id }: Tensor): void {
    this.holds.set(id, (this.holds.get(id) ?? 0) + 1)
  }

  private letGo(held: Tensor): void {
    const left = this.holds.get(held.id)! - 1
    if (left > 0) this.holds.set(held.id, left)
    else {
      this.holds.delete(held.id)
      release(held)
    }
  }

  private accumulate(waiting: Map<string, Tensor>, name: string, gradient: Tensor): void {
    const other = waiting.get(name)
    if (!this.reached.has(name)) release(gradient)
    else if (!other) waiting.set(name, gradient)
    else waiting.set(name, operations().add(donate(other), donate(gradient)))
  }
}
