/**
 * Turns an architecture and its numbers into runnable layers for one purpose.
 *
 * Neighbours are joined where that gives the same answer faster: zero padding goes into the
 * convolution or pooling behind it; a frozen batch normalization is folded into the frozen convolution
 * before it; 1×1 convolutions of stride 2 that read the same image share one subsampled copy.
 */
import { parameters, type LayerSpec } from './architecture'
import { add } from './layers/add'
import { batchNormalization, fixedNormalization } from './layers/batch-normalization'
import { convolution } from './layers/convolution'
import { dense } from './layers/dense'
import { dropout } from './layers/dropout'
import type { Layer } from './layers/layer'
import { globalAveragePooling, maxPooling, subsample } from './layers/pooling'
import { relu } from './layers/relu'
import type { Window } from './kernels'
import type { Model } from './model'
import { Variable } from './variable'

/**
 * 'train': layers that are not frozen use and follow batch statistics.
 * 'infer': nothing trains, everything that can be folded is.
 * 'observe': nothing trains, nothing is folded, so that each layer's own output can be looked at.
 */
export type Purpose = 'train' | 'infer' | 'observe'

/** Runnable layers, and how to read a model's numbers back from them. */
export interface Plan {
  layers: Layer[]
  /** Conv biases that batch normalization makes superfluous, by the name of the moving mean that holds them. */
  absorbed: ReadonlyMap<string, Float32Array>
}

type Normalization = LayerSpec & { kind: 'batch-normalization' }

export function planLayers(model: Model, purpose: Purpose): Plan {
  return new Planner(model, purpose).plan()
}

class Planner {
  private readonly layers: Layer[] = []
  private readonly absorbed = new Map<string, Float32Array>()
  /** What stands in for layers that were joined to others. */
  private readonly alias = new Map<string, string>()
  private readonly padding = new Map<string, number>()
  private readonly normalizationAfter = new Map<string, Normalization>()
  private readonly shapes: ReadonlyMap<string, readonly number[]>

  constructor(private readonly model: Model, private readonly purpose: Purpose) {
    this.shapes = new Map(parameters(model.architecture).map(parameter => [parameter.name, parameter.shape]))
    const kinds = new Map(model.architecture.layers.map(layer => [layer.name, layer.kind]))
    for (const layer of model.architecture.layers)
      if (layer.kind === 'batch-normalization' && kinds.get(layer.inputs[0]) === 'convolution')
        this.normalizationAfter.set(layer.inputs[0], layer)
  }

  plan(): Plan {
    for (const spec of this.model.architecture.layers) this.place(spec)
    return { layers: this.layers, absorbed: this.absorbed }
  }

  private place(spec: LayerSpec): void {
    const inputs = spec.inputs.map(input => this.alias.get(input) ?? input)
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
    const normalization = this.normalizationAfter.get(name)
    if (normalization && this.purpose !== 'observe' && !this.trains(name) && !this.trains(normalization.name)) {
      this.layers.push(this.foldedConvolution(options, normalization))
      this.alias.set(normalization.name, name)
      return
    }
    const kernel = this.variable(`${name}/kernel`)
    if (normalization && this.trains(normalization.name)) {
      this.absorbed.set(`${normalization.name}/moving_mean`, this.numbers(`${name}/bias`))
      this.layers.push(convolution({ ...options, kernel, trainable: this.trains(name) }))
      return
    }
    const bias = this.variable(`${name}/bias`)
    this.layers.push(convolution({ ...options, kernel, bias, trainable: this.trains(name) }))
  }

  /** Both layers in one: scale · (x ∗ kernel + bias) + shift = x ∗ (scale · kernel) + (scale · bias + shift). */
  private foldedConvolution(
    options: { name: string; inputs: readonly string[]; window: Window },
    normalization: Normalization,
  ): Layer {
    const { scale, shift } = this.scaleAndShift(normalization)
    const kernel = this.numbers(`${options.name}/kernel`), bias = this.numbers(`${options.name}/bias`)
    const outputs = bias.length
    return convolution({
      ...options, trainable: false,
      kernel: this.variable(`${options.name}/kernel`, kernel.map((value, i) => value * scale[i % outputs])),
      bias: this.variable(`${options.name}/bias`, bias.map((value, i) => value * scale[i] + shift[i])),
    })
  }

  private placeNormalization(spec: Normalization, inputs: readonly string[]): void {
    const { name, epsilon, momentum } = spec
    if (this.alias.has(name)) return
    if (!this.trains(name)) {
      const { scale, shift } = this.scaleAndShift(spec)
      const factor = this.variable(`${name}/scale`, scale), offset = this.variable(`${name}/shift`, shift)
      this.layers.push(fixedNormalization(name, inputs, factor, offset))
      return
    }
    const bias = this.absorbed.get(`${name}/moving_mean`)
    const mean = this.numbers(`${name}/moving_mean`)
    this.layers.push(batchNormalization({
      name, inputs, epsilon, momentum,
      variables: {
        gamma: this.variable(`${name}/gamma`), beta: this.variable(`${name}/beta`),
        mean: this.variable(`${name}/moving_mean`, bias ? mean.map((value, i) => value - bias[i]) : mean),
        variance: this.variable(`${name}/moving_variance`),
      },
    }))
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

  private trains(layer: string): boolean {
    return this.purpose === 'train' && !this.model.frozen.has(layer)
  }

  private numbers(name: string): Float32Array {
    return this.model.weights.get(name)!
  }

  private variable(name: string, values = this.numbers(name)): Variable {
    return new Variable(name, this.shapes.get(name) ?? [values.length], values)
  }
}
