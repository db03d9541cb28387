/** A model's layers as Keras 2 writes them. Keras 2, Keras 3 and TensorFlow.js read this layout. */
import { parameters, type LayerSpec } from '../../model/architecture'
import { LabError } from '../../system/errors'
import type { Model } from '../../model/model'

/** The release of Keras whose layout the files follow. */
export const kerasVersion = '2.15.0'

interface KerasLayer {
  class_name: string
  config: Record<string, unknown>
}

/**
 * The model's layers in Keras's order: layers farther from the output come first. Programs that read weights by order
 * instead of by name depend on this order.
 */
export function inKerasOrder(model: Model): LayerSpec[] {
  const { layers } = model.architecture
  const distances = new Map<string, number>()
  const distance = (name: string) => distances.get(name) ?? 0
  for (const { name, inputs } of [...layers].reverse())
    for (const input of inputs) distances.set(input, Math.max(distance(input), distance(name) + 1))
  // The sort is stable: layers at equal distance keep the list's order, the shortcut before the main path.
  return [...layers].sort((a, b) => distance(b.name) - distance(a.name))
}

/** Keras's `model_config`. @throws LabError 'bad-argument' for a kind of layer that Keras does not have */
export function modelConfig(model: Model): KerasLayer {
  const { layers } = model.architecture
  const described = inKerasOrder(model).map(layer => {
    const { class_name, config } = kerasLayer(layer, model)
    const inbound_nodes = layer.inputs.length ? [layer.inputs.map(input => [input, 0, 0, {}])] : []
    return { class_name, name: layer.name, config: { name: layer.name, dtype: 'float32', ...config }, inbound_nodes }
  })
  return {
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: true,
      layers: described,
      input_layers: [[layers[0].name, 0, 0]],
      output_layers: [[layers[layers.length - 1].name, 0, 0]],
    },
  }
}

function kerasLayer(layer: LayerSpec, model: Model): KerasLayer {
  const trainable = !model.frozen.has(layer.name)
  switch (layer.kind) {
    case 'input': return {
      class_name: 'InputLayer', config: { batch_input_shape: [null, ...layer.shape], sparse: false, ragged: false } }
    case 'zero-padding': return { class_name: 'ZeroPadding2D', config: {
      padding: [[layer.padding, layer.padding], [layer.padding, layer.padding]], data_format: 'channels_last' } }
    case 'convolution':
      if (layer.padding === 'same' && layer.stride > 1) throw notInKeras(`${layer.name} with padding 'same' and a stride`)
      return { class_name: 'Conv2D', config: {
        trainable, filters: layer.filters, kernel_size: twice(layer.kernel), strides: twice(layer.stride),
        padding: layer.padding, data_format: 'channels_last', activation: 'linear', use_bias: hasBias(layer, model) } }
    case 'batch-normalization': return { class_name: 'BatchNormalization', config: {
      trainable, axis: layer.shape.length, momentum: layer.momentum, epsilon: layer.epsilon } }
    case 'relu': return { class_name: 'Activation', config: { activation: 'relu' } }
    case 'add': return { class_name: 'Add', config: {} }
    case 'max-pooling': return { class_name: 'MaxPooling2D', config: {
      pool_size: twice(layer.kernel), strides: twice(layer.stride), padding: 'valid', data_format: 'channels_last' } }
    case 'global-average-pooling': return {
      class_name: 'GlobalAveragePooling2D', config: { data_format: 'channels_last' } }
    case 'dropout': return { class_name: 'Dropout', config: { rate: layer.rate } }
    case 'dense': return { class_name: 'Dense', config: {
      trainable, units: layer.units, activation: layer.activation, use_bias: hasBias(layer, model) } }
    default: throw notInKeras(`a layer of kind ${(layer as LayerSpec).kind}`)
  }
}

function twice(n: number): [number, number] {
  return [n, n]
}

function hasBias({ name }: LayerSpec, model: Model): boolean {
  return parameters(model.architecture).some(parameter => parameter.name === `${name}/bias`)
}

function notInKeras(received: string): LabError {
  return new LabError('bad-argument', {
    expected: 'layers that Keras has', received, remedy: 'Export the weights alone, as safetensors',
  })
}
