/**
 * The operations on TensorFlow, on a processor or a graphics card: the project's and oneDNN's own operations where the
 * machine has them, TensorFlow's public operations elsewhere.
 */
import type { Operations } from '../operations'
import * as arithmetic from './arithmetic'
import * as batchNormalization from './batch-normalization'
import * as convolution from './convolution'
import * as pooling from './pooling'
import * as rowNormalization from './row-normalization'
import * as variables from './variables'

export const nativeOperations: Operations = {
  ...arithmetic, ...batchNormalization, ...convolution, ...pooling, ...rowNormalization, ...variables,
}
