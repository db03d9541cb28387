/** The kernels put together from TensorFlow.js's public operations, for the engine on WebAssembly. */
import * as arithmetic from './composed/arithmetic'
import * as convolution from './composed/convolution'
import * as normalization from './composed/normalization'
import * as pooling from './composed/pooling'
import * as variables from './composed/variables'
import type { Kernels } from './kernels'

export const composedKernels: Kernels = { ...arithmetic, ...convolution, ...normalization, ...pooling, ...variables }
