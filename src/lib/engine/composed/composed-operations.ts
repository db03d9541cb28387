/** The kernels put together from TensorFlow.js's public operations, for the engine on WebAssembly. */
import * as arithmetic from './arithmetic'
import * as convolution from './convolution'
import * as normalization from './normalization'
import * as pooling from './pooling'
import * as variables from './variables'
import type { Operations } from '../operations'

export const composedOperations: Operations = {
  ...arithmetic, ...convolution, ...normalization, ...pooling, ...variables,
}
