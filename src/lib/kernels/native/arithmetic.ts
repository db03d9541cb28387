/** Sums, products and shapes on TensorFlow's operations. */
import { attribute, run } from '../../engine/native'
import { handOver, type Tensor } from '../../engine/tensor'
import { float, nhwc, withScalar, withShape } from './attributes'

const indices = attribute.type('Tidx', 'int32')
const shapes = attribute.type('Tshape', 'int32')

export function multiply(a: Tensor, b: Tensor, transposed: { a?: boolean; b?: boolean } = {}): Tensor {
  return run('MatMul', [
    float, attribute.bool('transpose_a', transposed.a ?? false), attribute.bool('transpose_b', transposed.b ?? false),
  ], a, b)
}

export function add(a: Tensor, b: Tensor): Tensor {
  return run('AddV2', [float], a, b)
}

export function times(a: Tensor, b: Tensor): Tensor {
  return run('Mul', [float], a, b)
}

export function scale(x: Tensor, factor: number): Tensor {
  return withScalar(factor, constant => times(x, constant))
}

export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return withShape(shape, size => run('Reshape', [float, shapes], x, size))
}

export function addBias(x: Tensor, bias: Tensor): Tensor {
  return run('BiasAdd', [float, nhwc], x, bias)
}

export function sumOverChannels(dy: Tensor): Tensor {
  return run('BiasAddGrad', [float, nhwc], dy)
}

export function relu(x: Tensor): Tensor {
  return run('Relu', [float], x)
}

export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return run('ReluGrad', [float], dy, y)
}

export function averageOverSpace(x: Tensor): Tensor {
  return withShape([1, 2], axes => run('Mean', [float, indices, attribute.bool('keep_dims', false)], x, axes))
}

export function averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  const column = reshape(handOver(scale(dy, 1 / (h * w))), [n, 1, 1, c])
  return withShape(xShape, size => run('BroadcastTo', [float, indices], handOver(column), size))
}
