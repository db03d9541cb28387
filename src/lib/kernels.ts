/** The kernels of the engine in use. */
import { engineInUse } from './engine'
import { composedKernels } from './kernels/composed'
import type { Kernels } from './kernels/kernels'
import { nativeKernels } from './kernels/native'

export type {
  AdamStep, AdamUpdate, After, Handle, Kernels, MomentumUpdate, NormalizedBatch, Window,
} from './kernels/kernels'

/** The operations that the engine in use offers. @throws LabError as `engineInUse` */
export function kernels(): Kernels {
  return engineInUse() === 'wasm' ? composedKernels : nativeKernels
}
