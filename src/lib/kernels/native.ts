/** The kernels on TensorFlow, processor or card: oneDNN's own operations where they are, the public ones elsewhere. */
import type { Kernels } from './kernels'
import * as arithmetic from './native/arithmetic'
import * as convolution from './native/convolution'
import * as normalization from './native/normalization'
import * as pooling from './native/pooling'
import * as variables from './native/variables'

export const nativeKernels: Kernels = { ...arithmetic, ...convolution, ...normalization, ...pooling, ...variables }
