/** Convolutions on TensorFlow's operations. A 1×1 convolution, its kernel a matrix, is a product over all pixels. */
import { attribute, run, traits, type Attribute } from './native-engine'
import { donate, type Tensor } from '../tensor'
import type { After, Window } from '../operations'
import { add, addBias, multiply, relu, reshape } from './arithmetic'
import { float, inSixteens, nhwc, onceFor, oneDnnKernel, paddingOf, shapeTensor } from './attributes'
import { blockKernelGradient, fitsBlocks } from './block-gradient'
import { sizeOf } from '../../system/shape'

export function convolve(x: Tensor, kernel: Tensor, window: Window): Tensor {
  if (isMatrix(kernel.shape)) return asImages(multiply(donate(asMatrix(x)), kernel), x)
  return hasProjectOperation(kernel.shape, window) ? run('LabConvolve', [], x, kernel) : run('Conv2D', attributes(window), x, kernel)
}

export function convolveWithBias(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, after: After): Tensor {
  if (hasProjectOperation(kernel.shape, window) && (!isMatrix(kernel.shape) || isSmall(x.shape, kernel.shape)))
    return run(after.relu ? 'LabConvolveRelu' : 'LabConvolve', [], x, kernel, bias, ...(after.side ? [after.side] : []))
  if (traits().patched && traits().oneDnn) return fused(x, kernel, bias, window, after)
  return finish(addBias(donate(convolve(x, kernel, window)), bias), after)
}

export function convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor {
  if (isMatrix(kernelShape)) return multiply(donate(asMatrix(x)), donate(asMatrix(dy)), { a: true })
  if (hasProjectOperation(kernelShape, window) && paysBack(x.shape)) return run('LabConvolveKernelGradient', [], x, dy)
  if (traits().oneDnn && fitsBlocks(x.shape, window)) {
    const alongBlocks = attributes({ kernel: (window.kernel + 1) / 2, stride: 1, padding: 0 })
    return blockKernelGradient(x, kernelShape, dy, window.padding, alongBlocks)
  }
  return run('Conv2DBackpropFilter', attributes(window), x, shapeTensor(kernelShape), dy)
}

export function convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor {
  const matrix = isMatrix(kernel.shape)
  if (hasProjectOperation(kernel.shape, window) && (matrix || paysBack(xShape))) return run('LabConvolveInputGradient', [], dy, kernel)
  if (matrix) return reshape(donate(multiply(donate(asMatrix(dy)), kernel, { b: true })), xShape)
  return run('Conv2DBackpropInput', attributes(window), shapeTensor(xShape), kernel, dy)
}

/** Whether the binding's own convolutions know it: 1 × 1, and 3 × 3 that keeps the map's size. */
function hasProjectOperation(kernelShape: readonly number[], { kernel, stride, padding }: Window): boolean {
  const [inputs, outputs] = kernelShape.slice(-2)
  return traits().projectOperations && kernel <= 3 && stride === 1 && 2 * padding === kernel - 1 && inSixteens(inputs)
    && inSixteens(outputs)
}

/** From more multiplications on, oneDNN's products are the faster ones: what it does beforehand has paid by then. */
const mostMultiplications = 1e8

function isSmall(xShape: readonly number[], [inputs, outputs]: readonly number[]): boolean {
  return pixelsOf(xShape) * inputs * outputs <= mostMultiplications
}

/** Below so many tiles of 2 × 2 pixels, transforming a 3 × 3 kernel costs gradients more than the tiles save. */
const fewestTiles = 32

function paysBack([count, height, width]: readonly number[]): boolean {
  const tiles = count * Math.ceil(height / 2) * Math.ceil(width / 2)
  // On maps of one tile no kernel is transformed: it pays from the second image on.
  return tiles >= fewestTiles || (tiles === count && count > 1)
}

/** As much as oneDNN does in one operation: bias and ReLU, or bias and side; in a true convolution all three. */
function fused(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, { side, relu: last }: After): Tensor {
  if (!isMatrix(kernel.shape)) return run('_MklNativeFusedConv2D',
    [...attributes(window), ...fusing(true, side !== undefined, last)], x, kernel, bias, ...(side ? [side] : []))
  const rows = side ? [donate(asMatrix(side))] : []
  const y = run('_MklNativeFusedMatMul', fusing(false, side !== undefined, last && !side),
    donate(asMatrix(x)), kernel, bias, ...rows)
  return asImages(side && last ? relu(donate(y)) : y, x)
}

/** Takes `y` over. */
function finish(y: Tensor, { side, relu: last }: After): Tensor {
  const sum = side ? add(donate(y), side) : y
  return last ? relu(donate(sum)) : sum
}

/** What is done in the same operation after the bias. */
const fusing = onceFor((convolution: boolean, side: boolean, last: boolean) => {
  const more = side ? 2 : 1
  return [
    ...(convolution
      ? [attribute.types('TArgs', new Array<'float'>(more).fill('float'))]
      : [float, attribute.bool('transpose_a', false), attribute.bool('transpose_b', false)]),
    oneDnnKernel, attribute.int('num_args', more),
    attribute.string('fused_ops', ['BiasAdd', ...(side ? ['Add'] : []), ...(last ? ['Relu'] : [])]),
    attribute.float('epsilon', 0), attribute.float('leakyrelu_alpha', 0),
  ]
})

function isMatrix(kernelShape: readonly number[]): boolean {
  return kernelShape.length === 2
}

function pixelsOf(shape: readonly number[]): number {
  return sizeOf(shape.slice(0, -1))
}

/** All axes but the last joined into one. */
function asMatrix(x: Tensor): Tensor {
  return reshape(x, [pixelsOf(x.shape), x.shape[x.shape.length - 1]])
}

/** The rows of a matrix as the pixels of images like x; takes the matrix over. */
function asImages(matrix: Tensor, x: Tensor): Tensor {
  return reshape(donate(matrix), [...x.shape.slice(0, -1), matrix.shape[1]])
}

function attributes({ kernel, stride, padding }: Window): readonly Attribute[] {
  return sliding(kernel, stride, padding)
}

const sliding = onceFor((kernel: number, stride: number, padding: number) => [
  float, nhwc, attribute.int('strides', [1, stride, stride, 1]), attribute.int('dilations', [1, 1, 1, 1]),
  attribute.bool('use_cudnn_on_gpu', true),
  // With explicit padding the whole network's backward pass takes three times as long.
  ...(stride === 1 && padding === (kernel - 1) / 2 ? [attribute.string('padding', 'SAME')] : paddingOf(padding)),
])
