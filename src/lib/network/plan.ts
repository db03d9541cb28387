/**
 * Turns a model's architecture and its parameters into layers that run in the engine.
 *
 * Layers are fused where fewer operations give the same answer faster:
 * - zero padding becomes the padding of the convolution or pooling behind it;
 * - a frozen batch normalization becomes part of the frozen convolution before it;
 * - the addition of a skip connection and ReLU become part of either of these two;
 * - 1×1 convolutions of stride 2 that read the same feature map share one subsampled copy of it.
 */
import type { Window } from '../engine/operations-in-use'
import type { LayerSpec } from '../model/architecture'
import type { Model } from '../model/model'
import { LayerGraph, planInput, type LayerRange, type NormalizationSpec } from './layer-graph'
import { LayerParameters } from './layer-parameters'
import { add } from './layers/add'
import { batchNormalization, frozenNormalization } from './layers/batch-normalization'
import { convolution, fusedConvolution } from './layers/convolution'
import { dense } from './layers/dense'
import { dropout } from './layers/dropout'
import type { Layer } from './layers/layer'
import { globalAveragePooling, maxPooling, subsample } from './layers/pooling'
import { relu } from './layers/relu'
import { MovingAverages } from './moving-averages'

export type { LayerRange } from './layer-graph'

/**
 * What a network is for.
 * - 'train': batch normalizations that are not frozen use the batch's statistics and move their averages.
 * - 'infer': no layer trains, and everything that can be fused is fused.
 * - 'observe': no layer trains, and no batch normalization is fused into a convolution, so that each layer has an
 *   output of its own.
 * - 'explain': as 'infer', and gradients with respect to the network's input can be computed.
 */
export type Purpose = 'train' | 'infer' | 'observe' | 'explain'

/** Layers that run in the engine, and how to read the model's parameters back from them. */
export interface Plan {
  layers: Layer[]
  averages: MovingAverages
  /**
   * Convolution biases that were dropped because batch normalization in training mode subtracts them again, by the name
   * of its moving mean. Whoever reads that moving mean adds them to it.
   */
  biasesFoldedIntoMean: ReadonlyMap<string, Float32Array>
}

/** Layers that are fused into the end of another one. */
interface FusedTail {
  /** The layer whose output is added first: the skip connection's shortcut. */
  shortcut?: string
  relu: boolean
}

export function planLayers(model: Model, purpose: Purpose, range: LayerRange = {}): Plan {
  return new Planner(model, purpose, range).plan()
}

class Planner {
  private readonly layers: Layer[] = []
  private readonly graph: LayerGraph
  private readonly parameters: LayerParameters
  private readonly biasesFoldedIntoMean = new Map<string, Float32Array>()
  /** The rings of zeros of each padding layer, by its name. */
  private readonly padding = new Map<string, number>()

  constructor(private readonly model: Model, private readonly purpose: Purpose, range: LayerRange) {
    this.graph = new LayerGraph(model.architecture, range)
    this.parameters = new LayerParameters(model)
  }

  plan(): Plan {
    for (const spec of this.graph.layers) if (!this.graph.isReplaced(spec.name)) this.addLayer(spec)
    const averages = new MovingAverages(this.layers.flatMap(({ runningStatistics }) => runningStatistics ?? []))
    return { layers: this.layers, averages, biasesFoldedIntoMean: this.biasesFoldedIntoMean }
  }

  private addLayer(spec: LayerSpec): void {
    const { name } = spec
    const inputs = spec.inputs.map(input => this.graph.resolve(input))
    switch (spec.kind) {
      case 'input': return
      case 'zero-padding':
        this.graph.replace(name, inputs[0])
        this.padding.set(name, spec.padding)
        return
      case 'convolution': return this.addConvolution(spec, inputs)
      case 'batch-normalization': return this.addNormalization(spec, inputs)
      case 'relu': return void this.layers.push(relu(name, inputs))
      case 'add': return void this.layers.push(add(name, inputs))
      case 'max-pooling': {
        const window = { kernel: spec.kernel, stride: spec.stride, padding: this.padding.get(spec.inputs[0]) ?? 0 }
        return void this.layers.push(maxPooling(name, inputs, window))
      }
      case 'global-average-pooling': return void this.layers.push(globalAveragePooling(name, inputs))
      case 'dropout': return void this.layers.push(dropout(name, inputs, spec.rate, spec.shape))
      case 'dense': return this.addDense(spec, inputs)
    }
  }

