/** Pooling on TensorFlow's operations. */
import { attribute, type Attribute } from './attribute'
import { capabilities } from './binding'
import { execute, run } from './native-engine'
import type { Window } from '../operations'
import { donate, type Tensor } from '../tensor'
import { constant, float, marginsTensor, nhwc, oneDnnKernel, paddingOf, shapeTensor } from './attributes'

/** A padding value below every number that a layer gives, so that padding never is the largest of a window. */
const lowest = -3.4e38

/**
 * oneDNN's own operation saves which pixel was the largest. It pads unevenly, and XLA's not at all, so the image is
 * padded beforehand.
 */
export function maxPool(x: Tensor, window: Window): { y: Tensor; saved: readonly Tensor[] } {
  const { oneDnn, steps } = capabilities()
  if (steps === 'xla')
    return { y: run('MaxPool', pooling(unpadded(window)), donate(pad(x, window.padding))), saved: [] }
  if (!oneDnn) return { y: run('MaxPool', pooling(window), x), saved: [] }
  const [y, largest] = execute('_MklNativeMaxPool', oneDnnPooling(window), [donate(pad(x, window.padding))], 2)
  return { y, saved: [largest] }
}

export function maxPoolGradient(
  dy: Tensor, x: Tensor, y: Tensor, saved: readonly Tensor[], window: Window,
): Tensor {
  const { oneDnn, steps } = capabilities()
  if (!oneDnn && steps !== 'xla') return run('MaxPoolGrad', pooling(window), x, y, dy)
  // The image is padded a second time: keeping the padded image from the forward pass would cost memory at its peak.
  const padded = donate(pad(x, window.padding))
  const dPadded = oneDnn ? run('_MklNativeMaxPoolGrad', oneDnnPooling(window), padded, y, dy, saved[0])
    : run('MaxPoolGrad', pooling(unpadded(window)), padded, y, dy)
  if (!window.padding) return dPadded
  const { padding } = window
  return run('Slice', [float, attribute.type('Index', 'int32')],
    donate(dPadded), shapeTensor([0, padding, padding, 0]), shapeTensor(x.shape))
}

/** Average pooling with 1×1 windows and stride 2: it only copies, many times faster than a strided slice. */
export function subsample(x: Tensor): Tensor {
  return run('AvgPool', subsampling, x)
}

export function subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor {
  return run('AvgPoolGrad', subsampling, shapeTensor(xShape), dy)
}

function pad(x: Tensor, padding: number): Tensor {
  if (!padding) return run('Identity', [float], x)
  return run('PadV2', [float, attribute.type('Tpaddings', 'int32')],
    x, marginsTensor(padding), constant(Float32Array.of(lowest), []))
}

const subsampling = [
  float, nhwc, attribute.int('ksize', [1, 1, 1, 1]), attribute.int('strides', [1, 2, 2, 1]),
  attribute.string('padding', 'VALID'),
]

function oneDnnPooling(window: Window): Attribute[] {
  return [...pooling(unpadded(window)), attribute.bool('workspace_enabled', true), oneDnnKernel]
}

function unpadded(window: Window): Window {
  return { ...window, padding: 0 }
}

function pooling({ kernel, stride, padding }: Window): Attribute[] {
  return [
    float, nhwc, attribute.int('ksize', [1, kernel, kernel, 1]), attribute.int('strides', [1, stride, stride, 1]),
    ...paddingOf(padding),
  ]
}
