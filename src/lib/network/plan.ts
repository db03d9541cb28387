/**
 * Turns an architecture and its numbers into runnable layers for one purpose.
 *
 * Neighbours are joined where that gives the same answer faster: zero padding goes into the
 * convolution or pooling behind it; a frozen batch normalization is folded into the frozen convolution
 * before it; what follows either one (the skip connection's sum, ReLU) is done in the same breath; 1×1
 * convolutions of stride 2 that read the same image share one subsampled copy.
 */
import { parameters, type LayerSpec } from '../model/architecture'
import { add } from './layers/add'
import { batchNormalization, fixedNormalization } from './layers/batch-normalization'
import { convolution, joinedConvolution } from './layers/convolution'
import { dense } from './layers/dense'
import { dropout } from './layers/dropout'
import type { Layer } from './layers/layer'
import { globalAveragePooling, maxPooling, subsample } from './layers/pooling'
import { relu } from './layers/relu'
import type { Window } from '../engine/operations-in-use'
import type { Model } from '../model/model'
import { Variable } from '../engine/variable'

/**
 * 'train': layers that are not frozen use and follow batch statistics.
 * 'infer': nothing trains, everything that can be folded is.
 * 'observe': nothing trains, nothing is folded, so that each layer's own output can be looked at.
 */
export type Purpose = 'train' | 'infer' | 'observe'

/** Which layers of a model are meant; default all. */
export interface LayerRange {
  /** The layer whose output stands in for the images: those up to it are left out. */
  after?: string
  /** The last layer. */
  through?: string
}

/** Runnable layers, and how to read a model's numbers back from them. */
export interface Plan {
  layers: Layer[]
  /** Conv biases that batch normalization makes superfluous, by the name of the moving mean that holds them. */
  absorbed: ReadonlyMap<string, Float32Array>
}

/** The name by which a plan's layers know its input. */
export const planInput = 'input_layer'

type Normalization = LayerSpec & { kind: 'batch-normalization' }

/** What is done in the same breath as a layer. */
interface Following {
  relu: boolean
  /** The layer whose output is added first. */
  side?: string
}

export function planLayers(model: Model, purpose: Purpose, layerRange: LayerRange = {}): Plan {
  return new Planner(model, purpose, layerRange).plan()
}

class Planner {
  private readonly layers: Layer[] = []
  private readonly absorbed = new Map<string, Float32Array>()
  /** What stands in for layers that were joined to others. */
  private readonly alias = new Map<string, string>()
  private readonly padding = new Map<string, number>()
  private readonly specs: readonly LayerSpec[]
  private readonly readers = new Map<string, LayerSpec[]>()
  private readonly shapes: ReadonlyMap<string, readonly number[]>

  constructor(private readonly model: Model, private readonly purpose: Purpose, { after, through }: LayerRange) {
    const { layers } = model.architecture
    const placeOf = (name: string) => layers.findIndex(layer => layer.name === name)
    this.specs = layers.slice(after ? placeOf(after) + 1 : 0, through ? placeOf(through) + 1 : undefined)
    if (after) this.alias.set(after, planInput)
    this.shapes = new Map(parameters(model.architecture).map(parameter => [parameter.name, parameter.shape]))
    for (const spec of this.specs)
      for (const input of spec.inputs) this.readers.set(input, [...this.readers.get(input) ?? [], spec])
  }

  plan(): Plan {
    for (const spec of this.specs) if (!this.alias.has(spec.name)) this.place(spec)
    return { layers: this.layers, absorbed: this.absorbed }
  }

  private place(spec: LayerSpec): void {
    const inputs = spec.inputs.map(input => this.resolved(input))
    switch (spec.kind) {
      case 'input': return
      case 'zero-padding':
        this.alias.set(spec.name, inputs[0])
        this.padding.set(spec.name, spec.padding)
        return
      case 'convolution': return this.placeConvolution(spec, inputs)
      case 'batch-normalization': return this.placeNormalization(spec, inputs)
      case 'relu': return void this.layers.push(relu(spec.name, inputs))
      case 'add': return void this.layers.push(add(spec.name, inputs))
      case 'max-pooling': {
        const window = { kernel: spec.kernel, stride: spec.stride, padding: this.padding.get(spec.inputs[0]) ?? 0 }
        return void this.layers.push(maxPooling(spec.name, inputs, window))
      }
      case 'global-average-pooling': return void this.layers.push(globalAveragePooling(spec.name, inputs))
      case 'dropout': return void this.layers.push(dropout(spec.name, inputs, spec.rate))
      case 'dense': return this.placeDense(spec, inputs)
    }
  }

  private placeConvolution(spec: LayerSpec & { kind: 'convolution' }, inputs: readonly string[]): void {
    const { name } = spec
    const window: Window = {
      kernel: spec.kernel, stride: spec.stride,
      padding: spec.padding === 'same' ? (spec.kernel - 1) / 2 : this.padding.get(spec.inputs[0]) ?? 0,
    }
    const from = spec.kernel === 1 && spec.stride === 2 ? [this.subsampled(inputs[0])] : inputs
    const options = { name, inputs: from, window: from === inputs ? window : { ...window, stride: 1 } }
    const normalization = this.normalizationAfter(name)
    if (normalization && this.purpose !== 'observe' && !this.trains(name) && !this.trains(normalization.name))
      return this.placeFolded(options, normalization)
    const kernel = this.kernel(name)
    if (normalization && this.trains(normalization.name)) {
      this.absorbed.set(`${normalization.name}/moving_mean`, this.numbers(`${name}/bias`))
      this.layers.push(convolution({ ...options, kernel, trainable: this.trains(name) }))
      return
    }
    const bias = this.variable(`${name}/bias`)
    this.layers.push(convolution({ ...options, kernel, bias, trainable: this.trains(name) }))
  }

