/** Sums, products and shapes on TensorFlow's operations. */
import { attribute } from './attribute'
import { execute, run } from './native-engine'
import { donate, type Tensor } from '../tensor'
import { constant, float, nhwc, scalar, shapeTensor } from './attributes'
import { reduce } from './reduction'

const indices = attribute.type('Tidx', 'int32')
const reshaping = [float, attribute.type('Tshape', 'int32')]
const elementwise = [float]
const perChannel = [float, nhwc]

/** Attributes of matrix products: first index whether a is transposed, second index whether b is. */
const products = [false, true].map(a => [false, true].map(b =>
  [float, attribute.bool('transpose_a', a), attribute.bool('transpose_b', b)]))

export function multiply(a: Tensor, b: Tensor, transposed: { a?: boolean; b?: boolean } = {}): Tensor {
  return run('MatMul', products[Number(transposed.a ?? false)][Number(transposed.b ?? false)], a, b)
}

/** TensorFlow's operation for it refuses to run on a card with a fixed order of sums. */
export function crossEntropyGradient(scores: Tensor, targets: Tensor, shares: Tensor): Tensor {
  return times(donate(subtract(donate(run('Softmax', elementwise, scores)), targets)), shares)
}

export function subtract(a: Tensor, b: Tensor): Tensor {
  return run('Sub', elementwise, a, b)
}

export function add(a: Tensor, b: Tensor): Tensor {
  return run('AddV2', elementwise, a, b)
}

export function times(a: Tensor, b: Tensor): Tensor {
  return run('Mul', elementwise, a, b)
}

export function scale(x: Tensor, factor: number): Tensor {
  return times(x, scalar(factor))
}

export function numbersOf(vector: Tensor): Tensor[] {
  const [count] = vector.shape
  const parts = execute('Split', [float, attribute.int('num_split', count)], [constant(new Int32Array(1), []), vector], count)
  return parts.map(part => reshape(donate(part), []))
}

export function zeros(shape: readonly number[]): Tensor {
  const zero = constant(new Float32Array(1), [])
  return run('Fill', [float, attribute.type('index_type', 'int32')], shapeTensor(shape), zero)
}

export function concatenate(vectors: readonly Tensor[]): Tensor {
  return execute('ConcatV2', [float, indices, attribute.int('N', vectors.length)],
    [...vectors, constant(Int32Array.of(0), [])], 1)[0]
}

export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return run('Reshape', reshaping, x, shapeTensor(shape))
}

export function addBias(x: Tensor, bias: Tensor): Tensor {
  return run('BiasAdd', perChannel, x, bias)
}

export function sumOverChannels(dy: Tensor): Tensor {
  return run('BiasAddGrad', perChannel, dy)
}

export function relu(x: Tensor): Tensor {
  return run('Relu', elementwise, x)
}

export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return run('ReluGrad', elementwise, dy, y)
}

export function averageOverSpace(x: Tensor): Tensor {
  return reduce('Mean', x, [1, 2])
}

export function averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor {
  const [n, h, w, c] = xShape
  const perPixel = reshape(donate(scale(dy, 1 / (h * w))), [n, 1, 1, c])
  return run('BroadcastTo', [float, indices], donate(perPixel), shapeTensor(xShape))
}
