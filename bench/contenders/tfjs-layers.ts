/** TensorFlow.js's own layers as a contender, on this library's engine. */
import type { LayersModel, SymbolicTensor, Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu'
import { parameters, type LayerSpec } from '../../src/lib/model/architecture'
import { nativeTensorFlowJs } from '../../src/lib/engine/native/binding'
import { hashedBatch, hashedNetwork, settings } from '../inputs'
import { serve, timed, Unavailable, type Work } from '../serve'
import type { Task } from '../task'

const tf = nativeTensorFlowJs()

async function setUp(task: Task): Promise<Work> {
  if (task.kind !== 'step' && task.kind !== 'forward') throw new Unavailable('it does not support this task')
  // In a frozen layer, its batch normalization still uses batch statistics and updates its moving averages.
  if (task.kind === 'step' && task.frozenThrough) throw new Unavailable('its frozen layers are not frozen')
  return { version: `TensorFlow.js ${tf.version.tfjs}`, ...(task.kind === 'forward' ? forward(task) : step(task)) }
}

function forward({ size, batch }: Task & { kind: 'forward' }): Omit<Work, 'version'> {
  const model = build(size)
  const { images, shape } = hashedBatch(batch, size)
  const input = tf.tensor4d(images, shape as [number, number, number, number])
  const run = () => scores(model, input)
  return { outputs: { logits: run() }, measure: timed(run) }
}

function step({ size, batch }: Task & { kind: 'step' }): Omit<Work, 'version'> {
  const model = build(size)
  const { images, labels, shape } = hashedBatch(batch, size)
  const input = tf.tensor4d(images, shape as [number, number, number, number])
  const target = tf.oneHot(tf.tensor1d(labels, 'int32'), 2)
  const logits = scores(model, input)
  const { rate, beta1, beta2, epsilon, trialSteps } = settings
  const optimizer = tf.train.adam(rate, beta1, beta2)
  let steps = 0
  const run = () => {
    // It adds ε after the bias correction, as PyTorch does. Keras adds ε before, which is another number at each step.
    Object.assign(optimizer, { epsilon: epsilon / Math.sqrt(1 - beta2 ** ++steps) })
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(target, model.apply(input, { training: true }) as Tensor).asScalar(), true)!
    const [value] = loss.dataSync()
    loss.dispose()
    return value
  }
  const losses = Array.from({ length: trialSteps }, run)
  return { outputs: { logits, losses }, measure: timed(run) }
}

function scores(model: LayersModel, input: Tensor4D): number[] {
  return tf.tidy(() => [...(model.apply(input, { training: false }) as Tensor).dataSync()])
}

/** The network layer by layer, with the hashed weights; class scores without softmax. */
function build(size: number): LayersModel {
  const { architecture, weights } = hashedNetwork(size)
  const outputsByName = new Map<string, SymbolicTensor>()
  for (const spec of architecture.layers) {
    const inputs = spec.inputs.map(name => outputsByName.get(name)!)
    outputsByName.set(spec.name, spec.kind === 'input'
      ? tf.input({ shape: [...spec.shape] })
      : layerFor(spec).apply(inputs.length > 1 ? inputs : inputs[0]) as SymbolicTensor)
  }
  const outputs = [...outputsByName.values()]
  const model = tf.model({ inputs: outputs[0], outputs: outputs[outputs.length - 1] })
  const shapes = new Map(parameters(architecture).map(({ name, shape }) => [name, shape]))
  // A layer's weights have the order of the list of parameters.
  for (const layer of model.layers) {
    const names = [...shapes.keys()].filter(name => name.startsWith(`${layer.name}/`))
    layer.setWeights(names.map(name => tf.tensor(weights.get(name)!, [...shapes.get(name)!])))
  }
  return model
}

function layerFor(spec: LayerSpec) {
  const { name } = spec
  switch (spec.kind) {
    case 'zero-padding': return tf.layers.zeroPadding2d({ name, padding: spec.padding })
    case 'convolution':
      return tf.layers.conv2d({
        name, filters: spec.filters, kernelSize: spec.kernel, strides: spec.stride, padding: spec.padding,
      })
    case 'batch-normalization':
      return tf.layers.batchNormalization({ name, epsilon: spec.epsilon, momentum: spec.momentum })
    case 'relu': return tf.layers.reLU({ name })
    case 'add': return tf.layers.add({ name })
    case 'max-pooling': return tf.layers.maxPooling2d({ name, poolSize: spec.kernel, strides: spec.stride })
    case 'global-average-pooling': return tf.layers.globalAveragePooling2d({ name })
    case 'dense': return tf.layers.dense({ name, units: spec.units })
    default: throw new Unavailable(`it has no layer ${spec.kind}`)
  }
}

serve(setUp)
