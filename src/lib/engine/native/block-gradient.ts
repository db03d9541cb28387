/**
 * The kernel gradient of a convolution with stride 2 that reads few channels, as ResNet50's first one does. oneDNN
 * fills its vectors with channels, and three leave them almost empty. Cut into blocks of 2 × 2 pixels, the image has a
 * quarter of the pixels and four times the channels, and the stride is 1: the same sums in less than half the time.
 */
import { attribute, run, type Attribute } from './native-engine'
import { donate, type Tensor } from '../tensor'
import type { Window } from '../operations'
import { reshape } from './arithmetic'
import { constant, float, marginsTensor, nhwc, shapeTensor } from './attributes'

/** More channels than this fill the vectors well enough by themselves. */
const fewChannels = 4

/** Whether an image's and a window's sizes allow it, and its channels ask for it. */
export function fitsBlocks(xShape: readonly number[], { kernel, stride, padding }: Window): boolean {
  const [, height, width, channels] = xShape
  const even = (side: number) => (side + 2 * padding) % 2 === 0
  return stride === 2 && kernel % 2 === 1 && kernel > 1 && channels <= fewChannels && even(height) && even(width)
}

/** @param alongBlocks the attributes of a convolution with stride 1 and no padding */
export function blockKernelGradient(
  x: Tensor, [kernel, , channels, outputs]: readonly number[], dy: Tensor, padding: number,
  alongBlocks: readonly Attribute[],
): Tensor {
  const blocks = run('SpaceToDepth', [float, nhwc, attribute.int('block_size', 2)], donate(pad(x, padding)))
  const side = (kernel + 1) / 2
  const gradient = run('Conv2DBackpropFilter', alongBlocks,
    donate(blocks), shapeTensor([side, side, 4 * channels, outputs]), dy)
  // [row of blocks, column of blocks, row in the block, column in the block, …] → [row, row in, column, column in, …]
  const parted = reshape(donate(gradient), [side, side, 2, 2, channels * outputs])
  const ordered = run('Transpose', [float, attribute.type('Tperm', 'int32')],
    donate(parted), constant(Int32Array.of(0, 2, 1, 3, 4)))
  const even = reshape(donate(ordered), [2 * side, 2 * side, channels, outputs])
  return run('Slice', [float, attribute.type('Index', 'int32')],
    donate(even), shapeTensor([0, 0, 0, 0]), shapeTensor([kernel, kernel, channels, outputs]))
}

function pad(x: Tensor, padding: number): Tensor {
  return run('Pad', [float, attribute.type('Tpaddings', 'int32')], x, marginsTensor(padding))
}