  /** Both layers in one: scale · (x ∗ kernel + bias) + shift = x ∗ (scale · kernel) + (scale · bias + shift). */
  private placeFolded(
    options: { name: string; inputs: readonly string[]; window: Window }, normalization: Normalization,
  ): void {
    const { name } = options
    const { scale, shift } = this.scaleAndShift(normalization)
    const kernel = this.numbers(`${name}/kernel`), bias = this.numbers(`${name}/bias`)
    const outputs = bias.length
    this.alias.set(normalization.name, name)
    const { relu, side } = this.joinFollowing(normalization, name)
    this.layers.push(joinedConvolution({
      ...options, relu, inputs: side ? [...options.inputs, side] : options.inputs,
      kernel: this.kernel(name, kernel.map((value, i) => value * scale[i % outputs])),
      bias: this.variable(`${name}/bias`, bias.map((value, i) => value * scale[i] + shift[i])),
    }))
  }

  private placeNormalization(spec: Normalization, inputs: readonly string[]): void {
    const { name, epsilon, momentum } = spec
    if (!this.trains(name)) {
      const { scale, shift } = this.scaleAndShift(spec)
      const factor = this.variable(`${name}/scale`, scale), offset = this.variable(`${name}/shift`, shift)
      this.layers.push(fixedNormalization(name, inputs, factor, offset))
      return
    }
    const bias = this.absorbed.get(`${name}/moving_mean`)
    const mean = this.numbers(`${name}/moving_mean`)
    const { relu, side } = this.joinFollowing(spec, name)
    this.layers.push(batchNormalization({
      name, inputs: side ? [...inputs, side] : inputs, epsilon, relu,
      gamma: this.variable(`${name}/gamma`), beta: this.variable(`${name}/beta`),
      follower: {
        momentum,
        mean: { name: `${name}/moving_mean`, values: bias ? mean.map((value, i) => value - bias[i]) : mean },
        variance: { name: `${name}/moving_variance`, values: this.numbers(`${name}/moving_variance`) },
      },
    }))
  }

  /**
   * Finds what can be done in the same breath as the layer that `spec` ends, and lets `name` stand in for it: ReLU, or
   * the sum with a skip connection that is already there, and the ReLU behind it.
   */
  private joinFollowing(spec: LayerSpec, name: string): Following {
    const reader = this.onlyReader(spec.name)
    if (spec.shape.length !== 3 || !reader) return { relu: false }
    if (reader.kind === 'relu') {
      this.alias.set(reader.name, name)
      return { relu: true }
    }
    const side = reader.inputs.map(input => this.resolved(input)).find(input => input !== name)
    const after = this.onlyReader(reader.name)
    if (reader.kind !== 'add' || after?.kind !== 'relu' || !side || !this.isPlaced(side)) return { relu: false }
    this.alias.set(reader.name, name)
    this.alias.set(after.name, name)
    return { relu: true, side }
  }

  private onlyReader(name: string): LayerSpec | undefined {
    const readers = this.readers.get(name) ?? []
    return readers.length === 1 ? readers[0] : undefined
  }

  private isPlaced(name: string): boolean {
    return name === planInput || this.layers.some(layer => layer.name === name)
  }

  /** What a layer's output is called here. */
  private resolved(name: string): string {
    return this.alias.get(name) ?? name
  }

  private placeDense(spec: LayerSpec & { kind: 'dense' }, inputs: readonly string[]): void {
    const kernel = this.variable(`${spec.name}/kernel`), bias = this.variable(`${spec.name}/bias`)
    const linear = spec.activation === 'relu' ? `${spec.name}/linear` : spec.name
    this.layers.push(dense({ name: linear, inputs, kernel, bias, trainable: this.trains(spec.name) }))
    if (spec.activation === 'relu') this.layers.push(relu(spec.name, [linear]))
  }

  /** The name of the subsampled copy of a layer's output, made on first demand. */
  private subsampled(input: string): string {
    const name = `${input}/subsampled`
    if (!this.layers.some(layer => layer.name === name)) this.layers.push(subsample(name, [input]))
    return name
  }

  /** What batch normalization by moving averages amounts to: y = scale · x + shift. */
  private scaleAndShift({ name, epsilon }: Normalization) {
    const [gamma, beta, mean, variance] =
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(part => this.numbers(`${name}/${part}`))
    const scale = gamma.map((value, i) => value / Math.sqrt(variance[i] + epsilon))
    return { scale, shift: beta.map((value, i) => value - mean[i] * scale[i]) }
  }

  private normalizationAfter(convolution: string): Normalization | undefined {
    return this.readers.get(convolution)?.find(reader => reader.kind === 'batch-normalization') as Normalization | undefined
  }

  private trains(layer: string): boolean {
    return this.purpose === 'train' && !this.model.frozen.has(layer)
  }

  private numbers(name: string): Float32Array {
    return this.model.weights.get(name)!
  }

  /** A convolution's kernel: a matrix where it is 1×1. */
  private kernel(layer: string, values?: Float32Array): Variable {
    const name = `${layer}/kernel`
    const shape = this.shapes.get(name)!
    return this.variable(name, values, shape[0] === 1 ? shape.slice(2) : shape)
  }

  private variable(name: string, values = this.numbers(name), shape?: readonly number[]): Variable {
    return new Variable(name, shape ?? this.shapes.get(name) ?? [values.length], values)
  }
}
