/** The kernels of the engine in use. */
import { engineInUse } from './engine'
import { composedKernels } from './composed/composed-operations'
import type { Kernels } from './operations'
import { nativeKernels } from './native/native-operations'

export type {
  AdamStep, AdamUpdate, After, Handle, Kernels, MomentumUpdate, NormalizedBatch, Window,
} from './operations'

/** The operations that the engine in use offers. @throws LabError as `engineInUse` */
export function kernels(): Kernels {
  return engineInUse() === 'wasm' ? composedKernels : nativeKernels
}
