/** The kernels of the engine in use. */
import { engineInUse } from './engine'
import { composedOperations } from './composed/composed-operations'
import type { Operations } from './operations'
import { nativeOperations } from './native/native-operations'

export type {
  AdamStep, AdamUpdate, After, Handle, Operations, MomentumUpdate, NormalizedBatch, Window,
} from './operations'

/** The operations that the engine in use offers. @throws LabError as `engineInUse` */
export function operations(): Operations {
  return engineInUse() === 'wasm' ? composedOperations : nativeOperations
}
