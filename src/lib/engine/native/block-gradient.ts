/**
 * The kernel gradient of a convolution with stride 2 that reads few channels, such as ResNet50's first convolution.
 * oneDNN fills its vectors with channels, so three channels leave them almost empty. Rearranged into blocks of 2 × 2
 * pixels, the image has a quarter of the pixels, four times the channels, and the stride becomes 1: the same sums take
 * less than half the time.
 */
import { attribute, type Attribute } from './attribute'
import { run } from './native-engine'
import type { Window } from '../operations'
import { donate, type Tensor } from '../tensor'
import { reshape } from './arithmetic'
import { constant, float, marginsTensor, nhwc, shapeTensor } from './attributes'

/** With more channels than this, oneDNN's vectors are full enough without blocks. */
const mostChannels = 4

/** Whether the sizes of the image and of the window allow blocks, and the image has few channels. */
export function fitsBlocks(xShape: readonly number[], { kernel, stride, padding }: Window): boolean {
  const [, height, width, channels] = xShape
  const isEven = (side: number) => (side + 2 * padding) % 2 === 0
  return stride === 2 && kernel % 2 === 1 && kernel > 1 && channels <= mostChannels && isEven(height) && isEven(width)
}

/** @param blockConvolution attributes of a convolution with stride 1 and no padding */
export function blockKernelGradient(
  x: Tensor, [kernel, , channels, outputs]: readonly number[], dy: Tensor, padding: number,
  blockConvolution: readonly Attribute[],
): Tensor {
  const blocks = run('SpaceToDepth', [float, nhwc, attribute.int('block_size', 2)], donate(pad(x, padding)))
  const side = (kernel + 1) / 2
  const gradient = run('Conv2DBackpropFilter', blockConvolution,
    donate(blocks), shapeTensor([side, side, 4 * channels, outputs]), dy)
  // Axes [block row, block column, row in block, column in block, …] become [block row, row, block column, column, …].
  const split = reshape(donate(gradient), [side, side, 2, 2, channels * outputs])
  const ordered = run('Transpose', [float, attribute.type('Tperm', 'int32')],
    donate(split), constant(Int32Array.of(0, 2, 1, 3, 4)))
  const even = reshape(donate(ordered), [2 * side, 2 * side, channels, outputs])
  return run('Slice', [float, attribute.type('Index', 'int32')],
    donate(even), shapeTensor([0, 0, 0, 0]), shapeTensor([kernel, kernel, channels, outputs]))
}

function pad(x: Tensor, padding: number): Tensor {
  return run('Pad', [float, attribute.type('Tpaddings', 'int32')], x, marginsTensor(padding))
}
