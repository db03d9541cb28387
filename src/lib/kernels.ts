/**
 * The operations a convolutional network is made of, forward and backward, on TensorFlow's fused
 * kernels. Images are [batch, height, width, channels], float32. Every function makes new tensors
 * and releases none of its inputs.
 */
import { attribute, execute, release, run, tensor, type Attribute, type Tensor } from './engine'

/** How a square kernel slides: the step, and how many zeros surround the image. */
export interface Window {
  kernel: number
  stride: number
  padding: number
}

const float = attribute.type('T', 'float')
const nhwc = attribute.string('data_format', 'NHWC')

/** y = x ∗ w. x [n, h, w, i], kernel [k, k, i, o]. */
export function convolve(x: Tensor, kernel: Tensor, window: Window): Tensor {
  if (!isPointwise(window)) return run('Conv2D', convolutionAttributes(window), x, kernel)
  const [n, h, w] = x.shape
  const outputs = kernel.shape[3]
  return pointwise([x, kernel], (rows, matrix) => multiply(rows, matrix), [n, h, w, outputs])
}

/** The gradient of the loss with respect to the kernel. */
export function convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor {
  if (!isPointwise(window)) return withSize(kernelShape, size =>
    run('Conv2DBackpropFilter', convolutionAttributes(window), x, size, dy))
  return pointwise([x, dy], (rows, gradient) => multiply(rows, gradient, { transposeA: true }), kernelShape)
}

/** The gradient of the loss with respect to the input. */
export function convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor {
  if (!isPointwise(window)) return withSize(xShape, size =>
    run('Conv2DBackpropInput', convolutionAttributes(window), size, kernel, dy))
  return pointwise([dy, kernel], (gradient, matrix) => multiply(gradient, matrix, { transposeB: true }), xShape)
}

/** Adds one number a channel. */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  return run('BiasAdd', [float, nhwc], x, bias)
}

/** Sums over everything but the channels: the gradient of a bias. */
export function sumOverChannels(dy: Tensor): Tensor {
  return run('BiasAddGrad', [float, nhwc], dy)
}

/** What batch normalization in training mode hands to its backward pass. */
export interface NormalizedBatch {
  y: Tensor
  /** Mean of each channel over the batch. */
  mean: Tensor
  /** Variance of each channel over the batch, unbiased: divided by N − 1. */
  variance: Tensor
  /** For `normalizeBatchGradient` only. */
  reserved: readonly [Tensor, Tensor, Tensor]
}

/** Batch normalization by the batch's own mean and (biased) variance. */
export function normalizeBatch(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): NormalizedBatch {
  const none = tensor(new Float32Array(0), [0])
  const attributes = [...normalizationAttributes(epsilon), attribute.float('exponential_avg_factor', 1)]
  const [y, mean, variance, ...reserved] = execute('FusedBatchNormV3', attributes, [x, gamma, beta, none, none], 6)
  release(none)
  return { y, mean, variance, reserved: reserved as unknown as [Tensor, Tensor, Tensor] }
}

/** Gradients of batch normalization in training mode with respect to x, gamma and beta. */
export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, gamma: Tensor, reserved: NormalizedBatch['reserved'], epsilon: number,
): { dx: Tensor; dGamma: Tensor; dBeta: Tensor } {
  const attributes = normalizationAttributes(epsilon)
  const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', attributes, [dy, x, gamma, ...reserved], 5)
  release(...unused)
  return { dx, dGamma, dBeta }
}

/** max(x, 0) */
export function relu(x: Tensor): Tensor {
  return run('Relu', [float], x)
}

/** dy where y > 0, else 0. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return run('ReluGrad', [float], dy, y)
}

/** The largest number in each window; padding never wins. */
export function maxPool(x: Tensor, window: Window): Tensor {
  return run('MaxPool', poolAttributes(window), x)
}

export function maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window): Tensor {
  return run('MaxPoolGrad', poolAttributes(window), x, y, dy)
}

/** Every second row and column: what a 1×1 convolution of stride 2 reads. */
export function subsample(x: Tensor): Tensor {
  return run('AvgPool', subsampleAttributes, x)
}

