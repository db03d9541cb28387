/** The operations composed of TensorFlow.js's public operations, for the engine on WebAssembly. */
import type { Operations } from '../operations'
import * as arithmetic from './arithmetic'
import * as batchNormalization from './batch-normalization'
import * as convolution from './convolution'
import * as pooling from './pooling'
import * as rowNormalization from './row-normalization'
import * as variables from './variables'

export const composedOperations: Operations = {
  ...arithmetic, ...batchNormalization, ...convolution, ...pooling, ...rowNormalization, ...variables,
}
