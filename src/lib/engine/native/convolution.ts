/** Convolutions on TensorFlow's operations. A 1×1 convolution with a matrix as kernel is a product over all pixels. */
import { attribute, type Attribute } from './attribute'
import { capabilities } from './binding'
import { run } from './native-engine'
import type { Epilogue, Window } from '../operations'
import { sizeOf } from '../../system/shape'
import { donate, type Tensor } from '../tensor'
import { addBias, multiply, relu, reshape } from './arithmetic'
import { float, isMultipleOf16, memoized, nhwc, oneDnnKernel, paddingOf, shapeTensor } from './attributes'
import { blockKernelGradient, fitsBlocks } from './block-gradient'
import { applyEpilogue } from './epilogue'

/** A card multiplies matrices in its convolution, and every change of shape there costs a call. */
export function kernelShape(shape: readonly number[]): readonly number[] {
  const { card, steps } = capabilities()
  return shape[0] === 1 && !card && steps === 'eager' ? shape.slice(2) : shape
}

export function convolve(x: Tensor, kernel: Tensor, window: Window): Tensor {
  if (isMatrix(kernel.shape)) return asImages(multiply(donate(asMatrix(x)), kernel), x)
  return hasProjectOperation(kernel.shape, window)
    ? run('LabConvolve', [], x, kernel)
    : run('Conv2D', attributes(window), x, kernel)
}

export function convolveWithBias(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, epilogue: Epilogue): Tensor {
  const { relu, shortcut } = epilogue
  if (hasProjectOperation(kernel.shape, window) && (!isMatrix(kernel.shape) || isSmall(x.shape, kernel.shape)))
    return run(relu ? 'LabConvolveRelu' : 'LabConvolve', [], x, kernel, bias, ...(shortcut ? [shortcut] : []))
  if (capabilities().patched && capabilities().oneDnn) return oneDnnConvolution(x, kernel, bias, window, epilogue)
  return applyEpilogue(addBias(donate(convolve(x, kernel, window)), bias), epilogue)
}

export function convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor {
  if (isMatrix(kernelShape)) return multiply(donate(asMatrix(x)), donate(asMatrix(dy)), { a: true })
  if (hasProjectOperation(kernelShape, window) && isWorthTransforming(x.shape))
    return run('LabConvolveKernelGradient', [], x, dy)
  if (capabilities().oneDnn && fitsBlocks(x.shape, window)) {
    const blockConvolution = attributes({ kernel: (window.kernel + 1) / 2, stride: 1, padding: 0 })
    return blockKernelGradient(x, kernelShape, dy, window.padding, blockConvolution)
  }
  return run('Conv2DBackpropFilter', attributes(window), x, shapeTensor(kernelShape), dy)
}

export function convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor {
  const matrix = isMatrix(kernel.shape)
  if (hasProjectOperation(kernel.shape, window) && (matrix || isWorthTransforming(xShape)))
    return run('LabConvolveInputGradient', [], dy, kernel)
  if (matrix) return reshape(donate(multiply(donate(asMatrix(dy)), kernel, { b: true })), xShape)
  return run('Conv2DBackpropInput', attributes(window), shapeTensor(xShape), kernel, dy)
}

/** Whether the project's own operations cover the convolution: 1 × 1, and 3 × 3 that keeps height and width. */
function hasProjectOperation(kernelShape: readonly number[], { kernel, stride, padding }: Window): boolean {
  const [inputs, outputs] = kernelShape.slice(-2)
  return capabilities().projectOperations && kernel <= 3 && stride === 1 && 2 * padding === kernel - 1
    && isMultipleOf16(inputs) && isMultipleOf16(outputs)
}

/** With more multiplications than this, oneDNN's matrix product is faster, although it takes longer to start. */
const mostMultiplications = 1e8

function isSmall(xShape: readonly number[], [inputs, outputs]: readonly number[]): boolean {
  return pixelsOf(xShape) * inputs * outputs <= mostMultiplications
}

/** With fewer tiles of 2 × 2 pixels, transforming a 3 × 3 kernel costs the gradients more time than the tiles save. */
const fewestTiles = 32

function isWorthTransforming([count, height, width]: readonly number[]): boolean {
  const tiles = count * Math.ceil(height / 2) * Math.ceil(width / 2)
  // Maps of one tile need no transformed kernel: the operation is faster from the second image on.
  return tiles >= fewestTiles || (tiles === count && count > 1)
}

/**
 * Convolution and epilogue on oneDNN. One operation does all of it, except with a matrix as kernel and both a shortcut
 * and ReLU: there ReLU is an operation of its own.
 */
function oneDnnConvolution(
  x: Tensor, kernel: Tensor, bias: Tensor, window: Window, { shortcut, relu: withRelu }: Epilogue,
): Tensor {
  const hasShortcut = shortcut !== undefined
  if (!isMatrix(kernel.shape)) return run('_MklNativeFusedConv2D',
    [...attributes(window), ...fused(true, hasShortcut, withRelu)], x, kernel, bias, ...(shortcut ? [shortcut] : []))
  const rows = shortcut ? [donate(asMatrix(shortcut))] : []
  const y = run('_MklNativeFusedMatMul', fused(false, hasShortcut, withRelu && !shortcut),
    donate(asMatrix(x)), kernel, bias, ...rows)
  return asImages(shortcut && withRelu ? relu(donate(y)) : y, x)
}

/** Attributes that fuse bias, shortcut and ReLU into one of oneDNN's convolutions or matrix products. */
const fused = memoized((convolution: boolean, shortcut: boolean, relu: boolean) => {
  const additions = shortcut ? 2 : 1
  return [
    ...(convolution
      ? [attribute.types('TArgs', new Array<'float'>(additions).fill('float'))]
      : [float, attribute.bool('transpose_a', false), attribute.bool('transpose_b', false)]),
    oneDnnKernel, attribute.int('num_args', additions),
    attribute.string('fused_ops', ['BiasAdd', ...(shortcut ? ['Add'] : []), ...(relu ? ['Relu'] : [])]),
    attribute.float('epsilon', 0), attribute.float('leakyrelu_alpha', 0),
  ]
})

function isMatrix(kernelShape: readonly number[]): boolean {
  return kernelShape.length === 2
}

function pixelsOf(shape: readonly number[]): number {
  return sizeOf(shape.slice(0, -1))
}

/** All axes but the last joined into one: a row for each pixel. */
function asMatrix(x: Tensor): Tensor {
  return reshape(x, [pixelsOf(x.shape), x.shape[x.shape.length - 1]])
}

/** The rows of a matrix as the pixels of images like x; the matrix is donated. */
function asImages(matrix: Tensor, x: Tensor): Tensor {
  return reshape(donate(matrix), [...x.shape.slice(0, -1), matrix.shape[1]])
}

function attributes({ kernel, stride, padding }: Window): readonly Attribute[] {
  return slidingWindow(kernel, stride, padding)
}

const slidingWindow = memoized((kernel: number, stride: number, padding: number) => [
  float, nhwc, attribute.int('strides', [1, stride, stride, 1]), attribute.int('dilations', [1, 1, 1, 1]),
  attribute.bool('use_cudnn_on_gpu', true),
  // With explicit padding, the backward pass of the whole network takes three times as long.
  ...(stride === 1 && padding === (kernel - 1) / 2 ? [attribute.string('padding', 'SAME')] : paddingOf(padding)),
])
