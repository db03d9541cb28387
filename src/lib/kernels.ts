/** The kernels of the engine in use. */
import type { Kernels } from './kernels/kernels'
import { nativeKernels } from './kernels/native'

export type { AdamStep, After, Handle, Kernels, NormalizedBatch, Window } from './kernels/kernels'

/** The operations that the engine in use offers. */
export function kernels(): Kernels {
  return nativeKernels
}
