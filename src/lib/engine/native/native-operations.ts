/** The kernels on TensorFlow, processor or card: oneDNN's own operations where they are, the public ones elsewhere. */
import type { Operations } from '../operations'
import * as arithmetic from './arithmetic'
import * as convolution from './convolution'
import * as normalization from './normalization'
import * as pooling from './pooling'
import * as variables from './variables'

export const nativeOperations: Operations = {
  ...arithmetic, ...convolution, ...normalization, ...pooling, ...variables,
}