  private addConvolution(spec: LayerSpec & { kind: 'convolution' }, inputs: readonly string[]): void {
    const { name } = spec
    const trainable = this.trains(name)
    const padding = spec.padding === 'same' ? (spec.kernel - 1) / 2 : this.padding.get(spec.inputs[0]) ?? 0
    const window: Window = { kernel: spec.kernel, stride: spec.stride, padding }
    const options = spec.kernel === 1 && spec.stride === 2
      ? { name, inputs: [this.subsampled(inputs[0])], window: { ...window, stride: 1 } }
      : { name, inputs, window }
    const normalization = this.graph.normalizationAfter(name)
    if (normalization && this.purpose !== 'observe' && !trainable && !this.trains(normalization.name))
      return this.addFusedConvolution(options, normalization)
    const kernel = this.parameters.kernel(name)
    if (normalization && this.trains(normalization.name)) {
      this.biasesFoldedIntoMean.set(`${normalization.name}/moving_mean`, this.parameters.numbers(`${name}/bias`))
      this.layers.push(convolution({ ...options, kernel, trainable }))
      return
    }
    const bias = this.parameters.variable(`${name}/bias`)
    this.layers.push(convolution({ ...options, kernel, bias, trainable }))
  }

  /** Two layers in one: scale · (x ∗ kernel + bias) + shift = x ∗ (scale · kernel) + (scale · bias + shift). */
  private addFusedConvolution(
    options: { name: string; inputs: readonly string[]; window: Window }, normalization: NormalizationSpec,
  ): void {
    const { name } = options
    const { scale, shift } = this.parameters.scaleAndShift(normalization)
    const kernel = this.parameters.numbers(`${name}/kernel`), bias = this.parameters.numbers(`${name}/bias`)
    const outputs = bias.length
    this.graph.replace(normalization.name, name)
    const { shortcut, relu } = this.fuseTail(normalization, name)
    this.layers.push(fusedConvolution({
      ...options, relu, inputs: shortcut ? [...options.inputs, shortcut] : options.inputs,
      kernel: this.parameters.kernel(name, kernel.map((value, i) => value * scale[i % outputs])),
      bias: this.parameters.variable(`${name}/bias`, bias.map((value, i) => value * scale[i] + shift[i])),
    }))
  }

  private addNormalization(spec: NormalizationSpec, inputs: readonly string[]): void {
    const { name, epsilon, momentum } = spec
    if (!this.trains(name)) {
      const { scale, shift } = this.parameters.scaleAndShift(spec)
      this.layers.push(frozenNormalization(name, inputs,
        this.parameters.variable(`${name}/scale`, scale), this.parameters.variable(`${name}/shift`, shift)))
      return
    }
    const bias = this.biasesFoldedIntoMean.get(`${name}/moving_mean`)
    const mean = this.parameters.numbers(`${name}/moving_mean`)
    const { shortcut, relu } = this.fuseTail(spec, name)
    this.layers.push(batchNormalization({
      name, inputs: shortcut ? [...inputs, shortcut] : inputs, epsilon, relu,
      gamma: this.parameters.variable(`${name}/gamma`), beta: this.parameters.variable(`${name}/beta`),
      runningStatistics: {
        momentum,
        mean: { name: `${name}/moving_mean`, values: bias ? mean.map((value, i) => value - bias[i]) : mean },
        variance: { name: `${name}/moving_variance`, values: this.parameters.numbers(`${name}/moving_variance`) },
      },
    }))
  }

  private addDense(spec: LayerSpec & { kind: 'dense' }, inputs: readonly string[]): void {
    const kernel = this.parameters.variable(`${spec.name}/kernel`)
    const bias = this.parameters.variable(`${spec.name}/bias`)
    const linear = spec.activation === 'relu' ? `${spec.name}/linear` : spec.name
    this.layers.push(dense({ name: linear, inputs, kernel, bias, trainable: this.trains(spec.name) }))
    if (spec.activation === 'relu') this.layers.push(relu(spec.name, [linear]))
  }

  /**
   * Fuses the layers behind `spec` into the layer `name`: ReLU; or the addition that ends a skip connection with the
   * ReLU behind it, if the layer whose output is added has already run.
   */
  private fuseTail(spec: LayerSpec, name: string): FusedTail {
    const reader = this.graph.onlyReader(spec.name)
    if (spec.shape.length !== 3 || !reader) return { relu: false }
    if (reader.kind === 'relu') {
      this.graph.replace(reader.name, name)
      return { relu: true }
    }
    const shortcut = reader.inputs.map(input => this.graph.resolve(input)).find(input => input !== name)
    const after = this.graph.onlyReader(reader.name)
    if (reader.kind !== 'add' || after?.kind !== 'relu' || !shortcut || !this.hasRun(shortcut)) return { relu: false }
    this.graph.replace(reader.name, name)
    this.graph.replace(after.name, name)
    return { shortcut, relu: true }
  }

  /** The name of the subsampled copy of a layer's output; the first call adds the layer that makes it. */
  private subsampled(input: string): string {
    const name = `${input}/subsampled`
    if (!this.hasRun(name)) this.layers.push(subsample(name, [input]))
    return name
  }

  /** Whether the layer comes before the one that is being added. */
  private hasRun(name: string): boolean {
    return name === planInput || this.layers.some(layer => layer.name === name)
  }

  private trains(layer: string): boolean {
    return this.purpose === 'train' && !this.model.frozen.has(layer)
  }
}