export function subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor {
  return withSize(xShape, size => run('AvgPoolGrad', subsampleAttributes, size, dy))
}

/** Mean over height and width: [n, h, w, c] → [n, c]. */
export function averageOverSpace(x: Tensor): Tensor {
  const axes = tensor(new Int32Array([1, 2]), [2])
  const mean = run('Mean', [float, attribute.type('Tidx', 'int32'), attribute.bool('keep_dims', false)], x, axes)
  release(axes)
  return mean
}

export function averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  const share = scale(dy, 1 / (h * w))
  const column = reshape(share, [n, 1, 1, c])
  const dx = withSize(xShape, size =>
    run('BroadcastTo', [float, attribute.type('Tidx', 'int32')], column, size))
  release(share, column)
  return dx
}

/** Matrix product, either factor transposed on demand. */
export function multiply(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  return run('MatMul', [
    float, attribute.bool('transpose_a', transposeA), attribute.bool('transpose_b', transposeB)], a, b)
}

/** Elementwise sum. */
export function add(a: Tensor, b: Tensor): Tensor {
  return run('AddV2', [float], a, b)
}

/** Elementwise product. */
export function times(a: Tensor, b: Tensor): Tensor {
  return run('Mul', [float], a, b)
}

/** Every number times `factor`. */
export function scale(x: Tensor, factor: number): Tensor {
  const constant = tensor(new Float32Array([factor]), [])
  const product = times(x, constant)
  release(constant)
  return product
}

/** The same numbers under another shape; shares the memory. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return withSize(shape, size => run('Reshape', [float, attribute.type('Tshape', 'int32')], x, size))
}

function isPointwise({ kernel, stride, padding }: Window): boolean {
  return kernel === 1 && stride === 1 && padding === 0
}

/** A 1×1 convolution is a matrix product over all pixels, and several times faster as one. */
function pointwise(
  operands: readonly [Tensor, Tensor], product: (a: Tensor, b: Tensor) => Tensor, shape: readonly number[],
): Tensor {
  const [a, b] = operands.map(asMatrix)
  const result = product(a, b)
  const shaped = reshape(result, shape)
  release(a, b, result)
  return shaped
}

/** All axes but the last joined into one. */
function asMatrix(x: Tensor): Tensor {
  return reshape(x, [x.shape.slice(0, -1).reduce((product, n) => product * n, 1), x.shape[x.shape.length - 1]])
}

function withSize(shape: readonly number[], use: (size: Tensor) => Tensor): Tensor {
  const size = tensor(Int32Array.from(shape), [shape.length])
  const result = use(size)
  release(size)
  return result
}

function convolutionAttributes({ kernel, stride, padding }: Window): Attribute[] {
  return [
    float, nhwc, attribute.int('strides', [1, stride, stride, 1]), attribute.int('dilations', [1, 1, 1, 1]),
    attribute.bool('use_cudnn_on_gpu', true),
    // With explicit padding the whole network's backward pass takes three times as long.
    ...(stride === 1 && padding === (kernel - 1) / 2 ? [attribute.string('padding', 'SAME')] : paddingAttributes(padding)),
  ]
}

function poolAttributes({ kernel, stride, padding }: Window): Attribute[] {
  return [
    float, nhwc, attribute.int('ksize', [1, kernel, kernel, 1]), attribute.int('strides', [1, stride, stride, 1]),
    ...paddingAttributes(padding),
  ]
}

function paddingAttributes(padding: number): Attribute[] {
  return padding === 0
    ? [attribute.string('padding', 'VALID')]
    : [attribute.string('padding', 'EXPLICIT'),
      attribute.int('explicit_paddings', [0, 0, padding, padding, padding, padding, 0, 0])]
}

const subsampleAttributes = [
  float, nhwc, attribute.int('ksize', [1, 1, 1, 1]), attribute.int('strides', [1, 2, 2, 1]),
  attribute.string('padding', 'VALID'),
]

function normalizationAttributes(epsilon: number): Attribute[] {
  return [
    float, attribute.type('U', 'float'), nhwc, attribute.float('epsilon', epsilon),
    attribute.bool('is_training', true),
  ]
}
